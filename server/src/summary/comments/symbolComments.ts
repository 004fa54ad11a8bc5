import type { SyntaxDocument } from '../../syntax/document.ts';
import { findOwnBlocks } from '../../syntax/ownBlocks.ts';
import type { TextEdit } from '../../types/text.ts';
import { docCommentEdit, removeDocEdit } from './docComment.ts';
import { applyEdit } from './edit.ts';
import { isUntouched } from './mark.ts';

/** A text for a symbol, by its index in the outline. */
export interface SymbolComment {
  readonly symbol: number;
  readonly text: string;
}

/**
 * The edits that put comments above many symbols at once, in the order of the file; each is a pure insertion of whole lines, or replaces our
 * own untouched block. Symbols that have an author's comment or no place for one are left out; all of them where the text with all comments
 * could not be read back as it was.
 */
export function symbolCommentEdits(
  doc: SyntaxDocument,
  comments: readonly SymbolComment[],
  options: { readonly asciiOnly?: boolean } = {},
): readonly TextEdit[] {
  const byLine = new Map<number, TextEdit>();
  for (const { symbol, text } of comments) {
    const made = docCommentEdit(doc, symbol, { line: text, paragraph: '' }, options);
    if ('edit' in made && !byLine.has(made.edit.range.start.line)) byLine.set(made.edit.range.start.line, made.edit);
  }
  const edits = [...byLine.values()].sort((a, b) => a.range.start.line - b.range.start.line);
  return isReversible(doc.text, edits) ? edits : [];
}

/** The edits that take our comments off all symbols, whoever edited them. */
export function removeSymbolComments(doc: SyntaxDocument): readonly TextEdit[] {
  const byLine = new Map<number, TextEdit>();
  for (const symbol of doc.outline.symbols.keys()) {
    const made = removeDocEdit(doc, symbol);
    if ('edit' in made) byLine.set(made.edit.range.start.line, made.edit);
  }
  return [...byLine.values()].sort((a, b) => a.range.start.line - b.range.start.line);
}

/** The text after edits that do not touch each other. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const fromBelow = [...edits].sort((a, b) => b.range.start.line - a.range.start.line);
  return fromBelow.reduce(applyEdit, text);
}

/** Rule 1 for all of them together: our blocks are found again, and without them the text is what it was without the old ones. */
function isReversible(text: string, edits: readonly TextEdit[]): boolean {
  const result = applyEdits(text, edits);
  const blocks = new Map(findOwnBlocks(result).map((block) => [block.startLine, block]));
  let shift = 0;
  const removals: TextEdit[] = [];
  for (const { range, newText } of edits) {
    const line = range.start.line + shift;
    const block = blocks.get(line);
    const count = newText.split(/\r\n|\n|\r/).length - 1;
    if (block === undefined || block.endLine !== line + count || !isUntouched(block)) return false;
    removals.push({ range: wholeLines(line, line + count), newText: '' });
    shift += count - (range.end.line - range.start.line);
  }
  const before = applyEdits(
    text,
    edits.map(({ range }) => ({ range, newText: '' })),
  );
  return applyEdits(result, removals) === before;
}

function wholeLines(startLine: number, endLine: number): TextEdit['range'] {
  return { start: { line: startLine, character: 0 }, end: { line: endLine, character: 0 } };
}
