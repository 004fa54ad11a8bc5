import table from './prices.json' with { type: 'json' };

/** US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** Input that the provider read from its prompt cache. */
  readonly cached: number;
  /** Input that the provider wrote into its prompt cache. */
  readonly cacheWrite: number;
  /** What a request costs whose whole input exceeds this many tokens. */
  readonly above?: Omit<Price, 'above'> & { readonly tokens: number };
}

/** What the user may say of a model (setting `codegloss.prices`). */
export interface PriceSetting {
  readonly input: number;
  readonly output: number;
  readonly cached?: number | undefined;
}

/** Tokens of one request by how they are billed. */
export interface BilledTokens {
  /** Input that was neither read from nor written to a cache. */
  readonly plain: number;
  readonly cacheRead: number;
  readonly cacheWritten: number;
  readonly output: number;
}

/** The day of the built-in table, for reports. */
export const pricesAsOf: string = table.asOf;

const builtIn = new Map<string, Price>(Object.entries(table.models));

/**
 * The price of a model: the user's own first, then the dated table. A name with a date at its end (`-20251001`) has the price of the name
 * before it. Undefined where none is known: money is never guessed.
 */
export function priceOf(model: string, settings: Readonly<Record<string, PriceSetting>>): Price | undefined {
  const undated = model.replace(/-\d{8}$/, '');
  for (const name of [model, undated]) {
    const own = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (own !== undefined) return fromSetting(own);
  }
  return builtIn.get(model) ?? builtIn.get(undated);
}

/** A user who names no cached price pays the full one; writing costs what Anthropic adds, so that a worst case stays one. */
function fromSetting(own: PriceSetting): Price {
  return {
    input: own.input,
    output: own.output,
    cached: own.cached ?? own.input,
    cacheWrite: own.input * 1.25,
  };
}

/** US dollars of one request. */
export function costOf(price: Price, tokens: BilledTokens): number {
  const whole = tokens.plain + tokens.cacheRead + tokens.cacheWritten;
  const rate = price.above !== undefined && whole > price.above.tokens ? price.above : price;
  const micros =
    tokens.plain * rate.input +
    tokens.cacheRead * rate.cached +
    tokens.cacheWritten * rate.cacheWrite +
    tokens.output * rate.output;
  return micros / 1_000_000;
}

/**
 * The most that a request may cost, in US dollars. Every token is at least one byte of UTF-8, so the bytes of the prompt bound its tokens
 * from above; all of them are billed at the dearest kind of input.
 */
export function worstCost(price: Price, prompt: readonly string[], maxOutputTokens: number): number {
  const input = prompt.reduce((sum, text) => sum + Buffer.byteLength(text), 0) + wireOverhead;
  const plain = costOf(price, { plain: input, cacheRead: 0, cacheWritten: 0, output: maxOutputTokens });
  const read = costOf(price, { plain: 0, cacheRead: input, cacheWritten: 0, output: maxOutputTokens });
  const written = costOf(price, { plain: 0, cacheRead: 0, cacheWritten: input, output: maxOutputTokens });
  return Math.max(plain, read, written);
}

/** Tokens that a provider adds around our text: roles, and the instructions that structured output brings. */
const wireOverhead = 1000;
