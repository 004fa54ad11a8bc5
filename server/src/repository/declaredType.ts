const plainName = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;
const type = String.raw`(?:readonly\s+|final\s+|const\s+|mut\s+|struct\s+|[&*]\s*)*(?:[\p{L}_][\p{L}\p{N}_]*[.:]+)*([\p{L}_][\p{L}\p{N}_]*)`;

/**
 * The type that the heads around a call declare for its receiver: `doc: Tree` (TypeScript, Python, Kotlin, Swift, Rust, Scala), `Tree doc`
 * (Java, C#, C++), `doc *Tree` (Go). Undefined when none of them does.
 *
 * @param heads signatures of the symbols around the call, innermost first
 */
export function declaredType(receiver: string, heads: readonly string[]): string | undefined {
  if (!plainName.test(receiver)) return undefined;
  const name = receiver.replace(/[$]/g, '\\$&');
  const after = new RegExp(String.raw`(?<![\p{L}\p{N}_$.])${name}\s*\??\s*:\s*${type}`, 'u');
  const before = new RegExp(
    String.raw`[(,]\s*(?:@[\p{L}\p{N}_.]+\s+)*${type}(?:<[^()]*>|\[\])?[\s&*]+${name}\s*[,)=]`,
    'u',
  );
  const behind = new RegExp(String.raw`[(,]\s*${name}\s+${type}\s*[,)]`, 'u');
  for (const head of heads) {
    const found = after.exec(head) ?? before.exec(head) ?? behind.exec(head);
    if (found?.[1] !== undefined) return found[1];
  }
  return undefined;
}
