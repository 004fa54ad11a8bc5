import { describe, expect, it } from 'vitest';
import { cacheRuleOf, prefixesOf, promptCacheOf } from '../../../server/src/model/cacheRules.ts';
import { PrefixTurns } from '../../../server/src/model/prefixTurns.ts';
import { priceOf } from '../../../server/src/model/prices.ts';
import { requestFor } from './requests.ts';

describe('turns of requests that begin alike', () => {
  it('lets one go first, and the others when its answer begins', () => {
    const turns = new PrefixTurns();
    const leader = {};
    expect(turns.mustWait(['a', 'a b'])).toBe(false);
    turns.send(leader, ['a', 'a b'], 0);
    expect(turns.mustWait(['a', 'a c'])).toBe(true);
    expect(turns.mustWait(['z'])).toBe(false);
    expect(turns.begin(leader, ['a', 'a b'], 1)).toBe(true);
    expect(turns.mustWait(['a', 'a c'])).toBe(false);
  });

  it('lets many read what was written lately, and one write it anew when it has grown old', () => {
    const turns = new PrefixTurns();
    turns.send({}, ['a'], 0);
    turns.send({}, ['z'], 0);
    const leader = {};
    turns.begin(leader, ['a'], 0);
    turns.end(leader, ['a']);
    const cold = new PrefixTurns();
    cold.begin(leader, ['a'], 0);
    cold.send({}, ['a'], 60_000);
    expect(cold.mustWait(['a'])).toBe(false);
    cold.send({}, ['a'], 60_000 + 5 * 60_000);
    expect(cold.mustWait(['a'])).toBe(true);
  });

  it('hands a beginning on whose writer failed', () => {
    const turns = new PrefixTurns();
    const leader = {};
    turns.send(leader, ['a'], 0);
    expect(turns.end({}, ['a'])).toBe(false);
    expect(turns.mustWait(['a'])).toBe(true);
    expect(turns.end(leader, ['a'])).toBe(true);
    expect(turns.mustWait(['a'])).toBe(false);
  });
});

describe('what a provider caches', () => {
  const anthropic = { provider: 'anthropic', model: 'claude-haiku-5-5' } as const;
  const prompt = (file: string) =>
    [
      { role: 'system', text: 's'.repeat(4_000) },
      { role: 'file', text: file },
      { role: 'subject', text: 'x'.repeat(9_000) },
    ] as const;

  it('is how requests begin, as far as that is long enough: the subject never counts', () => {
    const rule = cacheRuleOf(anthropic);
    const one = prefixesOf(requestFor({ prompt: prompt('one file') }), rule);
    const other = prefixesOf(requestFor({ prompt: prompt('another') }), rule);
    expect(one).toHaveLength(2);
    expect(other[0]).toBe(one[0]);
    expect(other[1]).not.toBe(one[1]);
    const short = requestFor({ prompt: [{ role: 'system', text: 'short' }, ...prompt('').slice(2)] });
    expect(prefixesOf(short, rule)).toEqual([]);
    expect(prefixesOf(requestFor({ prompt: prompt('one file'), schema: { type: 'string' } }), rule)).not.toEqual(one);
  });

  it('pays only where a price says that reading is cheap', () => {
    expect(promptCacheOf(anthropic, priceOf('claude-haiku-5-5', {}), true)).toEqual({
      leastTokens: 1024,
      inTurn: true,
    });
    expect(promptCacheOf(anthropic, undefined, true)).toBeUndefined();
    const full = priceOf('mine', { mine: { input: 1, output: 2 } });
    expect(promptCacheOf({ provider: 'openai', model: 'mine' }, full, true)).toBeUndefined();
    expect(promptCacheOf({ provider: 'editor', model: 'any' }, priceOf('claude-haiku-5-5', {}), true)).toBeUndefined();
  });

  it.each([
    ['claude-haiku-4-5-20251001', 4096],
    ['claude-opus-4-6', 4096],
    ['claude-sonnet-4-6', 2048],
    ['claude-sonnet-5-5', 1024],
  ])('begins at a length of its own for %s', (model, leastTokens) => {
    expect(cacheRuleOf({ provider: 'anthropic', model })).toEqual({ kind: 'breakpoints', leastTokens });
  });
});
