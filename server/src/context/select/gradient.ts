import { type Candidate, keyOf, ranked, type Selector } from './task.ts';

/** Pieces that are taken before any drop counts. */
const least = 4;
/** A piece whose score is below this share of the one before ends the list. */
const steepest = 0.7;
const maxRounds = 2;
/** Pieces that a judge may choose from. */
const maxOffered = 8;

/**
 * Takes pieces by score until relevance drops sharply (SAGE, arXiv 2503.01713; its formula is not published: ours stops where a score falls
 * below a share of the one before). With a judge it then asks, at most twice, which one piece more or less would serve better.
 */
export const gradient: Selector = async ({ candidates, budget, judge, signal }) => {
  const line = fitting(ranked(candidates), budget);
  let count = Math.min(least, line.length);
  while (count < line.length && (line[count]?.score ?? 0) >= steepest * (line[count - 1]?.score ?? 0)) count++;
  let kept = line.slice(0, count);
  for (let round = 0; judge !== undefined && round < maxRounds; round++) {
    const offered = line.filter((piece) => !kept.includes(piece)).slice(0, maxOffered);
    const wish = await judge({ kept, offered }, signal);
    if (wish?.change === 'add' && offered.includes(wish.piece)) kept = [...kept, wish.piece];
    else if (wish?.change === 'drop' && kept.includes(wish.piece)) kept = kept.filter((piece) => piece !== wish.piece);
    else break;
  }
  return kept;
};

function fitting(pieces: readonly Candidate[], budget: number): readonly Candidate[] {
  const seen = new Set<string>();
  let left = budget;
  return pieces.filter((piece) => {
    const key = keyOf(piece);
    if (piece.tokens > left || seen.has(key)) return false;
    seen.add(key);
    left -= piece.tokens;
    return true;
  });
}
