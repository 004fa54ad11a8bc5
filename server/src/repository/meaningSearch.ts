import type { DatabaseSync } from 'node:sqlite';
import type { VectorPlace, VectorSet } from './embeddingStore.ts';
import { rangeOf, type SearchHit, searchIndex } from './searchIndex.ts';

/**
 * What the best lexical score is worth beside the cosine (which is 1 at most). Chosen on the valid half of the training data by
 * `npm run bench:model -- search`, measured on its test half: docs/EVALUATION.md.
 */
export const lexicalWeight = 0.2;

/** Candidates that each of the two rankings brings. */
export const mostCandidates = 200;

/** A symbol with a vector, and how near it is to a question. */
export interface NearSymbol extends VectorPlace {
  /** −1–1. */
  readonly cosine: number;
}

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
  const lexical = searchIndex(database, text, mostCandidates);
  const near = nearSymbols(vectors, query, new Set(lexical.map(keyOf)));
  return fusedHits(lexical, near, { symbolNow: (place) => symbolNow(database, place), limit });
}

/**
 * Both rankings as one, best first.
 * @param lexical best first, `mostCandidates` of them
 * @param symbolNow the symbol as it is now; undefined when its file is gone or is another by now
 */
export function fusedHits(
  lexical: readonly SearchHit[],
  near: readonly NearSymbol[],
  { symbolNow, limit }: { readonly symbolNow: (place: VectorPlace) => SearchHit | undefined; readonly limit: number },
): readonly SearchHit[] {
  const best = lexical[0]?.score ?? 1;
  const fused = new Map<string, SearchHit>();
  for (const hit of lexical) fused.set(keyOf(hit), { ...hit, score: (lexicalWeight * hit.score) / best });
  for (const place of near) {
    const key = keyOf({ path: place.path, symbol: place.symbolPath });
    const known = fused.get(key) ?? symbolNow(place);
    if (known !== undefined) fused.set(key, { ...known, score: (fused.has(key) ? known.score : 0) + place.cosine });
  }
  return [...fused.values()]
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1) || a.range.start.line - b.range.start.line)
    .slice(0, limit)
    .map((hit) => ({ ...hit, score: Math.round(hit.score * 1000) / 1000 }));
}

/** A name for a symbol that is the same in both rankings. */
export function keyOf({ path, symbol }: Pick<SearchHit, 'path' | 'symbol'>): string {
  return `${path}\0${symbol}`;
}

/** The nearest, and those of `also` (see `keyOf`) that have a vector. Brute force: 100,000 take about 30 ms. */
export function nearSymbols(vectors: VectorSet, query: Float32Array, also: ReadonlySet<string>): readonly NearSymbol[] {
  const cosines = Float32Array.from(vectors.places, (_, place) => cosineAt(vectors, query, place));
  const least =
    cosines.length <= mostCandidates ? -Infinity : (cosines.slice().sort()[cosines.length - mostCandidates] ?? -1);
  return vectors.places.flatMap((place, index) => {
    const cosine = cosines[index] ?? -1;
    const isWanted = cosine >= least || also.has(keyOf({ path: place.path, symbol: place.symbolPath }));
    return isWanted ? [{ ...place, cosine }] : [];
  });
}

function cosineAt({ bytes, scales, dimensions }: VectorSet, query: Float32Array, place: number): number {
  let sum = 0;
  const from = place * dimensions;
  for (let at = 0; at < dimensions; at += 1) sum += (bytes[from + at] ?? 0) * (query[at] ?? 0);
  return sum * (scales[place] ?? 0);
}

/** The symbol as the index has it now; undefined when its file is gone or is another by now. */
export function symbolNow(database: DatabaseSync, place: VectorPlace): SearchHit | undefined {
  const row = database
    .prepare(
      `SELECT s.kind, s.start_line, s.start_character, s.end_line, s.end_character FROM files f JOIN symbols s ON s.file = f.id
       WHERE f.path = ? AND f.hash = ? AND s.symbol_path = ?`,
    )
    .get(place.path, place.hash, place.symbolPath);
  if (row === undefined) return undefined;
  return { path: place.path, symbol: place.symbolPath, kind: String(row['kind']), range: rangeOf(row), score: 0 };
}
