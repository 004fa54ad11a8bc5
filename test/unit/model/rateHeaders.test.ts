import { describe, expect, it } from 'vitest';
import { anthropicLimits, openAiLimits, openAiResetMs } from '../../../server/src/model/rateHeaders.ts';

const openAi = (values: Record<string, string>): Headers =>
  new Headers(Object.entries(values).map(([name, value]): [string, string] => [`x-ratelimit-${name}`, value]));

describe('limits that a provider names', () => {
  it.each([
    [{}, undefined],
    [
      { 'limit-requests': '500', 'limit-tokens': '30000' },
      { requestsPerMinute: 500, tokensPerMinute: 30_000 },
    ],
    [{ 'limit-requests': '0', 'limit-tokens': 'many' }, undefined],
    [{ 'limit-requests': '500', 'remaining-requests': '499', 'reset-requests': '120ms' }, { requestsPerMinute: 500 }],
    // One of 200 a day comes back after 7 minutes and 12 seconds.
    [
      {
        'limit-requests': '200',
        'remaining-requests': '199',
        'reset-requests': '7m12s',
        'limit-tokens': '60000',
        'remaining-tokens': '59000',
        'reset-tokens': '1s',
      },
      { tokensPerMinute: 60_000 },
    ],
  ])('OpenAI and servers like it: %j', (headers, limits) => {
    expect(openAiLimits(openAi(headers as Record<string, string>))).toEqual(limits);
  });

  it('Anthropic: input tokens where there is no common limit', () => {
    const headers = new Headers({ 'anthropic-ratelimit-input-tokens-limit': '40000' });
    expect(anthropicLimits(headers)).toEqual({ tokensPerMinute: 40_000 });
    expect(anthropicLimits(undefined)).toBeUndefined();
  });

  it.each([
    [{ 'remaining-requests': '0', 'reset-requests': '6m0s' }, 360_000],
    [
      { 'remaining-tokens': '0', 'reset-tokens': '1h2m3.5s', 'remaining-requests': '3', 'reset-requests': '9h' },
      3_723_500,
    ],
    [{ 'remaining-tokens': '0', 'reset-tokens': 'soon' }, undefined],
    [{}, undefined],
  ])('a 429 without retry-after waits for what is used up: %j', (headers, ms) => {
    expect(openAiResetMs(openAi(headers as Record<string, string>))).toBe(ms);
  });
});
