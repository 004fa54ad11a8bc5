import type { DatabaseSync } from 'node:sqlite';
import type { VectorSet } from './embeddingStore.ts';
import { rangeOf, type SearchHit, searchIndex } from './searchIndex.ts';

/**
 * What the best lexical score is worth beside the cosine (which is 1 at most). Chosen on the valid half of the training data by
 * `npm run bench:model -- search`, measured on its test half: docs/EVALUATION.md.
 */
export const lexicalWeight = 0.2;

/** Candidates that each of the two rankings brings. */
const mostCandidates = 200;

/**
 * Symbols that fit a question by meaning and by words: the cosine of the vectors plus a share of BM25. What has no vector (yet), and what
 * changed since it got one, is ranked by its words alone.
 * @param query unit vector of the text
 */
export function meaningSearch(
  database: DatabaseSync,
  vectors: VectorSet,
  { text, query, limit }: { readonly text: string; readonly query: Float32Array; readonly limit: number },
): readonly SearchHit[] {
  const near = nearest(vectors, query, mostCandidates);
  const lexical = searchIndex(database, text, mostCandidates);
  const best = lexical[0]?.score ?? 1;
  const fused = new Map<string, SearchHit>();
  for (const hit of lexical)
    fused.set(keyOf(hit.path, hit.symbol), { ...hit, score: (lexicalWeight * hit.score) / best });
  const cosines = cosinesOf(vectors, query, near, fused);
  for (const [key, { place, cosine }] of cosines) {
    const known = fused.get(key) ?? symbolNow(database, vectors.places[place]);
    if (known !== undefined) fused.set(key, { ...known, score: (fused.has(key) ? known.score : 0) + cosine });
  }
  return [...fused.values()]
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1) || a.range.start.line - b.range.start.line)
    .slice(0, limit)
    .map((hit) => ({ ...hit, score: Math.round(hit.score * 1000) / 1000 }));
}

function keyOf(path: string, symbol: string): string {
  return `${path}\0${symbol}`;
}

/** Of the nearest, and of what the words found. */
function cosinesOf(
  vectors: VectorSet,
  query: Float32Array,
  near: readonly number[],
  lexical: ReadonlyMap<string, SearchHit>,
): ReadonlyMap<string, { readonly place: number; readonly cosine: number }> {
  const found = new Map<string, { readonly place: number; readonly cosine: number }>();
  const isNear = new Set(near);
  vectors.places.forEach(({ path, symbolPath }, place) => {
    const key = keyOf(path, symbolPath);
    if (isNear.has(place) || lexical.has(key)) found.set(key, { place, cosine: cosineAt(vectors, query, place) });
  });
  return found;
}

/** Places of the `limit` nearest vectors. Brute force: 100,000 take about 30 ms. */
function nearest(vectors: VectorSet, query: Float32Array, limit: number): readonly number[] {
  const cosines = Float32Array.from(vectors.places, (_, place) => cosineAt(vectors, query, place));
  if (cosines.length <= limit) return [...cosines.keys()];
  const least = cosines.slice().sort()[cosines.length - limit] ?? -1;
  return [...cosines.keys()].filter((place) => (cosines[place] ?? -1) >= least);
}

function cosineAt({ bytes, scales, dimensions }: VectorSet, query: Float32Array, place: number): number {
  let sum = 0;
  const from = place * dimensions;
  for (let at = 0; at < dimensions; at += 1) sum += (bytes[from + at] ?? 0) * (query[at] ?? 0);
  return sum * (scales[place] ?? 0);
}

/** The symbol as the index has it now; undefined when its file is gone or is another by now. */
function symbolNow(database: DatabaseSync, place: VectorSet['places'][number] | undefined): SearchHit | undefined {
  if (place === undefined) return undefined;
  const row = database
    .prepare(
      `SELECT s.kind, s.start_line, s.start_character, s.end_line, s.end_character FROM files f JOIN symbols s ON s.file = f.id
       WHERE f.path = ? AND f.hash = ? AND s.symbol_path = ?`,
    )
    .get(place.path, place.hash, place.symbolPath);
  if (row === undefined) return undefined;
  return { path: place.path, symbol: place.symbolPath, kind: String(row['kind']), range: rangeOf(row), score: 0 };
}
