import { ngrams, overlap, tokens } from './words.ts';

/**
 * BLEU-4 of one sentence against one reference, 0–1, as `bleu.py` of CodeXGLUE computes it: one added to counts above unigrams (Lin and Och,
 * 2004), and one to both lengths of the brevity penalty.
 */
export function bleu4(candidate: string, reference: string): number {
  const said = tokens(candidate);
  const wanted = tokens(reference);
  let logarithms = 0;
  for (let n = 1; n <= 4; n++) {
    const added = n > 1 ? 1 : 0;
    const right = overlap(ngrams(said, n), ngrams(wanted, n));
    const all = Math.max(0, said.length - n + 1);
    logarithms += Math.log(right + added + smallest) - Math.log(all + added + smallest);
  }
  const brevity = Math.min(0, 1 - (wanted.length + 1) / (said.length + 1));
  return Math.exp(logarithms / 4 + brevity);
}

/** Python's `sys.float_info.min`: no logarithm of zero. */
const smallest = 2.2250738585072014e-308;
