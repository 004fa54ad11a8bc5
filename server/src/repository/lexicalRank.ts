/**
 * Ranks documents for a list of terms with BM25 (Robertson & Zaragoza, 2009) in its simple field form: a term counts
 * `weight` times in a field of that weight. Postings live in typed arrays, built once and never changed; 22,000
 * functions take a few megabytes and a query well under ten milliseconds.
 *
 * The context engine uses it to find similar documented code, and the training of the embedded model builds its
 * examples with the same code, so that training and use agree.
 */

const K1 = 1.2;
const B = 0.75;

/** How many times a term in a symbol's name counts, against once in its body or comment. Measured; see identifiers.ts. */
export const NAME_WEIGHT = 3;

/** Terms kept of a long query. Rare terms carry the score; the others only cost time. */
export const MAX_QUERY_TERMS = 24;

/** Terms of one field, repeats kept, and how many times each of them counts (a positive number). */
export interface WeightedField {
  readonly terms: readonly string[];
  readonly weight: number;
}

/** One document to rank: its fields, in any order. Its id is its position in the list given to `buildLexicalIndex`. */
export type LexicalDocument = readonly WeightedField[];

/** A ranked document: position in the build list, and score (> 0, comparable only within one query). */
export interface RankedDocument {
  readonly document: number;
  readonly score: number;
}

/** An immutable index over documents. */
export interface LexicalIndex {
  /** Number of documents. */
  readonly size: number;
  /** The documents that share a term with the query, best first, ties by document id; at most `limit` of them. */
  rank(queryTerms: readonly string[], limit: number): readonly RankedDocument[];
  /** The `limit` distinct query terms that are rarest here, unknown ones left out, rarest first, ties in given order. */
  rarestTerms(queryTerms: readonly string[], limit?: number): readonly string[];
}

interface Postings {
  readonly termIds: ReadonlyMap<string, number>;
  /** `starts[t] .. starts[t + 1]` is the part of `documents` and `impacts` that belongs to term `t`. */
  readonly starts: Uint32Array;
  readonly documents: Uint32Array;
  /** The finished BM25 contribution of the term to the document, inverse document frequency included. */
  readonly impacts: Float32Array;
}

/** Builds an index over `documents`. Time and memory are linear in their distinct terms. */
export function buildLexicalIndex(documents: readonly LexicalDocument[]): LexicalIndex {
  const postings = buildPostings(documents);
  const scores = new Float32Array(documents.length);
  const rarestTerms = (terms: readonly string[], limit = MAX_QUERY_TERMS): readonly string[] =>
    selectRarest(postings, terms, limit);
  return {
    size: documents.length,
    rarestTerms,
    rank: (terms, limit) => {
      if (limit <= 0) return [];
      const touched = accumulate(postings, selectRarest(postings, terms, MAX_QUERY_TERMS), scores);
      const best = selectBest(touched, scores, limit);
      for (const document of touched) scores[document] = 0;
      return best;
    },
  };
}

function buildPostings(documents: readonly LexicalDocument[]): Postings {
  const termIds = new Map<string, number>();
  const lengths = new Float32Array(documents.length);
  const frequencies = documents.map((fields, id) => {
    const counts = new Map<number, number>();
    for (const { terms, weight } of fields) {
      for (const term of terms) {
        const termId = termIds.get(term) ?? termIds.size;
        if (termId === termIds.size) termIds.set(term, termId);
        counts.set(termId, (counts.get(termId) ?? 0) + weight);
        lengths[id] = (lengths[id] ?? 0) + weight;
      }
    }
    return counts;
  });
  const starts = postingStarts(frequencies, termIds.size);
  const total = starts[termIds.size] ?? 0;
  const arrays = { documents: new Uint32Array(total), impacts: new Float32Array(total) };
  fillPostings(frequencies, lengths, starts, arrays);
  return { termIds, starts, ...arrays };
}

function postingStarts(frequencies: readonly ReadonlyMap<number, number>[], terms: number): Uint32Array {
  const starts = new Uint32Array(terms + 1);
  for (const counts of frequencies) {
    for (const termId of counts.keys()) starts[termId + 1] = (starts[termId + 1] ?? 0) + 1;
  }
  for (let term = 0; term < terms; term++) starts[term + 1] = (starts[term + 1] ?? 0) + (starts[term] ?? 0);
  return starts;
}

function fillPostings(
  frequencies: readonly ReadonlyMap<number, number>[],
  lengths: Float32Array,
  starts: Uint32Array,
  arrays: { readonly documents: Uint32Array; readonly impacts: Float32Array },
): void {
  const count = frequencies.length;
  const average = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, count);
  const next = starts.slice();
  frequencies.forEach((counts, document) => {
    const norm = K1 * (1 - B + (B * (lengths[document] ?? 0)) / Math.max(1e-9, average));
    for (const [term, frequency] of counts) {
      const slot = next[term] ?? 0;
      next[term] = slot + 1;
      const containing = (starts[term + 1] ?? 0) - (starts[term] ?? 0);
      const inverse = Math.log(1 + (count - containing + 0.5) / (containing + 0.5));
      arrays.documents[slot] = document;
      arrays.impacts[slot] = (inverse * frequency * (K1 + 1)) / (frequency + norm);
    }
  });
}

function selectRarest({ termIds, starts }: Postings, terms: readonly string[], limit: number): readonly string[] {
  const known = [...new Set(terms)].filter((term) => termIds.has(term));
  const spread = (term: string): number => {
    const id = termIds.get(term) ?? 0;
    return (starts[id + 1] ?? 0) - (starts[id] ?? 0);
  };
  return known.sort((a, b) => spread(a) - spread(b)).slice(0, Math.max(0, limit));
}

function accumulate(postings: Postings, terms: readonly string[], scores: Float32Array): readonly number[] {
  const touched: number[] = [];
  for (const term of terms) {
    const id = postings.termIds.get(term);
    if (id === undefined) continue;
    const end = postings.starts[id + 1] ?? 0;
    for (let slot = postings.starts[id] ?? 0; slot < end; slot++) {
      const document = postings.documents[slot] ?? 0;
      if (scores[document] === 0) touched.push(document);
      scores[document] = (scores[document] ?? 0) + (postings.impacts[slot] ?? 0);
    }
  }
  return touched;
}

/** The `limit` best of `touched`, by insertion into a short sorted list: limits are small and most candidates lose. */
function selectBest(touched: readonly number[], scores: Float32Array, limit: number): readonly RankedDocument[] {
  const best: RankedDocument[] = [];
  for (const document of touched) {
    const candidate = { document, score: scores[document] ?? 0 };
    const worst = best[best.length - 1];
    if (best.length >= limit && worst !== undefined && !precedes(candidate, worst)) continue;
    let position = best.length;
    while (position > 0) {
      const before = best[position - 1];
      if (before === undefined || !precedes(candidate, before)) break;
      position--;
    }
    best.splice(position, 0, candidate);
    if (best.length > limit) best.pop();
  }
  return best;
}

function precedes(a: RankedDocument, b: RankedDocument): boolean {
  return a.score > b.score || (a.score === b.score && a.document < b.document);
}
