import type { CutStrength } from './cuts.ts';
import type { ChosenCut, PartitionInput, PartitionStrategy } from './strategy.ts';

/** What a cut of each strength is worth, against the price of one more partition (1). */
const worth: Readonly<Record<CutStrength, number>> = { 0: 0, 1: 0.2, 2: 0.5, 3: 1.1, 4: 1.4, 5: 1.8, 6: 2.6 };
const partitionPrice = 1;
/** Under a limit, fewer and fuller partitions are wanted than at natural size. */
const limitedPrice = 3;
/** Per token over the limit: dearer than any cut, so that only a unit without a legal cut inside stays too large. */
const oversizePrice = 1;

/**
 * The best cuts under a token budget, by dynamic programming over the legal cut lines: the sum of what the chosen cuts are worth, less the
 * price of each partition and of tokens over the limit. At natural size every cut stands for itself.
 */
export const structureStrategy: PartitionStrategy = {
  name: 'structure',
  choose(input, { maxTokens, signal }) {
    signal.throwIfAborted();
    return Promise.resolve(maxTokens === undefined ? naturalCuts(input) : limitedCuts(input, maxTokens));
  },
};

function naturalCuts({ cuts }: PartitionInput): readonly ChosenCut[] {
  return cuts.filter(({ strength }) => worth[strength] > partitionPrice).map(({ line, reason }) => ({ line, reason }));
}

function limitedCuts({ cuts, lines }: PartitionInput, maxTokens: number): readonly ChosenCut[] {
  const starts = [0, ...cuts.map(({ line }) => line)];
  const ends = [...starts.slice(1), lines.count];
  const gain = [0, ...cuts.map(({ strength }) => worth[strength])];
  const best = new Float64Array(starts.length + 1);
  const from = new Int32Array(starts.length + 1);
  for (let end = 1; end <= starts.length; end += 1) {
    best[end] = -Infinity;
    for (let start = end - 1; start >= 0; start -= 1) {
      const tokens = lines.tokens(starts[start] ?? 0, ends[end - 1] ?? lines.count);
      const over = Math.max(0, tokens - maxTokens);
      const value = (best[start] ?? 0) + (gain[start] ?? 0) - limitedPrice - over * oversizePrice;
      if (value > (best[end] ?? -Infinity)) {
        best[end] = value;
        from[end] = start;
      }
      // Longer runs only cost more once the limit is passed.
      if (over > 0) break;
    }
  }
  const chosen: ChosenCut[] = [];
  for (let end = starts.length; end > 0; end = from[end] ?? 0) {
    const cut = cuts[(from[end] ?? 0) - 1];
    if (cut !== undefined) chosen.push({ line: cut.line, reason: cut.reason });
  }
  return chosen.reverse();
}
