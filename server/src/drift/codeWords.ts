import type { SyntaxDocument } from '../syntax/document.ts';
import type { Range } from '../types/text.ts';

/** Every identifier-like word of a stretch of code, comments and docstrings left out: what they say is what is asked about. */
export function codeWords(document: SyntaxDocument, range: Range): ReadonlySet<string> {
  const start = document.offsetAt(range.start);
  const end = document.offsetAt(range.end);
  const docs = document.outline.symbols.flatMap(({ docRange }) =>
    docRange === undefined ? [] : [{ start: document.offsetAt(docRange.start), end: document.offsetAt(docRange.end) }],
  );
  const spans = [...document.comments(), ...docs].filter((span) => span.end > start && span.start < end);
  const words = new Set<string>();
  let from = start;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (span.start > from) collect(document.text.slice(from, span.start), words);
    from = Math.max(from, span.end);
  }
  if (from < end) collect(document.text.slice(from, end), words);
  return words;
}

function collect(text: string, words: Set<string>): void {
  for (const match of text.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) words.add(match[0]);
}
