import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRepositoryContext, type RepositoryContext } from '../../../server/src/context/repositoryContext.ts';
import {
  type RepositorySource,
  readableIndex,
  repositorySource,
} from '../../../server/src/context/repositorySource.ts';
import { subjectOf } from '../../../server/src/summary/subjects.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import type { ContextPiece } from '../../../server/src/types/summary.ts';
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
    """Serves everybody who comes in a day."""
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
let source: RepositorySource;
let context: RepositoryContext;
const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
beforeAll(async () => {
  root = writeRepository(files);
  home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  await runIndex(root, home);
  database = new DatabaseSync(locationOf(root, home).database);
  source = repositorySource(readableIndex(database), {
    toIndex: ({ path: file }) => file,
    fromIndex: (file) => ({ uri: `file:///repository/${file}`, path: file }),
    textOf: async (file) => readFileSync(path.join(root, file), 'utf8'),
  });
  context = createRepositoryContext({
    sourceOf: () => source,
    syntax,
    lineOf: () => undefined,
    lineAt: () => undefined,
  });
});
afterAll(() => {
  context.dispose();
  syntax.dispose();
  database.close();
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

interface Gathered {
  readonly symbol: string;
  readonly tokens: number;
  readonly pieces: readonly ContextPiece[];
}

async function gather(file: keyof typeof files, line: number, budget: number, from = context): Promise<Gathered> {
  const doc = await syntax.open('python', readFileSync(path.join(root, file), 'utf8'));
  try {
    const index = doc.symbolAt(line);
    if (index === undefined) throw new Error(`No symbol at ${file}:${line}`);
    const document = { uri: `file:///repository/${file}`, path: file, repository: 'repository', syntax: doc };
    const pieces = await from.gather(subjectOf(document, index), doc, budget, new AbortController().signal);
    const symbol = doc.outline.symbols[index]?.name ?? '';
    return { symbol, pieces, tokens: pieces.reduce((sum, piece) => sum + piece.tokens, 0) };
  } finally {
    doc.dispose();
  }
}

describe('the context of a file', () => {
  const gatherFile = async (file: keyof typeof files, budget: number) => {
    const doc = await syntax.open('python', readFileSync(path.join(root, file), 'utf8'));
    const document = { uri: `file:///repository/${file}`, path: file, repository: 'repository', syntax: doc };
    const subject = subjectOf(document, 'file');
    const pieces = await context.gather(subject, doc, budget, new AbortController().signal);
    const now = pieces.map((piece) => context.currentHash(subject, doc, piece));
    doc.dispose();
    return { pieces, now };
  };

  it('is who uses the file and what of other files it builds on', async () => {
    const { pieces, now } = await gatherFile('shop/till.py', 1000);
    expect(pieces.map(({ role, path: file, symbol }) => `${role} ${file} ${symbol}`).sort()).toEqual([
      'caller shop/day.py whole_day',
      'sibling shop/cards.py charge_card',
    ]);
    expect(pieces.find(({ role }) => role === 'sibling')?.text).toBe('charge_card: Asks the bank for an amount.');
    expect(pieces.find(({ role }) => role === 'caller')?.text).toContain('Till.take_payment(till, customer, 5)');
    expect(now).toEqual(pieces.map(({ hash }) => hash));
    // Told by name: no hash of the file that it lies in.
    expect(pieces.every((piece) => piece.file === undefined)).toBe(true);
  });

  it('keeps to the budget', async () => {
    const { pieces } = await gatherFile('shop/till.py', 40);
    expect(pieces.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(40);
  });
});

describe('the context of a symbol', () => {
  it('has the class, what is called, who calls, and documented functions that are alike', async () => {
    const { symbol, pieces } = await gather('shop/till.py', 10, 1000);
    expect(symbol).toBe('take_payment');
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
    // What a caller is for says why the subject exists.
    expect(pieces.find(({ role }) => role === 'caller')?.text).toContain('Serves everybody who comes in a day.');
    // What it calls is shown by itself, so that the class need not name it again.
    const skeleton = pieces.find(({ role }) => role === 'class')?.text;
    expect(skeleton).toContain('class Till');
    expect(pieces.filter(({ text }) => text.includes('def open_drawer'))).toHaveLength(1);
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

  it('keeps to its budget', async () => {
    for (const budget of [1, 30, 100, 400]) {
      const { pieces, tokens } = await gather('shop/till.py', 10, budget);
      expect(tokens).toBeLessThanOrEqual(budget);
      expect(pieces.reduce((sum, piece) => sum + piece.tokens, 0)).toBe(tokens);
    }
    expect((await gather('shop/till.py', 10, 1)).pieces).toEqual([]);
  });

  it('is that of the file alone while there is no index', async () => {
    const alone = createRepositoryContext({
      sourceOf: () => undefined,
      syntax,
      lineOf: () => undefined,
      lineAt: () => undefined,
    });
    const { pieces } = await gather('shop/till.py', 10, 1000, alone);
    expect(pieces.map(({ role, symbol }) => `${role} ${symbol ?? ''}`).sort()).toEqual([
      'callee Till.open_drawer',
      'class Till',
      'import ',
    ]);
    alone.dispose();
  });
});
