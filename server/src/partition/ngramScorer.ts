import type { ScoredTokens, TokenScorer } from './tokenScorer.ts';

/** Sub-words: `readFileV2` and `READ_FILE` both begin with `read`. Digits one run, other characters one by one, line ends as one token. */
const tokenPattern = /\n|[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\sA-Za-z\d]/g;

const order = 4;
/** How many occurrences of a context weigh as much as all shorter contexts together. */
const backOff = 4;
const vocabulary = 50_000;
/** What the text itself says against what the workspace says. */
const cacheShare = 0.6;

/**
 * Interpolated n-grams of sub-word tokens, learnt from the workspace, with a cache of the text being read. Counts live in hashed tables of
 * fixed size, so that memory is bounded whatever is learnt. What was learnt can be unlearnt exactly: a file is scored without itself.
 */
export class NgramScorer implements TokenScorer {
  readonly #workspace = new Counts(1 << 20);

  learn(text: string): void {
    this.#workspace.add(tokensOf(text).ids, 1);
  }

  /** Takes back a text that was learnt. */
  unlearn(text: string): void {
    this.#workspace.add(tokensOf(text).ids, -1);
  }

  nll(context: string, target: string, signal: AbortSignal): Promise<ScoredTokens> {
    signal.throwIfAborted();
    const before = tokensOf(context).ids;
    const { ids, offsets } = tokensOf(target);
    const cache = new Counts(1 << 16);
    cache.add(before, 1);
    const history = before.slice(-(order - 1));
    const nll = new Float32Array(ids.length);
    ids.forEach((id, index) => {
      const p =
        cacheShare * cache.probability(history, id) + (1 - cacheShare) * this.#workspace.probability(history, id);
      nll[index] = -Math.log(p);
      cache.count(history, id, 1);
      history.push(id);
      if (history.length > order - 1) history.shift();
    });
    return Promise.resolve({ offsets: Uint32Array.from(offsets), nll });
  }
}

class Counts {
  readonly #pairs: Int32Array;
  readonly #contexts: Int32Array;
  readonly #mask: number;

  constructor(size: number) {
    this.#pairs = new Int32Array(size);
    this.#contexts = new Int32Array(size);
    this.#mask = size - 1;
  }

  add(ids: readonly number[], by: number): void {
    const history: number[] = [];
    for (const id of ids) {
      this.count(history, id, by);
      history.push(id);
      if (history.length > order - 1) history.shift();
    }
  }

  count(history: readonly number[], id: number, by: number): void {
    let context = 17;
    for (let length = 0; length <= history.length; length += 1) {
      if (length > 0) context = mix(context, history[history.length - length] ?? 0);
      const at = context & this.#mask;
      const pair = mix(context, id ^ 0x5bd1e995) & this.#mask;
      this.#contexts[at] = (this.#contexts[at] ?? 0) + by;
      this.#pairs[pair] = (this.#pairs[pair] ?? 0) + by;
    }
  }

  probability(history: readonly number[], id: number): number {
    let context = 17;
    let p = 1 / vocabulary;
    for (let length = 0; length <= history.length; length += 1) {
      if (length > 0) context = mix(context, history[history.length - length] ?? 0);
      const seen = this.#contexts[context & this.#mask] ?? 0;
      if (seen <= 0) break;
      // Two keys may share a slot: a pair is never counted more often than its context.
      const both = Math.min(seen, this.#pairs[mix(context, id ^ 0x5bd1e995) & this.#mask] ?? 0);
      p = (both + backOff * p) / (seen + backOff);
    }
    return Math.min(1, Math.max(p, 1e-9));
  }
}

function tokensOf(text: string): { readonly ids: number[]; readonly offsets: number[] } {
  const ids: number[] = [];
  const offsets: number[] = [];
  for (const match of text.matchAll(tokenPattern)) {
    ids.push(hashOf(match[0]));
    offsets.push(match.index);
  }
  return { ids, offsets };
}

function hashOf(token: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < token.length; at += 1) {
    hash = Math.imul(hash ^ (token.charCodeAt(at) | 0x20), 0x01000193);
  }
  return hash >>> 0;
}

function mix(hash: number, value: number): number {
  let mixed = Math.imul(hash ^ value, 0x9e3779b1);
  mixed ^= mixed >>> 15;
  return Math.imul(mixed, 0x85ebca6b) >>> 0;
}
