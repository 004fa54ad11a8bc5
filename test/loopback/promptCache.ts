/** Tokens by a simple rule that tests can compute: one per four characters, rounded up. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** How the input of one request is billed. */
export interface InputCount {
  readonly plain: number;
  readonly read: number;
  readonly written: number;
}

/** One text block of a prompt in its order (system before messages). */
export interface CacheBlock {
  readonly text: string;
  /** A cache breakpoint stands after this block. */
  readonly breakpoint: boolean;
}

/** Prefixes that are remembered; more would let a long test grow. */
const rememberedPrefixes = 1000;

/**
 * Prefix caching as the providers describe it. Anthropic: explicit breakpoints (at most 4), byte-exact prefixes, a smallest length below which
 * nothing is cached and nothing said. OpenAI: no breakpoints, the longest known prefix in steps of 128 tokens. Time plays no part.
 */
export class PromptCache {
  readonly #known = new Set<string>();
  readonly #leastTokens: number;

  constructor(leastTokens: number) {
    this.#leastTokens = leastTokens;
  }

  /** Anthropic's rules: what stands before the longest known breakpoint is read, up to the last breakpoint is written. */
  atBreakpoints(model: string, blocks: readonly CacheBlock[]): InputCount {
    const whole = blocks.reduce((sum, block) => sum + countTokens(block.text), 0);
    let tokens = 0;
    let prefix = model;
    let read = 0;
    let last = 0;
    const fresh: string[] = [];
    for (const block of blocks) {
      tokens += countTokens(block.text);
      prefix += `\0${block.text}`;
      if (!block.breakpoint || tokens < this.#leastTokens) continue;
      last = tokens;
      if (this.#known.has(prefix)) read = tokens;
      else fresh.push(prefix);
    }
    for (const each of fresh) this.#remember(each);
    return { read, written: last - read, plain: whole - last };
  }

  /** OpenAI's rules. */
  byLongestPrefix(model: string, text: string): InputCount {
    const step = 128 * 4;
    let read = 0;
    for (let end = step; end <= text.length; end += step) {
      const prefix = `${model}\0${text.slice(0, end)}`;
      if (this.#known.has(prefix)) read = end / 4;
      else this.#remember(prefix);
    }
    const counted = read >= this.#leastTokens ? read : 0;
    return { read: counted, written: 0, plain: countTokens(text) - counted };
  }

  #remember(prefix: string): void {
    if (this.#known.size >= rememberedPrefixes) this.#known.clear();
    this.#known.add(prefix);
  }
}
