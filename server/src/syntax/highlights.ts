import type { Node, Query } from 'web-tree-sitter';

/** A coloured stretch: UTF-16 offsets, half-open, and the capture of `highlights.scm` that names it. */
export interface Highlight {
  readonly start: number;
  readonly end: number;
  readonly capture: string;
}

interface Captured extends Highlight {
  readonly pattern: number;
}

/**
 * What is coloured between two offsets, in order, none over another: an inner node stands out of the one around it, and of the patterns that
 * capture the same node the last wins.
 */
export function highlightsIn(query: Query, root: Node, start: number, end: number): readonly Highlight[] {
  const captured = query
    .captures(root, { startIndex: start, endIndex: end })
    .map(({ node, name, patternIndex }) => ({
      start: Math.max(start, node.startIndex),
      end: Math.min(end, node.endIndex),
      capture: name,
      pattern: patternIndex,
    }))
    .filter((each) => each.start < each.end);
  return flattened(captured.sort((a, b) => a.start - b.start || b.end - a.end || a.pattern - b.pattern));
}

/** Nodes nest, so the stretches around a place form a stack; the top one colours it. */
function flattened(captured: readonly Captured[]): readonly Highlight[] {
  const shown: Highlight[] = [];
  const open: Captured[] = [];
  let reached = 0;
  const paint = (to: number): void => {
    const top = open.at(-1);
    if (top !== undefined && to > reached)
      shown.push({ start: Math.max(reached, top.start), end: to, capture: top.capture });
    reached = Math.max(reached, to);
  };
  const closeUpTo = (place: number): void => {
    for (let top = open.at(-1); top !== undefined && top.end <= place; top = open.at(-1)) {
      paint(top.end);
      open.pop();
    }
  };
  for (const each of captured) {
    closeUpTo(each.start);
    paint(each.start);
    open.push(each);
  }
  closeUpTo(Infinity);
  return shown;
}
