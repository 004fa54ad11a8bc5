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

/** A request as the cache took it in. */
export interface CacheLook {
  readonly input: InputCount;
  /** The answer begins: from now on, and not before, other requests can read what this one wrote. */
  begin(): void;
}

export interface PromptCacheOptions {
  /** Shortest prefix that is cached, in tokens; by the model when absent. */
  readonly leastTokens?: number;
  /** Milliseconds; an entry lives five minutes from its last use. */
  readonly now: () => number;
}

/** What Anthropic documents for its models (platform.claude.com, prompt caching); 1,024 for those of which nothing is certain. */
const leastOfModels: readonly (readonly [name: RegExp, tokens: number])[] = [
  [/haiku-4-5|opus-4-[56]/, 4096],
  [/haiku-3/, 2048],
];
const leastOfOthers = 1024;
const lifeMs = 5 * 60_000;
/** So many blocks before a breakpoint are looked at for a prefix that was written before. */
const lookBack = 20;
/** Prefixes that are remembered; more would let a long test grow. */
const rememberedPrefixes = 5_000;

/**
 * Prefix caching as the providers describe it. Anthropic: explicit breakpoints (at most 4), byte-exact prefixes of one model and one answer format,
 * a smallest length below which nothing is cached and nothing said, a life of five minutes from the last use, and entries that can be read once the
 * first answer has begun. OpenAI: no breakpoints, the longest known prefix in steps of 128 tokens, 1,024 at least.
 */
export class PromptCache {
  /** When each prefix was used last. */
  readonly #known = new Map<string, number>();
  readonly #options: PromptCacheOptions;

  constructor(options: PromptCacheOptions) {
    this.#options = options;
  }

  /** Anthropic's rules: what stands before the longest known prefix is read, from there up to the last breakpoint is written. */
  atBreakpoints(model: string, format: string, blocks: readonly CacheBlock[]): CacheLook {
    const least = this.#options.leastTokens ?? leastTokensOf(model);
    const whole = blocks.reduce((sum, block) => sum + countTokens(block.text), 0);
    const end = blocks.findLastIndex((block) => block.breakpoint);
    let tokens = 0;
    let prefix = `${model}\0${format}`;
    let read = 0;
    let last = 0;
    const wanted: string[] = [];
    for (const [index, block] of blocks.slice(0, end + 1).entries()) {
      tokens += countTokens(block.text);
      prefix += `\0${block.text}`;
      if (tokens < least) continue;
      if (end - index <= lookBack && this.#isLive(prefix)) {
        read = tokens;
        this.#use(prefix);
      }
      if (!block.breakpoint) continue;
      last = tokens;
      wanted.push(prefix);
    }
    const input = { read, written: Math.max(0, last - read), plain: whole - Math.max(read, last) };
    return { input, begin: () => this.#useAll(wanted) };
  }

  /** OpenAI's rules. */
  byLongestPrefix(model: string, text: string): CacheLook {
    const step = 128 * 4;
    let read = 0;
    const wanted: string[] = [];
    for (let end = step; end <= text.length; end += step) {
      const prefix = `${model}\0${text.slice(0, end)}`;
      if (this.#isLive(prefix)) read = end / 4;
      wanted.push(prefix);
    }
    const counted = read >= (this.#options.leastTokens ?? leastOfOthers) ? read : 0;
    return {
      input: { read: counted, written: 0, plain: countTokens(text) - counted },
      begin: () => this.#useAll(wanted),
    };
  }

  #isLive(prefix: string): boolean {
    const used = this.#known.get(prefix);
    return used !== undefined && this.#options.now() - used <= lifeMs;
  }

  #useAll(prefixes: readonly string[]): void {
    for (const each of prefixes) this.#use(each);
  }

  #use(prefix: string): void {
    if (this.#known.size >= rememberedPrefixes && !this.#known.has(prefix)) this.#known.clear();
    this.#known.set(prefix, this.#options.now());
  }
}

function leastTokensOf(model: string): number {
  return leastOfModels.find(([name]) => name.test(model))?.[1] ?? leastOfOthers;
}
