import { textTerms } from '../../repository/identifiers.ts';
import { type Candidate, keyOf, type SelectionTask } from './task.ts';

/** What the terms of the subject count beside the pieces' own scores, and what a token costs. Chosen on one half of the rows. */
export const termShare = 3;
export const costShare = 0.5;
const maxTerms = 600;

/** A candidate with what the benefit of a set needs to know of it. */
export interface Weighed {
  readonly piece: Candidate;
  readonly key: string;
  /** All distinct terms. */
  readonly terms: readonly string[];
}

/** The worth of sets of pieces: not additive, since pieces repeat each other, and not monotonic, since tokens cost (CORAG, arXiv 2411.00744). */
export interface Benefit {
  readonly candidates: readonly Weighed[];
  /** What a piece adds to those already chosen; may be negative. */
  gain(chosen: Chosen, candidate: Weighed): number;
}

/** What the chosen pieces cover together. */
export class Chosen {
  readonly terms = new Set<string>();
  readonly keys = new Set<string>();
  tokens = 0;

  add({ piece, key, terms }: Weighed): void {
    for (const term of terms) this.terms.add(term);
    this.keys.add(key);
    this.tokens += piece.tokens;
  }
}

export function benefitOf({ candidates, subjectTerms, budget }: SelectionTask): Benefit {
  const weighed = candidates.map((piece) => ({ piece, key: keyOf(piece), terms: [...new Set(textTerms(piece.text))] }));
  const weights = termWeights(
    weighed.map(({ terms }) => terms),
    subjectTerms,
  );
  return {
    candidates: weighed,
    gain(chosen, { piece, terms }) {
      let covered = 0;
      let news = 0;
      for (const term of terms) {
        if (chosen.terms.has(term)) continue;
        news++;
        covered += weights.get(term) ?? 0;
      }
      const share = terms.length === 0 ? 0 : news / terms.length;
      return piece.score * share + termShare * covered - (costShare * piece.tokens) / Math.max(1, budget);
    },
  };
}

/** Weights of the subject's terms, which sum to 1: rare among the candidates counts more. @param texts terms of each candidate, repeats allowed */
export function termWeights(
  texts: readonly (readonly string[])[],
  subjectTerms: readonly string[],
): ReadonlyMap<string, number> {
  const counts = new Map([...new Set(subjectTerms)].slice(0, maxTerms).map((term) => [term, 0]));
  for (const terms of texts) {
    for (const term of new Set(terms)) {
      const count = counts.get(term);
      if (count !== undefined) counts.set(term, count + 1);
    }
  }
  const weights = [...counts].map(
    ([term, count]) => [term, count === 0 ? 0 : Math.log(1 + texts.length / count)] as const,
  );
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0) || 1;
  return new Map(weights.map(([term, weight]) => [term, weight / total]));
}
