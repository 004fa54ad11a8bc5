import type { DatabaseSync } from 'node:sqlite';

/** What a walk may cost and how it goes. */
export interface ImportanceOptions {
  /** Share of the walk that goes on at each step instead of starting again at a seed; 0–1. */
  readonly damping?: number;
  /** Symbols around the seeds that are looked at. */
  readonly maxSymbols?: number;
  readonly maxIterations?: number;
}

/** How much of a walk's way back, from a symbol to who calls it, weighs against its way forth. */
const backward = 0.3;
const enough = 1e-6;
/** Neighbours of one symbol that are followed, surest first: a function that all call says little of each caller. */
const maxNeighbours = 64;
/** What is called more often than this leads back to nobody: half the repository is near by it. */
const maxCallsOfOne = 256;

interface Link {
  readonly to: number;
  readonly weight: number;
}

/**
 * Personalised PageRank over the calls of the index (Page and Brin's power iteration with restarts at the seeds; Haveliwala 2002): how likely a
 * reader is at a symbol who starts at the seeds and follows calls, mostly to callees, at times to callers, each in proportion to its confidence.
 * Only the symbols nearest to the seeds are looked at, breadth first, so that cost does not grow with the repository. Ties go by place, since ids
 * tell which file was read first: two indexes of the same files give the same shares.
 *
 * @param seeds ids of symbols; those that the index does not have are harmless
 * @returns shares by symbol, seeds included, that sum to 1; the largest first, equal ones by nearness. Empty without seeds.
 */
export function importance(
  database: DatabaseSync,
  seeds: readonly number[],
  { damping = 0.85, maxSymbols = 2000, maxIterations = 100 }: ImportanceOptions = {},
): ReadonlyMap<number, number> {
  const starts = [...new Set(seeds)].sort((a, b) => a - b).slice(0, maxSymbols);
  if (starts.length === 0) return new Map();
  const { symbols, links } = neighbourhood(database, starts, maxSymbols);
  const rank = iterate(links, starts.length, damping, maxIterations);
  const ranked = symbols.map((symbol, index) => [symbol, rank[index] ?? 0] as const);
  return new Map(ranked.sort((a, b) => b[1] - a[1]));
}

/** Symbols near the seeds, these first, and the links between them by place, with weights that sum to 1. */
function neighbourhood(
  database: DatabaseSync,
  starts: readonly number[],
  maxSymbols: number,
): { readonly symbols: readonly number[]; readonly links: readonly (readonly Link[])[] } {
  const byPlace = `JOIN symbols t ON t.id = n.id JOIN files f ON f.id = t.file ORDER BY n.weight DESC, f.path, n.id LIMIT ${maxNeighbours}`;
  const callees = database.prepare(`
    SELECT n.id, n.weight FROM (
      SELECT e.callee AS id, max(e.confidence) AS weight FROM symbols s JOIN calls c ON c.file = s.file AND c.caller = s.id
      JOIN edges e ON e.call = c.id WHERE s.id = ? AND e.callee <> s.id GROUP BY e.callee) n ${byPlace}`);
  const callers = database.prepare(`
    SELECT n.id, n.weight FROM (
      SELECT c.caller AS id, max(e.confidence) * ${backward} AS weight FROM edges e JOIN calls c ON c.id = e.call
      WHERE e.callee = ?1 AND (SELECT count(*) FROM (SELECT 1 FROM edges WHERE callee = ?1 LIMIT ${maxCallsOfOne + 1})) <= ${maxCallsOfOne}
      AND c.caller IS NOT NULL AND c.caller <> e.callee GROUP BY c.caller) n ${byPlace}`);
  const symbols = [...starts];
  const places = new Map(symbols.map((symbol, index) => [symbol, index]));
  const links: (readonly Link[])[] = [];
  for (let next = 0; next < symbols.length; next++) {
    const symbol = symbols[next] ?? 0;
    const found = [...callees.all(symbol), ...callers.all(symbol)].map((row) => ({
      id: Number(row['id']),
      weight: Number(row['weight']),
    }));
    const kept: Link[] = [];
    for (const { id, weight } of found) {
      if (!places.has(id) && symbols.length < maxSymbols) {
        places.set(id, symbols.length);
        symbols.push(id);
      }
      const to = places.get(id);
      if (to !== undefined) kept.push({ to, weight });
    }
    const sum = kept.reduce((total, { weight }) => total + weight, 0);
    links.push(kept.map(({ to, weight }) => ({ to, weight: weight / sum })));
  }
  return { symbols, links };
}

/** What flows into a symbol without links starts again at the seeds. */
function iterate(
  links: readonly (readonly Link[])[],
  seeds: number,
  damping: number,
  maxIterations: number,
): Float64Array {
  let rank = new Float64Array(links.length).fill(1 / seeds, 0, seeds);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const next = new Float64Array(links.length);
    let restart = 0;
    for (const [from, out] of links.entries()) {
      const share = rank[from] ?? 0;
      restart += out.length === 0 ? share : share * (1 - damping);
      for (const { to, weight } of out) next[to] = (next[to] ?? 0) + share * damping * weight;
    }
    for (let seed = 0; seed < seeds; seed++) next[seed] = (next[seed] ?? 0) + restart / seeds;
    const moved = next.reduce((sum, value, index) => sum + Math.abs(value - (rank[index] ?? 0)), 0);
    rank = next;
    if (moved < enough) break;
  }
  return rank;
}
