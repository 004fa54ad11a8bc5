import type { Outline } from '../types/outline.ts';

/** Index of the innermost symbol whose range (or doc comment) covers a line; undefined outside all. */
export function innermostAt(symbols: Outline['symbols'], line: number): number | undefined {
  let best: number | undefined;
  let bestSize = Number.POSITIVE_INFINITY;
  symbols.forEach(({ range, docRange }, index) => {
    const first = Math.min(range.start.line, docRange?.start.line ?? range.start.line);
    const size = range.end.line - range.start.line;
    if (first > line || range.end.line < line || size > bestSize) return;
    if (range.end.line === line && range.end.character === 0 && range.end.line > range.start.line) return;
    best = index;
    bestSize = size;
  });
  return best;
}
