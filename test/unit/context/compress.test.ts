import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compressText } from '../../../server/src/context/compress/blocks.ts';
import { compressTogether } from '../../../server/src/context/compress/compress.ts';
import { type Item, packed } from '../../../server/src/context/compress/knapsack.ts';
import { leakGuard } from '../../../server/src/context/leak.ts';
import { NgramScorer } from '../../../server/src/partition/ngramScorer.ts';
import { estimateTokens } from '../../../server/src/types/tokens.ts';

const ports = { scorer: new NgramScorer(), signal: new AbortController().signal };

describe('packing', () => {
  const items = fc.array(
    fc.record({ tokens: fc.integer({ min: 1, max: 12 }), value: fc.integer({ min: 0, max: 20 }) }),
    {
      maxLength: 9,
    },
  );
  const worth = (all: readonly Item[], chosen: Iterable<number>) =>
    [...chosen].reduce((sum, index) => sum + (all[index]?.value ?? 0), 0);

  it('is as good as trying every set', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 0, max: 40 }), (all, capacity) => {
        let best = 0;
        for (let set = 0; set < 2 ** all.length; set++) {
          const chosen = [...all.keys()].filter((index) => (set >> index) % 2 === 1);
          const tokens = chosen.reduce((sum, index) => sum + (all[index]?.tokens ?? 0), 0);
          if (tokens <= capacity) best = Math.max(best, worth(all, chosen));
        }
        const chosen = packed(all, capacity);
        expect([...chosen].reduce((sum, index) => sum + (all[index]?.tokens ?? 0), 0)).toBeLessThanOrEqual(capacity);
        expect(worth(all, chosen)).toBe(best);
      }),
      { numRuns: 100 },
    );
  });
});

describe('compression', () => {
  const line = fc.constantFrom(
    'def load(cart):',
    '  total = 0',
    '  for item in cart:',
    '    total += item.price',
    '  return total',
    '',
  );
  const code = fc.array(line, { minLength: 1, maxLength: 60 }).map((lines) => lines.join('\n'));

  it('keeps to its budget, and a text that fits as it is; what it shows stood there in this order', () =>
    fc.assert(
      fc.asyncProperty(code, fc.integer({ min: 3, max: 200 }), async (text, budget) => {
        const short = await compressText(text, { question: 'total price of a cart', budget }, ports);
        if (estimateTokens(text) <= budget) expect(short).toBe(text);
        else {
          expect(estimateTokens(short)).toBeLessThanOrEqual(budget + 1);
          let from = 0;
          for (const shown of short.split('\n').filter((each) => !each.includes('…'))) {
            const at = text.indexOf(shown, from);
            expect(at).toBeGreaterThanOrEqual(0);
            from = at + shown.length;
          }
        }
      }),
      { numRuns: 60 },
    ));

  it('keeps the head and the lines that the question is about', async () => {
    const filler = Array.from({ length: 30 }, (_, n) => `    other_${n} = configure(option_${n}, ${n})`);
    const text = ['def bill(cart):', ...filler, '    price = lookup_price(cart)', '    return price'].join('\n');
    const short = await compressText(text, { question: 'price = lookup_price(cart)', budget: 60 }, ports);
    expect(short).toContain('def bill(cart):');
    expect(short).toContain('lookup_price(cart)');
    expect(short).toContain('…');
  });

  it('leaves no text without a trace while the heads fit', async () => {
    const texts = ['alpha', 'beta', 'gamma'].map((name) =>
      [`def ${name}(x):`, ...Array.from({ length: 40 }, (_, n) => `    ${name}_${n} = x + ${n}`)].join('\n'),
    );
    const short = await compressTogether(texts, { question: 'def beta(x):', budget: 300 }, ports);
    expect(short.map((text) => text.split('\n', 1)[0])).toEqual(texts.map((text) => text.split('\n', 1)[0]));
    expect(short.reduce((sum, text) => sum + estimateTokens(text), 0)).toBeLessThanOrEqual(303);
  });

  it('gives what a text does not need of its share to the others', async () => {
    const textOf = (name: string): string =>
      [`def ${name}(x):`, ...Array.from({ length: 40 }, (_, n) => `    ${name}_${n} = x + ${n}`)].join('\n');
    const texts = ['alpha', 'beta'].map(textOf);
    const budget = Math.floor(texts.reduce((sum, text) => sum + estimateTokens(text), 0) * 0.85);
    const [alpha = '', beta = ''] = await compressTogether(texts, { question: textOf('alpha'), budget }, ports);
    expect(alpha).toBe(texts[0]);
    expect(estimateTokens(alpha) + estimateTokens(beta)).toBeGreaterThan(budget * 0.93);
  });
});

describe('the guard against leaks', () => {
  it('finds a comment and its sentences whatever stands between the words, and takes their lines out', () => {
    const guard = leakGuard('Charges the card of a customer. Sends a receipt by mail afterwards.');
    expect(guard.leaks('# charges THE card\n# of a customer')).toBe(true);
    expect(guard.leaks('sends a receipt by mail afterwards')).toBe(true);
    expect(guard.leaks('charges a card')).toBe(false);
    expect(guard.clean('def f():\n  Charges the card of a customer.\n  pass')).toBe('def f():\n  pass');
    expect(guard.clean('charges the card\nof a customer')).toBe('');
  });

  it('takes nothing out where there is no comment, or one that says nothing of its own', () => {
    for (const doc of ['', 'Opens.', 'Close it'])
      expect(leakGuard(doc).clean('close it and open')).toBe('close it and open');
  });
});
