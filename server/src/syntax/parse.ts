import type { Tree } from 'web-tree-sitter';
import type { Grammar } from './grammar.ts';

/** What a parse may cost; a text over any limit gets an empty outline with one parse error. */
export interface ParseLimits {
  /** UTF-16 units. */
  readonly maxLength: number;
  /** UTF-16 units in one line: minified code has no outline worth its time. */
  readonly maxLineLength: number;
  readonly maxMilliseconds: number;
}

export const parseLimits: ParseLimits = { maxLength: 8_000_000, maxLineLength: 100_000, maxMilliseconds: 2000 };

/** Milliseconds from some fixed moment. */
export type Clock = () => number;

/**
 * Parses, with the old edited tree if there is one. Undefined when the text is over the limits, when time runs out, or when `signal` says stop;
 * an abort of the WebAssembly runtime is thrown.
 */
export function parseWithin(
  grammar: Grammar,
  text: string,
  old: Tree | undefined,
  options: { readonly limits: ParseLimits; readonly clock: Clock; readonly signal?: AbortSignal | undefined },
): Tree | undefined {
  const { limits, clock, signal } = options;
  if (text.length > limits.maxLength || hasLongLine(text, limits.maxLineLength)) return undefined;
  const deadline = clock() + limits.maxMilliseconds;
  let steps = 0;
  const isOver = (): boolean => (++steps & 15) === 0 && (signal?.aborted === true || clock() > deadline);
  const tree = grammar.parser.parse(text, old ?? null, { progressCallback: isOver });
  if (tree === null) grammar.parser.reset();
  return tree ?? undefined;
}

function hasLongLine(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const stop = end === -1 ? text.length : end;
    if (stop - start > limit && !text.slice(start, stop).includes('\r')) return true;
    start = stop + 1;
  }
  return false;
}

/** Nodes by which our own line grammars say that a stretch is not understood, without spoiling the lines around it. */
const notUnderstood = ['unparsed', 'unclosed'];

/** ERROR and MISSING nodes of a tree, and what our own grammars could not read. */
export function countErrors(tree: Tree): number {
  const { rootNode } = tree;
  let count = rootNode.descendantsOfType(notUnderstood).length;
  if (!rootNode.hasError) return count;
  const pending = [rootNode];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.isError || node.isMissing) count++;
    for (const child of node.children) if (child.hasError || child.isMissing) pending.push(child);
  }
  return count;
}
