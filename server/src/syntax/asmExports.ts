const lists = /^[ \t]*(?:\.globa?l|global|public|\.export|export)[ \t]+([^;#\r\n]+)/gim;
/** Macros of x264, dav1d and Linux that define and export at once. */
const definitions =
  /^[ \t]*(?:cglobal(?:_\w+)?[ \t]+|function[ \t]+(?=[^\r\n]*\bexport=1)|(?:SYM_(?:FUNC|CODE)_START|ENTRY)[ \t]*\([ \t]*)([\w.$@?]+)/gim;
const mostNames = 10_000;

/** Names that an assembler source lets others link to, in lower case (MASM and NASM differ in whether case counts). */
export function exportedNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, list = ''] of text.matchAll(lists)) {
    for (const entry of list.split(/[,\s]+/)) {
      const name = /^[\w.$@?]+/.exec(entry)?.[0];
      if (name !== undefined && names.size < mostNames) names.add(name.toLowerCase());
    }
  }
  for (const [, name = ''] of text.matchAll(definitions)) if (names.size < mostNames) names.add(name.toLowerCase());
  return names;
}
