import type { SyntaxDocument } from '../syntax/document.ts';
import type { Range } from '../types/text.ts';

/** A stretch of code without its comments and docstrings: what they say is what is asked about. */
export function codeText(document: SyntaxDocument, range: Range): string {
  const start = document.offsetAt(range.start);
  const end = document.offsetAt(range.end);
  const docs = document.outline.symbols.flatMap(({ docRange }) =>
    docRange === undefined ? [] : [{ start: document.offsetAt(docRange.start), end: document.offsetAt(docRange.end) }],
  );
  const spans = [...document.comments(), ...docs].filter((span) => span.end > start && span.start < end);
  const parts: string[] = [];
  let from = start;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (span.start > from) parts.push(document.text.slice(from, span.start));
    from = Math.max(from, span.end);
  }
  if (from < end) parts.push(document.text.slice(from, end));
  return parts.join(' ');
}

/** Every identifier-like word of a stretch of code, comments and docstrings left out. */
export function codeWords(document: SyntaxDocument, range: Range): ReadonlySet<string> {
  return new Set(codeText(document, range).match(/[\p{L}_$][\p{L}\p{N}_$]*/gu));
}
