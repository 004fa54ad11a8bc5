import type { LegalCut } from './cuts.ts';
import type { PartitionStrategy } from './strategy.ts';

/** What a user does to a boundary; lines are 0-based. */
export type PartitionEdit =
  /** The partition that begins at `from` shall begin at the legal line nearest to `to`. */
  | { readonly kind: 'move'; readonly from: number; readonly to: number }
  /** The partition that begins at `line` joins the one before it. */
  | { readonly kind: 'merge'; readonly line: number }
  /** The partition around `line` is divided at the legal line nearest to it. */
  | { readonly kind: 'split'; readonly line: number };

/** The boundaries after an edit, ascending; undefined when the edit fits no boundary or no legal line. */
export function editBoundaries(
  boundaries: readonly number[],
  edit: PartitionEdit,
  cuts: readonly LegalCut[],
): readonly number[] | undefined {
  switch (edit.kind) {
    case 'merge':
      return boundaries.includes(edit.line) ? boundaries.filter((line) => line !== edit.line) : undefined;
    case 'move': {
      const index = boundaries.indexOf(edit.from);
      if (index < 0) return undefined;
      const to = nearest(cuts, edit.to, boundaries[index - 1] ?? 0, boundaries[index + 1] ?? Infinity);
      return to === undefined ? undefined : boundaries.map((line) => (line === edit.from ? to : line));
    }
    case 'split': {
      const after = boundaries.findLast((line) => line <= edit.line) ?? 0;
      const before = boundaries.find((line) => line > edit.line) ?? Infinity;
      const at = nearest(cuts, edit.line, after, before);
      return at === undefined ? undefined : [...boundaries, at].sort((a, b) => a - b);
    }
  }
}

/** Boundaries that a user chose, in place of a strategy's. */
export function chosenByUser(name: PartitionStrategy['name'], boundaries: readonly number[]): PartitionStrategy {
  return {
    name,
    choose: () => Promise.resolve(boundaries.map((line) => ({ line, reason: 'chosen by you' }))),
  };
}

/** The legal line nearest to `wanted`, strictly between two lines. */
function nearest(cuts: readonly LegalCut[], wanted: number, after: number, before: number): number | undefined {
  let best: number | undefined;
  for (const { line } of cuts) {
    if (line <= after || line >= before) continue;
    if (best === undefined || Math.abs(line - wanted) < Math.abs(best - wanted)) best = line;
  }
  return best;
}
