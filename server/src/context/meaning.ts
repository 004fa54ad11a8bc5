import type { SyntaxDocument } from '../syntax/document.ts';
import { findOwnBlocks, type OwnBlock } from '../syntax/ownBlocks.ts';
import { contentHash } from '../types/contentHash.ts';
import type { ContentHash } from '../types/summary.ts';
import type { LineSpan, Range } from '../types/text.ts';

interface Memo {
  readonly text: string;
  blocks?: readonly OwnBlock[];
  readonly hashes: Map<string, ContentHash>;
}

/** Per document and text: hovers and lenses ask for the same hashes again and again between two keystrokes. */
const memos = new WeakMap<SyntaxDocument, Memo>();

function memoOf(doc: SyntaxDocument): Memo {
  const known = memos.get(doc);
  if (known !== undefined && known.text === doc.text) return known;
  const fresh: Memo = { text: doc.text, hashes: new Map() };
  memos.set(doc, fresh);
  return fresh;
}

/** Lines of our own comments in the document, in order. A text in a string that only looks like one is not among them. */
export function ownBlockLines(doc: SyntaxDocument): readonly OwnBlock[] {
  const memo = memoOf(doc);
  memo.blocks ??= findOwnBlocks(doc.text).filter((block) =>
    block.form === 'docstring' ? isDocstring(doc, block) : isComment(doc, block),
  );
  return memo.blocks;
}

function isComment(doc: SyntaxDocument, block: LineSpan): boolean {
  const start = doc.offsetAt({ line: block.startLine, character: 0 });
  const end = doc.offsetAt({ line: block.startLine + 1, character: 0 });
  return doc.comments().some((comment) => comment.start >= start && comment.start < end);
}

function isDocstring(doc: SyntaxDocument, block: LineSpan): boolean {
  const line = doc.textIn({
    start: { line: block.startLine, character: 0 },
    end: { line: block.startLine + 1, character: 0 },
  });
  const column = line.search(/[^\s\uFEFF]/);
  let node = doc.tree.rootNode.descendantForPosition({ row: block.startLine, column });
  while (node !== null && node.type !== 'string') node = node.parent;
  const statement = node?.parent;
  return statement?.type === 'expression_statement' && statement.startPosition.row === block.startLine;
}

/**
 * Hash of what a stretch of source means: its canonical text without our own comments. With `renameLocals`, names of parameters and local
 * variables do not count either.
 */
export function meaningHash(doc: SyntaxDocument, range: Range, renameLocals = false): ContentHash {
  const memo = memoOf(doc);
  const { start, end } = range;
  const name = `${start.line}:${start.character}-${end.line}:${end.character}${renameLocals ? ' renamed' : ''}`;
  const known = memo.hashes.get(name);
  if (known !== undefined) return known;
  const canonical = withoutOwnDocstrings(doc, range, doc.canonical(range, { renameLocals }));
  const hash = contentHash(canonical === '' ? wordsIn(doc, range) : canonical);
  memo.hashes.set(name, hash);
  return hash;
}

/** Comments are no part of canonical texts, but docstrings are: ours are one token, and the line end after it goes with it. */
function withoutOwnDocstrings(doc: SyntaxDocument, range: Range, canonical: string): string {
  if (doc.language !== 'python') return canonical;
  let text = canonical;
  for (const block of ownBlockLines(doc)) {
    if (block.startLine < range.start.line || block.startLine > range.end.line) continue;
    const literal = doc.textIn(linesOf(block.startLine, block.endLine)).trim();
    text = text.split(`${literal} ⏎ `).join('').split(literal).join('');
  }
  return text.trim() === '⏎' ? '' : text;
}

/** A stretch of nothing but comments (or of a text that was too large to parse) means what it says. */
function wordsIn(doc: SyntaxDocument, range: Range): string {
  return withoutOwnLines(range, ownBlockLines(doc))
    .map((part) => doc.textIn(part).replace(/\s+/g, ' ').trim())
    .filter((words) => words !== '')
    .join(' ');
}

function linesOf(startLine: number, endLine: number): Range {
  return { start: { line: startLine, character: 0 }, end: { line: endLine, character: 0 } };
}

/** The stretches of a range that are left when whole lines are taken out. */
function withoutOwnLines(range: Range, blocks: readonly LineSpan[]): readonly Range[] {
  const parts: Range[] = [];
  let start = range.start;
  for (const block of blocks) {
    if (block.endLine <= start.line || block.startLine > range.end.line) continue;
    if (block.startLine > start.line) parts.push({ start, end: { line: block.startLine, character: 0 } });
    start = { line: block.endLine, character: 0 };
  }
  const isLeft =
    start.line < range.end.line || (start.line === range.end.line && start.character < range.end.character);
  if (isLeft) parts.push({ start, end: range.end });
  return parts;
}

/** The whole document as a range. */
export function wholeRange(doc: SyntaxDocument): Range {
  return { start: { line: 0, character: 0 }, end: doc.positionAt(doc.text.length) };
}
