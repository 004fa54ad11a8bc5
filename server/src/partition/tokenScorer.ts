/** Tokens of a text with how surprising each is. */
export interface ScoredTokens {
  /** Where each token starts in the target, UTF-16, ascending. */
  readonly offsets: Uint32Array;
  /** Negative natural logarithm of each token's probability, given all before it. */
  readonly nll: Float32Array;
}

/** Says how surprising a text is after another. An n-gram model stands behind it now; a neural model may. */
export interface TokenScorer {
  nll(context: string, target: string, signal: AbortSignal): Promise<ScoredTokens>;
}

/** Longer texts are scored in windows, each with the one before as its context. */
const windowCharacters = 16_384;

/** Mean surprise of each line (natural logarithm per token), in order; 0 for a line without tokens. Lines end with `\n`. */
export async function lineSurprise(
  scorer: TokenScorer,
  lines: readonly string[],
  signal: AbortSignal,
): Promise<Float32Array> {
  const surprise = new Float32Array(lines.length);
  let context = '';
  for (let first = 0; first < lines.length; ) {
    let last = first;
    let length = 0;
    do {
      length += (lines[last]?.length ?? 0) + 1;
      last += 1;
    } while (last < lines.length && length < windowCharacters);
    const window = `${lines.slice(first, last).join('\n')}\n`;
    const scored = await scorer.nll(context, window, signal);
    addMeans(surprise, lines, { first, last }, scored);
    context = window;
    first = last;
  }
  return surprise;
}

function addMeans(
  surprise: Float32Array,
  lines: readonly string[],
  { first, last }: { readonly first: number; readonly last: number },
  { offsets, nll }: ScoredTokens,
): void {
  let token = 0;
  let end = 0;
  for (let line = first; line < last; line += 1) {
    end += (lines[line]?.length ?? 0) + 1;
    let sum = 0;
    let count = 0;
    for (; token < offsets.length && (offsets[token] ?? 0) < end; token += 1) {
      sum += nll[token] ?? 0;
      count += 1;
    }
    surprise[line] = count === 0 ? 0 : sum / count;
  }
}
