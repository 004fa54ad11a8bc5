import { type Candidate, keyOf, ranked, type Selector } from './task.ts';

/** The best by score that still fit, each symbol once. */
export const topK: Selector = async ({ candidates, budget }) => {
  const seen = new Set<string>();
  const chosen: Candidate[] = [];
  let left = budget;
  for (const piece of ranked(candidates)) {
    const key = keyOf(piece);
    if (piece.tokens > left || seen.has(key)) continue;
    seen.add(key);
    chosen.push(piece);
    left -= piece.tokens;
  }
  return chosen;
};
