/** What canonical JSON can say. */
export type CanonicalValue =
  | string
  | number
  | boolean
  | null
  | readonly CanonicalValue[]
  | { readonly [name: string]: CanonicalValue | undefined };

/**
 * JSON with sorted names and no white space: equal values give equal text, and, unlike joined strings, different values never do.
 * Names whose value is undefined are left out.
 */
export function canonicalJson(value: CanonicalValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .flatMap((name) => {
      const member = value[name];
      return member === undefined ? [] : [`${JSON.stringify(name)}:${canonicalJson(member)}`];
    });
  return `{${members.join(',')}}`;
}

// `Array.isArray` alone does not narrow a readonly array out of a union.
function isList(value: object): value is readonly CanonicalValue[] {
  return Array.isArray(value);
}
