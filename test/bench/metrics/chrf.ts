import { ngrams, overlap } from './words.ts';

const orders = 6;
const beta = 2;

/** chrF2, 0–1: F-score over character n-grams up to six, white space left out, as sacreBLEU computes it for one sentence (Popović, 2015). */
export function chrf(candidate: string, reference: string): number {
  const said = [...candidate.replace(/\s+/g, '')];
  const wanted = [...reference.replace(/\s+/g, '')];
  let precision = 0;
  let recall = 0;
  let counted = 0;
  for (let n = 1; n <= orders; n++) {
    const inSaid = Math.max(0, said.length - n + 1);
    const inWanted = Math.max(0, wanted.length - n + 1);
    if (inSaid === 0 || inWanted === 0) continue;
    const both = overlap(ngrams(said, n), ngrams(wanted, n));
    precision += both / inSaid;
    recall += both / inWanted;
    counted++;
  }
  if (counted === 0 || precision + recall === 0) return 0;
  precision /= counted;
  recall /= counted;
  return ((1 + beta ** 2) * precision * recall) / (beta ** 2 * precision + recall);
}
