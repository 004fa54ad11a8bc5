import { porterStem } from './porter.ts';
import { tokens } from './words.ts';

const alpha = 0.9;
const beta = 3;
const gamma = 0.5;

type Match = readonly [candidate: number, reference: number];

/**
 * METEOR, 0–1, with exact and stem matches and without synonyms (WordNet is not at hand), parameters and order of matching as in NLTK
 * (Banerjee and Lavie, 2005).
 */
export function meteor(candidate: string, reference: string): number {
  const said = tokens(candidate);
  const wanted = tokens(reference);
  const matches = align(said, wanted);
  if (matches.length === 0) return 0;
  const precision = matches.length / said.length;
  const recall = matches.length / wanted.length;
  const mean = (precision * recall) / (alpha * precision + (1 - alpha) * recall);
  const penalty = gamma * (chunks(matches) / matches.length) ** beta;
  return (1 - penalty) * mean;
}

/** Words that are equal first, then those with one stem; from the end of both, as NLTK does. */
function align(said: readonly string[], wanted: readonly string[]): readonly Match[] {
  const open = { said: new Set(said.keys()), wanted: new Set(wanted.keys()) };
  const matches: Match[] = [];
  for (const form of [(word: string) => word, porterStem]) {
    for (const at of [...open.said].sort((a, b) => b - a)) {
      const other = [...open.wanted]
        .sort((a, b) => b - a)
        .find((each) => form(wanted[each] ?? '') === form(said[at] ?? ''));
      if (other === undefined) continue;
      matches.push([at, other]);
      open.said.delete(at);
      open.wanted.delete(other);
    }
  }
  return matches.sort(([a], [b]) => a - b);
}

/** Runs of matches that are next to each other in both texts. */
function chunks(matches: readonly Match[]): number {
  let count = matches.length === 0 ? 0 : 1;
  for (let at = 1; at < matches.length; at++) {
    const [candidate = 0, reference = 0] = matches[at] ?? [];
    const [before = 0, referenceBefore = 0] = matches[at - 1] ?? [];
    if (candidate !== before + 1 || reference !== referenceBefore + 1) count++;
  }
  return count;
}
