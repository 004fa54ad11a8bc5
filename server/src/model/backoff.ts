import type { ModelError, ModelErrorKind } from '../types/errors.ts';

/**
 * How often a request is sent at most, by what went wrong. Kinds that are not listed are final at once: a bad answer among them, because who
 * asked asks once more and says what was wrong (`summary/ask.ts`, `partition/model.ts`), and the two must not multiply.
 */
const attempts: Partial<Record<ModelErrorKind, number>> = {
  rateLimited: 6,
  overloaded: 6,
  network: 3,
};

const firstDelay = 1000;
const longestDelay = 60_000;
/** Share of the delay that chance may take off, so that many clients do not come back at once. */
const jitter = 0.25;

/**
 * Milliseconds until a failed request is sent again; undefined when it must not be. What the provider asked for (`retry-after`) is kept
 * exactly; else the delay doubles from one second to one minute.
 * @param tried how often the request has been sent.
 * @param random a number in [0, 1).
 */
export function retryDelay(error: ModelError, tried: number, random: () => number): number | undefined {
  if (tried >= (attempts[error.kind] ?? 1)) return undefined;
  if (error.retryAfterMs !== undefined) return error.retryAfterMs;
  const delay = Math.min(longestDelay, firstDelay * 2 ** (tried - 1));
  return delay * (1 - jitter * random());
}
