import { textTerms } from '../../repository/identifiers.ts';
import { type Candidate, keyOf, type SelectionTask } from './task.ts';

/** What the terms of the subject count beside the pieces' own scores, and what a token costs. Chosen on one half of the rows. */
const termShare = 3;
const costShare = 0.5;
const maxTerms = 600;

/** A candidate with what the benefit of a set needs to know of it. */
export interface Weighed {
  readonly piece: Candidate;
  readonly key: string;
  /** Of the subject, by position among its distinct terms. */
  readonly covers: readonly number[];
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
  readonly covered = new Set<number>();
  readonly terms = new Set<string>();
  readonly keys = new Set<string>();
  tokens = 0;

  add({ piece, key, covers, terms }: Weighed): void {
    for (const term of covers) this.covered.add(term);
    for (const term of terms) this.terms.add(term);
    this.keys.add(key);
    this.tokens += piece.tokens;
  }
}

export function benefitOf({ candidates, subjectTerms, budget }: SelectionTask): Benefit {
  const subject = new Map([...new Set(subjectTerms)].slice(0, maxTerms).map((term, index) => [term, index]));
  const weighed = candidates.map((piece) => {
    const terms = [...new Set(textTerms(piece.text))];
    const covers = terms.flatMap((term) => subject.get(term) ?? []);
    return { piece, key: keyOf(piece), covers, terms };
  });
  const weights = rarity(weighed, subject.size);
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  return {
    candidates: weighed,
    gain(chosen, { piece, covers, terms }) {
      let covered = 0;
      for (const term of covers) if (!chosen.covered.has(term)) covered += weights[term] ?? 0;
      let news = 0;
      for (const term of terms) if (!chosen.terms.has(term)) news++;
      const share = terms.length === 0 ? 0 : news / terms.length;
      const worth = piece.score * share + termShare * (covered / total);
      return worth - (costShare * piece.tokens) / Math.max(1, budget);
    },
  };
}

/** Of each term of the subject: rare among the candidates counts more. */
function rarity(candidates: readonly Weighed[], terms: number): readonly number[] {
  const counts = new Array<number>(terms).fill(0);
  for (const { covers } of candidates) for (const term of covers) counts[term] = (counts[term] ?? 0) + 1;
  return counts.map((count) => (count === 0 ? 0 : Math.log(1 + candidates.length / count)));
}
