import { estimateTokens } from '../../types/tokens.ts';
import { type CompressPorts, compressText } from './blocks.ts';
import { informationOn } from './surprise.ts';

/** How much of a function's share its rank may add or take. */
const bias = 0.5;
/** Tokens of a text's beginning that stay of it in any case: a function's head says most for its length (JavaBench; our own curve agrees). */
const headTokens = 40;
/** Of the budget, so much is dealt out by length whatever the rank: a ranking by n-grams alone errs. Chosen on one half of the rows. */
const evenShare = 0.5;

/**
 * Cuts texts down to a budget together (LongCodeZip, arXiv 2510.00446): those that lower the surprise of the question most are kept until the
 * budget is used up half as much again, then each is cut to a share that grows with its worth. Unlike there, no text goes without a trace while
 * the beginnings of all fit into the budget, and half of the budget is dealt out by length.
 *
 * @returns a text for each one given, in order; empty for one that was left out
 */
export async function compressTogether(
  texts: readonly string[],
  { question, budget }: { readonly question: string; readonly budget: number },
  ports: CompressPorts,
): Promise<readonly string[]> {
  const sizes = texts.map(estimateTokens);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= budget) return texts;
  const wanted = sizes.map((size) => Math.min(size, Math.max(headTokens, (evenShare * size * budget) / total)));
  const fit = Math.min(1, budget / wanted.reduce((sum, size) => sum + size, 0));
  const floors = wanted.map((size) => Math.floor(size * fit));
  const free = budget - floors.reduce((sum, size) => sum + size, 0);
  const values = await informationOn(question, texts, ports);
  const shares = sharesOf(values, sizes, free);
  const rooms = sizes.map((size, index) => Math.min(size, (floors[index] ?? 0) + Math.floor(shares.get(index) ?? 0)));
  spend(budget - rooms.reduce((sum, room) => sum + room, 0), rooms, sizes, values);
  return Promise.all(
    texts.map((text, index) => {
      const room = rooms[index] ?? 0;
      return room === 0 ? '' : compressText(text, { question, budget: room }, ports);
    }),
  );
}

/** Gives what texts that are shorter than their share leave to the others, the worthiest first. */
function spend(left: number, rooms: number[], sizes: readonly number[], values: readonly number[]): void {
  let rest = left;
  for (const index of byWorth(values)) {
    const more = Math.min(rest, (sizes[index] ?? 0) - (rooms[index] ?? 0));
    rooms[index] = (rooms[index] ?? 0) + more;
    rest -= more;
  }
}

/** Tokens for each chosen text, together as many as are free. */
function sharesOf(values: readonly number[], sizes: readonly number[], free: number): ReadonlyMap<number, number> {
  const chosen = worthiest(values, sizes, free * 1.5);
  const worths = chosen.map((index) => values[index] ?? 0);
  const least = Math.min(...worths);
  const span = Math.max(...worths) - least || 1;
  const shares = chosen.map((index) => {
    const worth = ((values[index] ?? 0) - least) / span;
    return [index, (sizes[index] ?? 0) * (1 + bias * (2 * worth - 1))] as const;
  });
  const scale = free / (shares.reduce((sum, [, share]) => sum + share, 0) || 1);
  return new Map(shares.map(([index, share]) => [index, share * scale]));
}

/** Positions by worth until the budget is spent; the last may exceed it. */
function worthiest(values: readonly number[], sizes: readonly number[], budget: number): readonly number[] {
  let left = budget;
  return byWorth(values).filter((index) => {
    if (left <= 0) return false;
    left -= sizes[index] ?? 0;
    return true;
  });
}

function byWorth(values: readonly number[]): readonly number[] {
  return [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
}
