import type { SyntaxDocument } from '../syntax/document.ts';
import type { Range } from '../types/text.ts';
import type { DriftFinding } from './findDrift.ts';

/** Starts a claim of its own, ends the comment, or leaves a blank line: the claim before it was one line long. */
const nextClaim = /^\s*(?:\/\/+[!/]?|\*+|#+)?\s*(?:[@\\]\w|:\w|<\/?\w|\*?\/|"""|'''|$)/;
const ownTag =
  /^\s*(?:\/\/+[!/]?|\*+|#+)?\s*(?:[@\\](?:param|returns?)\b|:(?:param|arg|argument|parameter|keyword|returns?)\b|<param\b|<returns>)/;

/**
 * The line of a claim, with its line end, when taking it out takes nothing else: the claim is a tag, stands alone on its line between other
 * lines of the comment, and goes no further. The file without the range has the same code.
 */
export function withoutClaim(document: SyntaxDocument, { symbol, line }: DriftFinding): Range | undefined {
  const doc = document.outline.symbols[symbol]?.docRange;
  if (doc === undefined || line <= doc.start.line || line >= doc.end.line) return undefined;
  const lines = document.textIn({ start: { line, character: 0 }, end: doc.end }).split(/\r\n|\n|\r/);
  if (!ownTag.test(lines[0] ?? '') || !nextClaim.test(lines[1] ?? '')) return undefined;
  return { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
}
