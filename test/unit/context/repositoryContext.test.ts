import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatherFromIndex, type RepositoryContext } from '../../../server/src/context/repositoryContext.ts';
import { locationOf, runIndex, writeRepository } from '../repository/indexedRepository.ts';

const secret = 'Charges the card of a customer and sends the receipt';
const files = {
  'shop/till.py': `from shop.cards import charge_card


class Till:
    """Takes money."""

    def open_drawer(self):
        """Opens the drawer."""
        pass

    def take_payment(self, customer, amount):
        """${secret}.

        Twice when needed.
        """
        charge_card(customer, amount)
        self.open_drawer()
`,
  'shop/cards.py': `def charge_card(customer, amount):
    """Asks the bank for an amount."""
    return bank(customer, amount)
`,
  'shop/day.py': `from shop.till import Till

def whole_day(till):
    for customer in range(10):
        Till.take_payment(till, customer, 5)
`,
  'copied/till.py': `class OldTill:
    def take_payment(self, customer, amount):
        """Charges the card of a
        customer and sends the receipt. Copied."""
        charge_card(customer, amount)
`,
  'shop/refund.py': `def refund_payment(customer, amount):
    """Gives the amount back to the customer."""
    charge_card(customer, -amount)
`,
};

let root = '';
let home = '';
let database: DatabaseSync;
beforeAll(async () => {
  root = writeRepository(files);
  home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  await runIndex(root, home);
  database = new DatabaseSync(locationOf(root, home).database);
});
afterAll(() => {
  database.close();
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

async function gather(file: keyof typeof files, line: number, budget: number): Promise<RepositoryContext> {
  const linesOf = (name: string) => Promise.resolve(readFileSync(path.join(root, name), 'utf8').split('\n'));
  const found = await gatherFromIndex(database, { path: file, line, budget, linesOf });
  if (found === undefined) throw new Error(`No symbol at ${file}:${line}`);
  return found;
}

describe('the context of a symbol', () => {
  it('has the class, what is called, who calls, and documented functions that are alike', async () => {
    const { subject, pieces } = await gather('shop/till.py', 10, 1000);
    expect(subject.symbolPath).toBe('Till.take_payment');
    const shown = pieces.map(({ role, path: file, symbol }) => `${role} ${file} ${symbol}`);
    expect(shown).toEqual(
      expect.arrayContaining([
        'class shop/till.py Till',
        'callee shop/cards.py charge_card',
        'callee shop/till.py Till.open_drawer',
        'caller shop/day.py whole_day',
        'example shop/refund.py refund_payment',
      ]),
    );
    expect(pieces.find(({ symbol }) => symbol === 'charge_card')?.text).toContain('Asks the bank for an amount.');
    expect(pieces.find(({ role }) => role === 'caller')?.text).toContain('Till.take_payment(till, customer, 5)');
    const skeleton = pieces.find(({ role }) => role === 'class')?.text;
    expect(skeleton).toContain('open_drawer');
    expect(skeleton).not.toContain('take_payment');
  });

  it("never holds the symbol's own doc comment, not even from a copy elsewhere", async () => {
    for (const budget of [50, 200, 1000, 10_000]) {
      const { pieces } = await gather('shop/till.py', 10, budget);
      const all = pieces.map(({ text }) => text.replace(/\s+/g, ' ')).join('\n');
      expect(all).not.toContain(secret);
      expect(all).not.toContain('Twice when needed');
    }
    const copy = await gather('copied/till.py', 1, 10_000);
    expect(copy.pieces.map(({ text }) => text.replace(/\s+/g, ' ')).join('\n')).not.toContain(secret);
    // The other way round: somebody else's context may well quote it.
    const other = await gather('shop/refund.py', 0, 10_000);
    expect(other.pieces.map(({ text }) => text.replace(/\s+/g, ' ')).join('\n')).toContain(secret);
  });

  it('keeps to its budget, best pieces first', async () => {
    for (const budget of [1, 30, 100, 400]) {
      const { pieces, tokens } = await gather('shop/till.py', 10, budget);
      expect(tokens).toBeLessThanOrEqual(budget);
      expect(pieces.reduce((sum, piece) => sum + piece.tokens, 0)).toBe(tokens);
      const scores = pieces.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    }
    expect((await gather('shop/till.py', 10, 1)).pieces).toEqual([]);
  });

  it('knows nothing of lines outside all symbols', async () => {
    const linesOf = () => Promise.resolve(undefined);
    expect(await gatherFromIndex(database, { path: 'shop/none.py', line: 0, budget: 10, linesOf })).toBeUndefined();
  });
});
