import type { ProduceRequest } from '../types/produce.ts';
import { estimateTokens } from '../types/tokens.ts';

/** Counts the input tokens of a request exactly. */
export type CountTokens = (request: ProduceRequest, signal: AbortSignal) => Promise<number>;

/** How far a provider's tokens may lie from our estimate; what is beyond is an error of somebody's. */
const least = 0.25;
const most = 4;
/** Weight of a new observation. */
const weight = 0.2;

/**
 * Tokens of a prompt as the provider in use counts them: our estimate by characters, corrected by what the provider said. One request is
 * counted exactly, where the provider counts (it costs nothing); after that each answer tells its own count.
 */
export class TokenCalibration {
  readonly #count: CountTokens | undefined;
  #factor: number | undefined;
  #asked = false;

  constructor(count: CountTokens | undefined) {
    this.#count = count;
  }

  estimate(request: ProduceRequest): number {
    return Math.ceil(estimateOf(request) * (this.#factor ?? 1));
  }

  /** Takes over an exact count of a request's input. */
  learn(request: ProduceRequest, tokens: number): void {
    const estimated = estimateOf(request);
    if (!(tokens > 0) || estimated === 0) return;
    const seen = Math.min(most, Math.max(least, tokens / estimated));
    this.#factor = this.#factor === undefined ? seen : this.#factor + weight * (seen - this.#factor);
  }

  /** Has the first request counted, in the time in which it waits or is answered. A failure is no one's concern: the answer will tell. */
  begin(request: ProduceRequest, signal: AbortSignal): void {
    if (this.#asked || this.#factor !== undefined || this.#count === undefined) return;
    this.#asked = true;
    this.#count(request, signal).then(
      (tokens) => {
        if (this.#factor === undefined) this.learn(request, tokens);
      },
      () => undefined,
    );
  }
}

function estimateOf({ prompt }: ProduceRequest): number {
  return prompt.reduce((sum, { text }) => sum + estimateTokens(text), 0);
}
