import type { LineSpan } from '../types/text.ts';
import type { CutStrength } from './cuts.ts';
import type { ChosenCut, PartitionInput, PartitionStrategy } from './strategy.ts';

/** What a cut of each strength is worth, against the price of one more partition (1). */
export const worthOf: Readonly<Record<CutStrength, number>> = { 0: 0, 1: 0.2, 2: 0.6, 3: 1.1, 4: 1.4, 5: 1.8, 6: 2.2 };
/** At natural size a cut is made where it is worth more than this. */
const naturalPrice = 1;
/** Under a limit, fewer and fuller partitions are wanted: dearer than any cut but that of a new section (strength 6). */
export const limitedPrice = 2;
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
    const worth = input.cuts.map(({ strength }) => worthOf[strength]);
    const price = maxTokens === undefined ? naturalPrice : limitedPrice;
    return Promise.resolve(bestCuts(input, { worth, maxTokens, price }));
  },
};

export type CutInput = Pick<PartitionInput, 'cuts' | 'lines'>;

export interface CutPrices {
  /** What each of `input.cuts` is worth. */
  readonly worth: readonly number[];
  readonly maxTokens: number | undefined;
  /** Of one more partition. */
  readonly price: number;
}

/** The cuts with the highest sum of worth less price, under the limit where there is one. Linear in the cuts times those within one limit. */
export function bestCuts(input: CutInput, prices: CutPrices): readonly ChosenCut[] {
  return prices.maxTokens === undefined
    ? input.cuts.filter((_, index) => (prices.worth[index] ?? 0) > prices.price).map(withReason)
    : cutsWithin(input, { ...prices, maxTokens: prices.maxTokens });
}

/** As `bestCuts`, within a stretch of the file that starts before all the cuts. */
export function cutsWithin(
  { cuts, lines }: CutInput,
  { worth, price, maxTokens }: CutPrices & { readonly maxTokens: number },
  span: LineSpan = { startLine: 0, endLine: lines.count },
): readonly ChosenCut[] {
  const starts = [span.startLine, ...cuts.map(({ line }) => line)];
  const ends = [...starts.slice(1), span.endLine];
  const gain = [0, ...worth];
  const best = new Float64Array(starts.length + 1);
  const from = new Int32Array(starts.length + 1);
  for (let end = 1; end <= starts.length; end += 1) {
    best[end] = -Infinity;
    for (let start = end - 1; start >= 0; start -= 1) {
      const tokens = lines.tokens(starts[start] ?? 0, ends[end - 1] ?? span.endLine);
      const over = Math.max(0, tokens - maxTokens);
      const value = (best[start] ?? 0) + (gain[start] ?? 0) - price - over * oversizePrice;
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
    if (cut !== undefined) chosen.push(withReason(cut));
  }
  return chosen.reverse();
}

function withReason({ line, reason }: ChosenCut): ChosenCut {
  return { line, reason };
}
