const plainName = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;
const type = String.raw`(?:readonly\s+|final\s+|const\s+|mut\s+|struct\s+|[&*]\s*)*(?:[\p{L}_][\p{L}\p{N}_]*[.:]+)*([\p{L}_][\p{L}\p{N}_]*)`;

/**
 * The type that the heads around a call declare for its receiver: `doc: Tree` (TypeScript, Python, Kotlin, Swift, Rust, Scala), `Tree doc`
 * (Java, C#, C++), `doc *Tree` (Go). Undefined when none of them does.
 *
 * @param heads signatures of the symbols around the call, innermost first
 */
export function declaredType(receiver: string, heads: readonly string[]): string | undefined {
  // Most receivers are declared in no head: the patterns are only for those that stand there.
  const naming = heads.filter((head) => standsIn(receiver, head));
  if (naming.length === 0 || !plainName.test(receiver)) return undefined;
  const patterns = patternsOf(receiver);
  for (const head of naming) {
    for (const pattern of patterns) {
      const found = pattern.exec(head);
      if (found?.[1] !== undefined) return found[1];
    }
  }
  return undefined;
}

const wordPart = /[\p{L}\p{N}_$]/u;

/** Whether a head holds the name as a word of its own. */
function standsIn(name: string, head: string): boolean {
  for (let at = head.indexOf(name); at !== -1; at = head.indexOf(name, at + 1)) {
    const isWord = !wordPart.test(head.charAt(at - 1)) && !wordPart.test(head.charAt(at + name.length));
    if (isWord) return true;
    if (name === '') return false;
  }
  return false;
}

const maxRemembered = 1000;
const remembered = new Map<string, readonly RegExp[]>();

/** Making a pattern costs more than using it, and a few names are receivers of most calls. */
function patternsOf(receiver: string): readonly RegExp[] {
  const known = remembered.get(receiver);
  if (known !== undefined) return known;
  const name = receiver.replace(/[$]/g, '\\$&');
  const patterns = [
    new RegExp(String.raw`(?<![\p{L}\p{N}_$.])${name}\s*\??\s*:\s*${type}`, 'u'),
    new RegExp(String.raw`[(,]\s*(?:@[\p{L}\p{N}_.]+\s+)*${type}(?:<[^()]*>|\[\])?[\s&*]+${name}\s*[,)=]`, 'u'),
    new RegExp(String.raw`[(,]\s*${name}\s+${type}\s*[,)]`, 'u'),
  ];
  if (remembered.size >= maxRemembered) remembered.clear();
  remembered.set(receiver, patterns);
  return patterns;
}
