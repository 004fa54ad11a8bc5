import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importance } from '../../../server/src/repository/importance.ts';
import { reading, readingInOrder, runIndex, writeRepository } from './indexedRepository.ts';

const root = writeRepository({
  'shop.py':
    'def order():\n    price()\n    price_of_parcel()\n\ndef price():\n    tax()\n\ndef price_of_parcel():\n    tax()\n\ndef tax():\n    pass\n\n' +
    'def loop():\n    back()\n\ndef back():\n    loop()\n',
});
const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
beforeAll(() => runIndex(root, home));
afterAll(() => {
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

function idOf(database: DatabaseSync, name: string): number {
  return Number(database.prepare('SELECT id FROM symbols WHERE name = ?').get(name)?.['id']);
}

/** Names with their shares, by rank. */
function ranked(seed: string, options?: Parameters<typeof importance>[2]): readonly (readonly [string, number])[] {
  return reading(root, home, (database) => {
    const name = database.prepare('SELECT name FROM symbols WHERE id = ?');
    return [...importance(database, [idOf(database, seed)], options)].map(
      ([id, share]) => [String(name.get(id)?.['name']), share] as const,
    );
  });
}

describe('importance by personalised PageRank', () => {
  it('is a distribution over what calls lead to, and knows nothing of what is apart', () => {
    const all = ranked('order');
    expect(all.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(all.map(([name]) => name).sort()).toEqual(['order', 'price', 'price_of_parcel', 'tax']);
  });

  it('agrees with the equations of the walk, solved by hand', () => {
    // loop and back call each other: l = 0.15 + 0.85 b, b = 0.85 l.
    const shares = new Map(ranked('loop'));
    expect(shares.get('loop')).toBeCloseTo(0.15 / (1 - 0.85 ** 2), 4);
    expect(shares.get('back')).toBeCloseTo((0.15 * 0.85) / (1 - 0.85 ** 2), 4);
  });

  it('puts what two ways lead to before what one does', () => {
    const shares = new Map(ranked('order'));
    expect(shares.get('tax')).toBeGreaterThan(shares.get('price') ?? 1);
  });

  it('looks at so many symbols as it is told, and needs a seed', () => {
    expect(ranked('order', { maxSymbols: 2 })).toHaveLength(2);
    reading(root, home, (database) => expect(importance(database, []).size).toBe(0));
  });

  it('does not depend on which file was read first', async () => {
    const files = {
      'use.py': 'from a import first\nfrom b import second\n\ndef order():\n    second()\n    first()\n',
      'a.py': 'def first():\n    pass\n',
      'b.py': 'def second():\n    pass\n',
    };
    const folder = writeRepository(files);
    const nearest = (paths: readonly string[]): Promise<readonly string[]> =>
      readingInOrder(folder, paths, (database) => {
        const name = database.prepare('SELECT name FROM symbols WHERE id = ?');
        const shares = importance(database, [idOf(database, 'order')], { maxSymbols: 2 });
        return [...shares.keys()].map((id) => String(name.get(id)?.['name']));
      });
    const orders = [await nearest(['a.py', 'b.py', 'use.py']), await nearest(['b.py', 'use.py', 'a.py'])];
    rmSync(folder, { recursive: true, force: true });
    expect(orders[0]?.toSorted()).toEqual(['first', 'order']);
    expect(orders[1]).toEqual(orders[0]);
  });
});
