import { benefitOf, Chosen, type Weighed } from './benefit.ts';
import type { Selector } from './task.ts';

/** Exponent of a piece's tokens in its price: 0 ignores length, 1 is gain per token. Chosen on one half of the rows. */
const thrift = 0.7;

/** Takes, again and again, the piece that adds most for its length to what the chosen ones cover, while it adds anything. */
export const coverage: Selector = async (task) => {
  const benefit = benefitOf(task);
  const chosen = new Chosen();
  const line: Weighed[] = [];
  const left = new Set(benefit.candidates);
  for (;;) {
    let best: Weighed | undefined;
    let bestRate = 0;
    for (const candidate of left) {
      if (chosen.tokens + candidate.piece.tokens > task.budget || chosen.keys.has(candidate.key)) {
        left.delete(candidate);
        continue;
      }
      const rate = benefit.gain(chosen, candidate) / Math.max(1, candidate.piece.tokens) ** thrift;
      if (rate > bestRate || (rate === bestRate && best !== undefined && candidate.key < best.key)) {
        best = candidate;
        bestRate = rate;
      }
    }
    if (best === undefined) return line.map(({ piece }) => piece);
    chosen.add(best);
    line.push(best);
    left.delete(best);
  }
};
