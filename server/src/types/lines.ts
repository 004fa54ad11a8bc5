/** One line of a text: offsets are UTF-16; `end` leaves out the line end, `next` is where the next line starts. */
export interface SourceLine {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

/** Lines as LSP counts them: ended by `\r\n`, `\n` or `\r`. A text that ends with a line end has an empty last line. */
export function splitLines(text: string): readonly SourceLine[] {
  const lines: SourceLine[] = [];
  const ends = /\r\n|\n|\r/g;
  let start = 0;
  for (let match = ends.exec(text); match !== null; match = ends.exec(text)) {
    lines.push({ text: text.slice(start, match.index), start, end: match.index, next: ends.lastIndex });
    start = ends.lastIndex;
  }
  lines.push({ text: text.slice(start), start, end: text.length, next: text.length });
  return lines;
}

/**
 * Whether a text's lines end with NEL (U+0085), as some mainframe tools write them, which neither editors nor parsers take for a line end. In
 * a text of ordinary lines it is something else: in Windows-1252 that byte is an ellipsis.
 */
export function endsLinesWithNel(text: string): boolean {
  if (!text.includes('\u0085')) return false;
  return (text.match(/\u0085/g) ?? []).length > (text.match(/\r\n|\n|\r/g) ?? []).length;
}
