import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectorNames, selectors } from '../../../server/src/context/select/selector.ts';
import { type Candidate, keyOf, type PieceJudge, type SelectionTask } from '../../../server/src/context/select/task.ts';
import { estimateTokens } from '../../../server/src/types/tokens.ts';

const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
const words = ['load', 'save', 'cart', 'price', 'user', 'total', 'parse', 'close'];

const candidate = fc
  .record({
    symbol: fc.integer({ min: 0, max: 12 }),
    role: fc.constantFrom('callee', 'caller', 'example', 'type'),
    text: fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 60 }),
    lineLength: fc.integer({ min: 1, max: 12 }),
    form: fc.constantFrom('signature', 'body', 'summary', 'skeleton'),
    score: fc.double({ min: 0.01, max: 1, noNaN: true }),
  })
  .map(({ symbol, role, text, lineLength, form, score }): Candidate => {
    const lines = text.map((word, index) => `${word}${(index + 1) % lineLength === 0 ? '\n' : ' '}`);
    const written = lines.join('').trimEnd();
    return {
      role: role as Candidate['role'],
      path: 'a.ts',
      symbol: `s${symbol}`,
      range,
      text: written,
      form: form as Candidate['form'],
      tokens: estimateTokens(written),
      score,
    };
  });

function task(candidates: readonly Candidate[], budget: number, more: Partial<SelectionTask> = {}): SelectionTask {
  return {
    candidates,
    budget,
    subjectTerms: ['load', 'cart', 'price'],
    seed: 1,
    signal: new AbortController().signal,
    ...more,
  };
}

function piece(symbol: string, score: number, more: Partial<Candidate> = {}): Candidate {
  return { role: 'callee', path: 'a.ts', symbol, range, text: symbol, form: 'signature', tokens: 10, score, ...more };
}

/** Whether a chosen piece shows a given one, as a whole or what is left of it when lines are left out. */
function shows(chosen: Candidate, { text, ...given }: Candidate): boolean {
  const lines = text.split('\n');
  return (
    keyOf(chosen) === keyOf(given as Candidate) &&
    chosen.text.split('\n').every((line) => line === '…' || lines.includes(line))
  );
}

for (const name of selectorNames) {
  describe(`the selector ${name}`, () => {
    it('keeps to the budget, chooses each symbol once and only what it was given, the same each time', () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(candidate, { maxLength: 25 }),
          fc.integer({ min: 1, max: 400 }),
          async (all, budget) => {
            const chosen = await selectors[name](task(all, budget));
            expect(chosen.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(budget);
            expect(new Set(chosen.map(keyOf)).size).toBe(chosen.length);
            for (const each of chosen) expect(all.some((given) => shows(each, given))).toBe(true);
            expect(await selectors[name](task(all, budget))).toEqual(chosen);
          },
        ),
        { numRuns: 40 },
      ));

    it('takes the one piece that fits', async () => {
      const fits = piece('small', 0.9);
      const large = piece('large', 1, { text: 'large '.repeat(300), tokens: estimateTokens('large '.repeat(300)) });
      expect(await selectors[name](task([fits, large], 20))).toEqual([fits]);
    });
  });
}

describe('the selector coverage shows of a piece', () => {
  const chosenTexts = async (candidates: readonly Candidate[], budget: number): Promise<readonly string[]> =>
    (await selectors.coverage(task(candidates, budget))).map(({ text }) => text);
  const sized = (symbol: string, text: string, more: Partial<Candidate> = {}): Candidate =>
    piece(symbol, 0.5, { text, tokens: estimateTokens(text), ...more });

  it('no line or sentence that says what is said already', async () => {
    const first = sized('a', 'load the cart: all prices', { score: 1 });
    const again = sized('b', 'save. Load the cart.\nParse it.', { form: 'summary' });
    expect(await chosenTexts([first, again], 400)).toEqual([first.text, 'save.\nParse it.']);
  });

  it('lines that fit where the whole does not, with marks for those between and its first line', async () => {
    const lines = [
      'function total()',
      ...Array.from({ length: 40 }, (_, at) => `  filler${at}of${at}text()`),
      '  cart()',
    ];
    const [text = ''] = await chosenTexts([sized('total', lines.join('\n'), { form: 'body' })], 20);
    expect(text.split('\n')[0]).toBe('function total()');
    expect(text).toContain('\n…\n  cart()');
  });

  it('what it cannot do without: a use site is its call', async () => {
    const text = 'def day(till):\n    price = load_cart_of_user()\n    till.close()\n    save_total()';
    const use = sized('day', text, { role: 'caller', form: 'body', keep: ['def day(till):', '    till.close()'] });
    for (const budget of [12, 20, 40])
      for (const shown of await chosenTexts([use], budget)) expect(shown).toMatch(/^def day[\s\S]*till\.close\(\)/);
  });

  it('where a class declares what the subject calls, when there is room, though its words are known', async () => {
    const stream = piece('Stream', 0.6, {
      role: 'type',
      form: 'skeleton',
      text: 'class Stream\n  def load(self)\n  def cart(self)\n  def load_cart(self)',
      tokens: 20,
    });
    const teller = piece('self', 0.9, { text: 'class load cart load_cart self def', form: 'summary' });
    const [shown] = (await selectors.coverage(task([stream, teller], 400))).filter(({ symbol }) => symbol === 'Stream');
    expect(shown?.text).toBe('class Stream\n  def load(self)\n  def cart(self)\n…');
  });
});

describe('what tells the selectors apart', () => {
  it('gradient stops where relevance drops, top-k does not', async () => {
    const all = [0.9, 0.88, 0.86, 0.85, 0.84, 0.3, 0.29].map((score, index) => piece(`s${index}`, score));
    expect(await selectors.gradient(task(all, 1000))).toHaveLength(5);
    expect(await selectors['top-k'](task(all, 1000))).toHaveLength(7);
  });

  it('gradient asks its judge twice at most', async () => {
    const all = [0.9, 0.88, 0.86, 0.85, 0.2, 0.1, 0.05].map((score, index) => piece(`s${index}`, score));
    let asked = 0;
    const judge: PieceJudge = async ({ offered: [piece] }) => {
      asked++;
      return piece && { change: 'add', piece };
    };
    const drop: PieceJudge = async ({ kept: [piece] }) => piece && { change: 'drop', piece };
    expect(await selectors.gradient(task(all, 1000, { judge }))).toHaveLength(6);
    expect(asked).toBe(2);
    expect(await selectors.gradient(task(all, 1000, { judge: drop }))).toEqual(all.slice(2, 4));
    expect(await selectors.gradient(task(all, 1000, { judge: async () => undefined }))).toHaveLength(4);
    const foreign = { change: 'add', piece: piece('elsewhere', 1) } as const;
    expect(await selectors.gradient(task(all, 1000, { judge: async () => foreign }))).toHaveLength(4);
  });

  it('coverage and mcts prefer what explains the subject to what repeats the chosen', async () => {
    const first = piece('a', 0.5, { text: 'load cart' });
    const again = piece('b', 0.5, { text: 'load cart' });
    const other = piece('c', 0.45, { text: 'price total' });
    for (const name of ['coverage', 'mcts'] as const) {
      const chosen = await selectors[name](task([first, again, other], 20));
      expect(chosen.map(({ symbol }) => symbol).sort(), name).toContain('c');
    }
  });
});
