import type { ChosenCut, PartitionInput } from './strategy.ts';
import { cutsWithin, limitedPrice, worthOf } from './structure.ts';

/** A part smaller than this share of the limit goes to the one before it, where both fit. */
const tinyShare = 1 / 24;

/**
 * Makes the best of chosen cuts: parts over the limit are divided by structure, tiny ones are joined to the part before. The same answer
 * is always repaired in the same way.
 */
export function repairCuts(
  { cuts, lines }: Pick<PartitionInput, 'cuts' | 'lines'>,
  chosen: readonly ChosenCut[],
  maxTokens: number | undefined,
): readonly ChosenCut[] {
  if (maxTokens === undefined) return chosen;
  const kept: ChosenCut[] = [];
  let start = 0;
  chosen.forEach((cut, index) => {
    const end = chosen[index + 1]?.line ?? lines.count;
    const isTiny = lines.tokens(cut.line, end) < maxTokens * tinyShare;
    if (isTiny && lines.tokens(start, end) <= maxTokens) return;
    kept.push(cut);
    start = cut.line;
  });
  const starts = [0, ...kept.map(({ line }) => line)];
  const added = starts.flatMap((from, index) => {
    const to = starts[index + 1] ?? lines.count;
    if (lines.tokens(from, to) <= maxTokens) return [];
    const inside = cuts.filter(({ line }) => line > from && line < to);
    const worth = inside.map(({ strength }) => worthOf[strength]);
    const span = { startLine: from, endLine: to };
    return cutsWithin({ cuts: inside, lines }, { worth, maxTokens, price: limitedPrice }, span).map(
      ({ line, reason }) => ({
        line,
        reason: `${reason}; the part was over ${maxTokens} tokens`,
      }),
    );
  });
  return [...kept, ...added].sort((a, b) => a.line - b.line);
}
