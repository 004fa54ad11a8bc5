const name = String.raw`[\p{L}_$][\p{L}\p{N}_$]*`;
const type = String.raw`(?:readonly\s+|final\s+|const\s+|mut\s+|struct\s+|[&*]\s*)*(?:[\p{L}_][\p{L}\p{N}_]*[.:]+)*(?<type>[\p{L}_][\p{L}\p{N}_]*)`;

/** Most telling first. */
const declarations: readonly RegExp[] = [
  new RegExp(String.raw`(?<![\p{L}\p{N}_$.])(?<name>${name})\s*\??\s*:\s*${type}`, 'gu'),
  new RegExp(
    String.raw`[(,]\s*(?:@[\p{L}\p{N}_.]+\s+)*${type}(?:<[^()]*?>|\[\])?[\s&*]+(?<name>${name})\s*(?=[,)=])`,
    'gu',
  ),
  new RegExp(String.raw`[(,]\s*(?<name>${name})\s+${type}\s*(?=[,)])`, 'gu'),
];

/**
 * The type that the heads around a call declare for its receiver: `doc: Tree` (TypeScript, Python, Kotlin, Swift, Rust, Scala), `Tree doc`
 * (Java, C#, C++), `doc *Tree` (Go). Undefined when none of them does.
 *
 * @param heads signatures of the symbols around the call, innermost first
 */
export function declaredType(receiver: string, heads: readonly string[]): string | undefined {
  for (const head of heads) {
    const found = typesIn(head).get(receiver);
    if (found !== undefined) return found;
  }
  return undefined;
}

const maxRemembered = 1000;
const remembered = new Map<string, ReadonlyMap<string, string>>();

/** Each head is read once: the calls of a function come in any order, but its head is asked for each of them. */
function typesIn(head: string): ReadonlyMap<string, string> {
  const known = remembered.get(head);
  if (known !== undefined) return known;
  const types = new Map<string, string>();
  for (const pattern of declarations) {
    for (const { groups } of head.matchAll(pattern)) {
      const { name: declared, type: as } = groups ?? {};
      if (declared !== undefined && as !== undefined && !types.has(declared)) types.set(declared, as);
    }
  }
  if (remembered.size >= maxRemembered) remembered.clear();
  remembered.set(head, types);
  return types;
}
