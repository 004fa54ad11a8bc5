import { splitLines } from '../types/lines.ts';
import type { ChosenCut, PartitionInput, PartitionStrategy } from './strategy.ts';
import { bestCuts, type CutInput, limitedPrice, worthOf } from './structure.ts';
import { lineSurprise, type TokenScorer } from './tokenScorer.ts';

/**
 * Weight of each reading, in worth per standard deviation of the file's surprise; chosen on the tuning half of the data pack. Larger ones
 * let the scorer overrule the structure, which costs more than it gains.
 */
const riseWeight = 0.05;
const spikeWeight = 0.05;
/** Surprise may move a cut by no more than this, so that plain statements are never cut for it at natural size. */
const mostMoved = 0.4;
const naturalPrice = 0.9;

/**
 * Structure, moved by how surprising the lines are. Two readings: before a rise (the new section begins with something unexpected) and after
 * a spike (LongCodeZip, arXiv 2510.00446: the surprising line ends its block; a fall follows it).
 */
export function surprisalStrategy(scorer: TokenScorer): PartitionStrategy {
  return {
    name: 'surprisal',
    async choose(input, { maxTokens, signal }) {
      const worth = await surprisalWorth(input, scorer, signal);
      return surprisingCuts(input, worth, maxTokens);
    },
  };
}

export function surprisingCuts(
  input: CutInput,
  worth: readonly number[],
  maxTokens: number | undefined,
): readonly ChosenCut[] {
  return bestCuts(input, { worth, maxTokens, price: maxTokens === undefined ? naturalPrice : limitedPrice });
}

/** What each of `input.cuts` is worth, surprise counted. */
export async function surprisalWorth(
  input: PartitionInput,
  scorer: TokenScorer,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const lines = splitLines(input.document.text).map(({ text }) => text);
  const surprise = standardized(await lineSurprise(scorer, lines, signal));
  return input.cuts.map(({ line, strength }) => {
    const [here, before, earlier] = [surprise[line] ?? 0, surprise[line - 1] ?? 0, surprise[line - 2] ?? 0];
    const moved = riseWeight * (here - before) + spikeWeight * (before - earlier);
    return worthOf[strength] + Math.max(-mostMoved, Math.min(mostMoved, moved));
  });
}

/** In standard deviations from the file's mean. */
function standardized(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  const deviation = Math.sqrt(variance) || 1;
  return values.map((value) => (value - mean) / deviation);
}
