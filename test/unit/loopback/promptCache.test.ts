import { describe, expect, it } from 'vitest';
import { PromptCache } from '../../loopback/promptCache.ts';

const long = (letter: string, tokens: number) => letter.repeat(tokens * 4);
const block = (text: string, breakpoint = true) => ({ text, breakpoint });
const minute = 60_000;

function cache(now = { ms: 0 }) {
  return { cache: new PromptCache({ now: () => now.ms }), now };
}

function ask(on: PromptCache, blocks: readonly ReturnType<typeof block>[], model = 'm', format = '') {
  const look = on.atBreakpoints(model, format, blocks);
  look.begin();
  return look.input;
}

describe('the cache of the loopback server by the rules of Anthropic', () => {
  it('writes up to the last breakpoint, and reads the longest known prefix', () => {
    const { cache: on } = cache();
    const shared = block(long('s', 1100));
    expect(ask(on, [shared, block(long('a', 500)), block('question', false)])).toEqual({
      read: 0,
      written: 1600,
      plain: 2,
    });
    expect(ask(on, [shared, block(long('a', 500)), block('other', false)])).toEqual({
      read: 1600,
      written: 0,
      plain: 2,
    });
    expect(ask(on, [shared, block(long('b', 500)), block('question', false)])).toEqual({
      read: 1100,
      written: 500,
      plain: 2,
    });
  });

  it.each([
    ['claude-haiku-5-5', 1023, 0],
    ['claude-haiku-5-5', 1024, 1024],
    ['claude-haiku-4-5-20251001', 4095, 0],
    ['claude-haiku-4-5-20251001', 4096, 4096],
  ])('caches nothing below the least length of %s: %i tokens', (model, tokens, read) => {
    const { cache: on } = cache();
    ask(on, [block(long('s', tokens))], model);
    expect(ask(on, [block(long('s', tokens))], model).read).toBe(read);
  });

  it('lets nobody read before the answer has begun', () => {
    const { cache: on } = cache();
    const first = on.atBreakpoints('m', '', [block(long('s', 1100))]);
    expect(on.atBreakpoints('m', '', [block(long('s', 1100))]).input.read).toBe(0);
    first.begin();
    expect(on.atBreakpoints('m', '', [block(long('s', 1100))]).input.read).toBe(1100);
  });

  it('forgets five minutes after the last use, not after the first', () => {
    const { cache: on, now } = cache();
    const blocks = [block(long('s', 1100))];
    ask(on, blocks);
    now.ms = 4 * minute;
    expect(ask(on, blocks).read).toBe(1100);
    now.ms = 8 * minute;
    expect(ask(on, blocks).read).toBe(1100);
    now.ms = 13.1 * minute;
    expect(ask(on, blocks).read).toBe(0);
  });

  it('knows a prefix for one model and one answer format only, and only byte for byte', () => {
    const { cache: on } = cache();
    ask(on, [block(long('s', 1100))]);
    expect(ask(on, [block(long('s', 1100))], 'other').read).toBe(0);
    expect(ask(on, [block(long('s', 1100))], 'm', 'format').read).toBe(0);
    expect(ask(on, [block(`${long('s', 1099)}S...`)]).read).toBe(0);
  });
});
