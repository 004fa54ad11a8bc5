import type { Tree, TreeCursor } from 'web-tree-sitter';
import type { Item } from './items.ts';
import type { LanguageRow } from './languages.ts';

export interface CanonicalInput {
  readonly tree: Tree;
  /** False when the tree stands for no text: white space is folded without it. */
  readonly parsed: boolean;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Comments that the program does not read. */
  readonly comments: readonly Item[];
  readonly row: LanguageRow;
  readonly locals: ReadonlySet<string> | undefined;
}

/** Nodes whose text is one token, white space inside included. */
// Not `template`: Scala and C++ call whole bodies so, and template strings are strings.
const atomic = /string|char_literal|character|heredoc|regex|rune|nowdoc|quoted|raw_text|^text$/;
const comment = /comment/;
const word = /^[\p{L}_$@%][\p{L}\p{N}_$@]*$/u;

/**
 * Tokens of `[start, end)` joined by one blank; comments and white space left out. Where layout carries meaning it stays: as marks of deeper and shallower
 * lines (Python, Scala), or line by line (assembler, MUMPS, shell).
 */
export function canonicalText(input: CanonicalInput): string {
  if (input.row.layout === 'lines' || !input.parsed) return canonicalLines(input);
  const tokens: string[] = [];
  const indents = [0];
  let previousEnd = input.start;
  for (const { start, end } of leavesBetween(input.tree, input.start, input.end)) {
    if (input.row.layout === 'indent') markIndent(tokens, indents, input.text, previousEnd, start);
    tokens.push(input.text.slice(start, end));
    previousEnd = end;
  }
  return (input.locals === undefined ? tokens : renamed(tokens, input.locals)).join(' ');
}

/** Every identifier-like word outside comments, as written. */
export function identifiersIn(
  text: string,
  start: number,
  end: number,
  comments: readonly Item[],
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [from, to] of gapsBetween(comments, start, end)) {
    for (const match of text.slice(from, to).matchAll(/[\p{L}_$@#%][\p{L}\p{N}_$@#]*/gu)) names.add(match[0]);
  }
  return names;
}

/** Leaves and atomic nodes of the tree that meet the range, in order, comments left out. */
function* leavesBetween(
  tree: Tree,
  start: number,
  end: number,
): Generator<{ readonly start: number; readonly end: number }> {
  const cursor = tree.walk();
  try {
    for (let more = enter(cursor, start); more; more = advance(cursor)) {
      while (true) {
        if (cursor.startIndex >= end) return;
        const type = cursor.nodeType;
        const isOver = cursor.endIndex <= start || comment.test(type);
        if (isOver) break;
        if ((cursor.nodeIsNamed && atomic.test(type)) || !cursor.gotoFirstChild()) {
          if (cursor.endIndex > cursor.startIndex && cursor.startIndex >= start) {
            yield { start: cursor.startIndex, end: Math.min(cursor.endIndex, end) };
          }
          break;
        }
      }
    }
  } finally {
    cursor.delete();
  }
}

/** Moves down towards the first node that reaches beyond `start`, so that a long file's beginning is not walked. */
function enter(cursor: TreeCursor, start: number): boolean {
  while (!atomic.test(cursor.nodeType) && cursor.startIndex < start) {
    if (!cursor.gotoFirstChildForIndex(start)) break;
  }
  return true;
}

function advance(cursor: TreeCursor): boolean {
  while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return false;
  return true;
}

function markIndent(tokens: string[], indents: number[], text: string, from: number, to: number): void {
  const gap = text.slice(from, to);
  const lineFeed = Math.max(gap.lastIndexOf('\n'), gap.lastIndexOf('\r'));
  if (lineFeed === -1) return;
  const width = gap.length - lineFeed - 1;
  tokens.push('⏎');
  if (width > (indents.at(-1) ?? 0)) {
    indents.push(width);
    tokens.push('⇥');
  }
  while (width < (indents.at(-1) ?? 0)) {
    indents.pop();
    tokens.push('⇤');
  }
}

/** Replaces local names by their order of appearance, except after a dot, where they name a member. */
function renamed(tokens: readonly string[], locals: ReadonlySet<string>): string[] {
  const order = new Map<string, string>();
  return tokens.map((token, index) => {
    const before = tokens[index - 1];
    if (
      !word.test(token) ||
      !locals.has(token) ||
      before === '.' ||
      before === '?.' ||
      before === '->' ||
      before === '::'
    )
      return token;
    const known = order.get(token) ?? `‹${order.size + 1}›`;
    order.set(token, known);
    return known;
  });
}

/** Lines with trailing blanks, comments and empty lines left out; blanks inside stay, they may carry meaning. */
function canonicalLines(input: CanonicalInput): string {
  let plain = '';
  for (const [from, to] of gapsBetween(input.comments, input.start, input.end)) plain += input.text.slice(from, to);
  return plain
    .split(/\r\n|\n|\r/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n');
}

function* gapsBetween(comments: readonly Item[], start: number, end: number): Generator<readonly [number, number]> {
  let from = start;
  for (const { at } of comments) {
    const [commentStart = 0, commentEnd = 0] = at;
    if (commentEnd <= start) continue;
    if (commentStart >= end) break;
    if (commentStart > from) yield [from, commentStart];
    from = Math.max(from, commentEnd);
  }
  if (from < end) yield [from, end];
}
