import type { TokenScorer } from '../../partition/tokenScorer.ts';

/** Perplexity of a text after another; 1 for a text without tokens. */
async function perplexity(scorer: TokenScorer, context: string, text: string, signal: AbortSignal): Promise<number> {
  const { nll } = await scorer.nll(context, text, signal);
  if (nll.length === 0) return 1;
  return Math.exp(nll.reduce((sum, each) => sum + each, 0) / nll.length);
}

/** How much each text lowers the surprise of the question: LongCodeZip's approximated mutual information (arXiv 2510.00446). */
export async function informationOn(
  question: string,
  texts: readonly string[],
  { scorer, signal }: { readonly scorer: TokenScorer; readonly signal: AbortSignal },
): Promise<readonly number[]> {
  const alone = await perplexity(scorer, '', question, signal);
  const values: number[] = [];
  for (const text of texts) values.push(alone - (await perplexity(scorer, text, question, signal)));
  return values;
}
