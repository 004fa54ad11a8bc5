import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLoopback } from '../../../server/src/model/endpoint.ts';
import { costOf, type Price, priceOf, pricesAsOf, worstCost } from '../../../server/src/model/prices.ts';
import { retryAfterMs } from '../../../server/src/model/retryAfter.ts';

const million = { plain: 1_000_000, cacheRead: 0, cacheWritten: 0, output: 0 };

function known(model: string): Price {
  const price = priceOf(model, {});
  if (price === undefined) throw new Error(`no price for ${model}`);
  return price;
}

describe('prices', () => {
  it('carry the day on which they were looked up', () => {
    expect(pricesAsOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it('are those of the table, also for a dated name', () => {
    expect(costOf(known('claude-sonnet-5-5'), million)).toBe(2);
    expect(priceOf('claude-haiku-4-5-20251001', {})).toEqual(known('claude-haiku-4-5'));
  });

  it('rise for a whole request above the step of its model', () => {
    const haiku = known('claude-haiku-5-5');
    expect(costOf(haiku, { plain: 100_000, cacheRead: 0, cacheWritten: 0, output: 0 })).toBeCloseTo(0.01, 10);
    expect(costOf(haiku, { plain: 60_000, cacheRead: 40_001, cacheWritten: 0, output: 0 })).toBeCloseTo(0.03200005, 10);
  });

  it('are the user’s own where set, and unknown otherwise', () => {
    expect(
      costOf(priceOf('my-model', { 'my-model': { input: 3, output: 4 } })!, { ...million, output: 1_000_000 }),
    ).toBe(7);
    expect(costOf(priceOf('claude-haiku-5-5', { 'claude-haiku-5-5': { input: 9, output: 9 } })!, million)).toBe(9);
    expect(priceOf('mystery', {})).toBeUndefined();
    expect(priceOf('constructor', {})).toBeUndefined();
  });

  it('have a worst case that no honest bill exceeds', () => {
    const models = fc.constantFrom('claude-haiku-5-5', 'claude-sonnet-5-5', 'claude-opus-5-5');
    fc.assert(
      fc.property(
        models,
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.nat(2000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (model, text, limit, share) => {
          const tokens = Buffer.byteLength(text);
          const read = Math.floor(tokens * share);
          const bill = { plain: 0, cacheRead: read, cacheWritten: tokens - read, output: limit };
          expect(costOf(known(model), bill)).toBeLessThanOrEqual(worstCost(known(model), [text], limit));
        },
      ),
    );
  });
});

describe('a loopback endpoint', () => {
  it.each(['http://127.0.0.1:11434/v1', 'http://localhost:1234', 'http://[::1]:8080', 'http://127.9.9.9'])(
    'is %s',
    (url) => {
      expect(isLoopback(url)).toBe(true);
    },
  );
  it.each([
    'https://api.anthropic.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://0.0.0.0',
    'http://10.0.0.1',
    'nonsense',
    '',
  ])('is not %s', (url) => {
    expect(isLoopback(url)).toBe(false);
  });
});

describe('retry-after', () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ['in seconds', { 'retry-after': '7' }, 7000],
    ['in milliseconds, which is preferred', { 'retry-after': '7', 'retry-after-ms': '1500' }, 1500],
    ['as a date', { 'retry-after': 'Thu, 01 Jan 1970 00:01:00 GMT' }, 59_000],
    ['in the past', { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
    ['unreadable', { 'retry-after': 'soon' }, undefined],
    ['absent', {}, undefined],
  ])('is understood %s', (_, headers, expected) => {
    expect(retryAfterMs(new Headers(headers), 1000)).toBe(expected);
  });
});
