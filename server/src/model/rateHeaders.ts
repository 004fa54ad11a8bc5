import type { RateLimits } from './rateWindow.ts';

/** The limits of a minute that Anthropic names in its headers; undefined when it names none. */
export function anthropicLimits(headers: Headers | undefined): RateLimits | undefined {
  return limits(
    number(headers, 'anthropic-ratelimit-requests-limit'),
    number(headers, 'anthropic-ratelimit-tokens-limit') ?? number(headers, 'anthropic-ratelimit-input-tokens-limit'),
  );
}

/**
 * The limits of a minute that OpenAI and servers like it name in `x-ratelimit-*`. Small accounts are limited by the day under the same
 * names; what refills slower than in a minute or so is left to the answer 429.
 */
export function openAiLimits(headers: Headers | undefined): RateLimits | undefined {
  return limits(perMinute(headers, 'requests'), perMinute(headers, 'tokens'));
}

/** Milliseconds until OpenAI would answer again, for a 429 without `retry-after`: when what is used up is refilled. */
export function openAiResetMs(headers: Headers | undefined): number | undefined {
  const waits = (['requests', 'tokens'] as const).flatMap((what) => {
    const isUsedUp = number(headers, `x-ratelimit-remaining-${what}`) === 0;
    const wait = isUsedUp ? durationMs(headers?.get(`x-ratelimit-reset-${what}`) ?? '') : undefined;
    return wait === undefined ? [] : [wait];
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** Beyond this a window is no minute any more, whatever rounding did to it. */
const longestMinuteMs = 90_000;

function perMinute(headers: Headers | undefined, what: 'requests' | 'tokens'): number | undefined {
  const limit = number(headers, `x-ratelimit-limit-${what}`);
  const remaining = number(headers, `x-ratelimit-remaining-${what}`);
  const reset = durationMs(headers?.get(`x-ratelimit-reset-${what}`) ?? '');
  if (limit === undefined || remaining === undefined || reset === undefined || remaining >= limit) return limit;
  // A bucket that lacks `limit - remaining` is full after `reset`, so the whole of it takes this long.
  const windowMs = (reset * limit) / (limit - remaining);
  return windowMs > longestMinuteMs ? undefined : limit;
}

/** `6m0s`, `1h2m3.5s`, `120ms`: Go's durations. */
function durationMs(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text.trim()) return undefined;
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
  return parts.reduce((sum, [, value, name]) => sum + Number(value) * unit[name as keyof typeof unit], 0);
}

function number(headers: Headers | undefined, name: string): number | undefined {
  const text = headers?.get(name) ?? '';
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? undefined : value;
}

function limits(requests: number | undefined, tokens: number | undefined): RateLimits | undefined {
  const found = {
    ...(requests !== undefined && requests > 0 ? { requestsPerMinute: requests } : {}),
    ...(tokens !== undefined && tokens > 0 ? { tokensPerMinute: tokens } : {}),
  };
  return Object.keys(found).length === 0 ? undefined : found;
}
