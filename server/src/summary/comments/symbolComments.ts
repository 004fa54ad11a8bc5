import { ownBlockLines } from '../../context/meaning.ts';
import type { SyntaxDocument } from '../../syntax/document.ts';
import { findOwnBlocks, type OwnBlock } from '../../syntax/ownBlocks.ts';
import { splitLines } from '../../types/lines.ts';
import type { TextEdit } from '../../types/text.ts';
import { docCommentEdit } from './docComment.ts';
import { modulePlace } from './insertionPoint.ts';
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

/** The edits that take our comments off all symbols, whoever edited them, and off code that is no symbol for the parser any more. */
export function removeSymbolComments(doc: SyntaxDocument): readonly TextEdit[] {
  return symbolBlocks(doc).map(({ startLine, endLine }) => ({ range: wholeLines(startLine, endLine), newText: '' }));
}

/** All comments of ours but the one about the file. */
function symbolBlocks(doc: SyntaxDocument): readonly OwnBlock[] {
  const module = modulePlace(doc.text, doc.language);
  const moduleLine = module.kind === 'replace' ? module.block.startLine : -1;
  return ownBlockLines(doc).filter(({ startLine }) => startLine !== moduleLine);
}

/** A text without our comments on its symbols, except those that a person edited, and what was taken out of it. */
export interface BareText {
  readonly text: string;
  readonly original: string;
  /** In the order of the file; `line` is where the block stood, in lines of `text`. */
  readonly taken: readonly { readonly line: number; readonly lines: number }[];
}

/**
 * What comments are made from: were they made from a text that holds them already, then a parser that a comment leads astray would find other
 * symbols, and a file that is commented twice would not stay as it is.
 */
export function bareText(doc: SyntaxDocument): BareText {
  const blocks = symbolBlocks(doc).filter(isUntouched);
  const taken: BareText['taken'][number][] = [];
  let gone = 0;
  for (const { startLine, endLine } of blocks) {
    taken.push({ line: startLine - gone, lines: endLine - startLine });
    gone += endLine - startLine;
  }
  const removals = blocks.map(({ startLine, endLine }) => ({ range: wholeLines(startLine, endLine), newText: '' }));
  return { text: applyEdits(doc.text, removals), original: doc.text, taken };
}

/** Insertions into the bare text as edits of the text that it came from: a comment that is there already is no edit. */
export function editsOfOriginal(bare: BareText, insertions: readonly TextEdit[]): readonly TextEdit[] {
  const lines = splitLines(bare.original);
  return insertions.flatMap((insertion) => {
    const { line } = insertion.range.start;
    const sum = (blocks: BareText['taken']): number => blocks.reduce((total, block) => total + block.lines, 0);
    const start = line + sum(bare.taken.filter((block) => block.line < line));
    const end = start + sum(bare.taken.filter((block) => block.line === line));
    const old = bare.original.slice(lines[start]?.start, lines[end]?.start);
    return old === insertion.newText ? [] : [{ range: wholeLines(start, end), newText: insertion.newText }];
  });
}

/**
 * The insertions whose comments are comments for the parser, too: where it is led astray, it may take the place for a string, and then we
 * could not find them again. `commented` is the text with all of them.
 */
export function seenInsertions(insertions: readonly TextEdit[], commented: SyntaxDocument): readonly TextEdit[] {
  const seen = new Set(symbolBlocks(commented).map(({ startLine }) => startLine));
  let shift = 0;
  return insertions.filter(({ range, newText }) => {
    const isSeen = seen.has(range.start.line + shift);
    shift += splitLines(newText).length - 1;
    return isSeen;
  });
}

/** The text after edits of whole lines that do not touch each other. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const lines = splitLines(text);
  const offset = (line: number): number => lines[line]?.start ?? text.length;
  let result = '';
  let from = 0;
  for (const { range, newText } of [...edits].sort((a, b) => a.range.start.line - b.range.start.line)) {
    result += text.slice(from, offset(range.start.line)) + newText;
    from = offset(range.end.line);
  }
  return result + text.slice(from);
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
