import { mkdirSync, mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { OpenBuffer } from '../../../server/src/repository/openBuffers.ts';
import { openRepositoryIndex, type RepositoryIndex } from '../../../server/src/repository/repositoryIndex.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import { contentOf, locationOf, runIndex, writeRepository } from './indexedRepository.ts';

const assets = { bundled: false, root: path.resolve(import.meta.dirname, '../../..') };
const open: RepositoryIndex[] = [];
const made: string[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((index) => index.dispose()));
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  made.push(home);
  return home;
}

function newRepository(files: Readonly<Record<string, string>>): string {
  const root = writeRepository(files);
  made.push(root);
  return root;
}

async function opened(root: string, home: string, buffers?: () => readonly OpenBuffer[]): Promise<RepositoryIndex> {
  const index = openRepositoryIndex({
    location: locationOf(root, home),
    assets,
    threads: 1,
    ignore: [],
    yields: true,
    ...(buffers === undefined ? {} : { buffers }),
  });
  open.push(index);
  expect(await index.ready, JSON.stringify(index.state)).toBeDefined();
  return index;
}

const never = new AbortController().signal;
const shop = {
  'src/cart.ts':
    "import { roundCents } from './money.ts';\nexport class Cart {\n  add(): void { this.refresh(); }\n  refresh(): void { roundCents(1); }\n}\n",
  'src/money.ts': 'export function roundCents(amount: number): number { return amount; }\n',
  'src/user.ts':
    "import { Cart } from './cart.ts';\nexport function buy(): void { new Cart().add(); roundCents(2); }\n",
  '.gitignore': 'ignored/\n',
};
/** Everything that the index says of a repository after changes must be what a clean index says. */
async function expectClean(root: string, home: string): Promise<void> {
  const clean = newHome();
  await runIndex(root, clean);
  expect(contentOf(root, home)).toEqual(contentOf(root, clean));
}

describe('an open index', () => {
  it('answers after its first run, and follows single files: changed, new, renamed, deleted', {
    timeout: 120_000,
  }, async () => {
    const root = newRepository(shop);
    const home = newHome();
    const index = await opened(root, home);
    expect(index.state).toMatchObject({ kind: 'ready', report: { files: 3 } });
    expect(index.search('round cents', 3)[0]).toMatchObject({ path: 'src/money.ts', symbol: 'roundCents' });

    writeFileSync(
      path.join(root, 'src/money.ts'),
      '\n\nexport function roundPennies(): void {}\nexport function roundCents(): void { roundPennies(); }\n',
    );
    await index.update(['src/money.ts'], never);
    expect(index.search('pennies', 1)[0]).toMatchObject({ symbol: 'roundPennies', range: { start: { line: 2 } } });
    await expectClean(root, home);

    writeFileSync(
      path.join(root, 'src/cart.ts'),
      shop['src/cart.ts'].replace('refresh(): void', 'renew(): void').replace('class', '\nclass'),
    );
    await index.update(['src/cart.ts'], never);
    await expectClean(root, home);

    renameSync(path.join(root, 'src/money.ts'), path.join(root, 'src/coins.ts'));
    mkdirSync(path.join(root, 'lib/deep'), { recursive: true });
    writeFileSync(path.join(root, 'lib/deep/new.py'), 'def value_added_tax(net):\n    return roundCents(net)\n');
    await index.update(['src/money.ts', 'src/coins.ts', 'lib'], never);
    expect(index.search('added tax', 1)[0]).toMatchObject({ path: 'lib/deep/new.py' });
    await expectClean(root, home);

    rmSync(path.join(root, 'lib'), { recursive: true });
    unlinkSync(path.join(root, 'src/user.ts'));
    await index.update(['lib', 'src/user.ts'], never);
    expect(index.search('added tax', 1)).toEqual([]);
    await expectClean(root, home);
  });

  it('takes nothing in that is ignored, outside the root, or no source', async () => {
    const root = newRepository({
      ...shop,
      'ignored/secret.ts': 'export function hiddenThing(): void {}\n',
      'notes.txt': 'hiddenThing',
    });
    const home = newHome();
    const index = await opened(root, home);
    await index.update(['ignored/secret.ts', 'ignored', 'notes.txt', '../outside.ts', '.', '', '/etc'], never);
    expect(index.search('hidden thing', 5)).toEqual([]);
    await expectClean(root, home);
  });

  it('shows open buffers over the disk without writing them down', async () => {
    const root = newRepository(shop);
    const home = newHome();
    const syntax = createSyntax({ locate: repositoryAssets(assets.root) });
    const document = await syntax.open('typescript', shop['src/money.ts']);
    const index = await opened(root, home, () => [{ path: 'src/money.ts', syntax: document }]);
    const before = contentOf(root, home);
    document.update([
      {
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
        text: 'export function convertCurrency(): void {}\n',
      },
    ]);
    expect(index.search('convert currency', 3)[0]).toMatchObject({ path: 'src/money.ts', symbol: 'convertCurrency' });
    expect(index.search('round cents', 9)).toContainEqual(
      expect.objectContaining({
        symbol: 'roundCents',
        range: { start: { line: 1, character: 0 }, end: { line: 1, character: 69 } },
      }),
    );
    const rounding = index.graph.symbolAt('src/money.ts', 1);
    expect(rounding).toMatchObject({ name: 'roundCents', range: { start: { line: 1 } } });
    expect(rounding && index.graph.callers(rounding).map(({ symbol }) => symbol.symbolPath)).toEqual([
      'Cart.refresh',
      'buy',
    ]);
    expect(contentOf(root, home)).toEqual(before);
    document.dispose();
    syntax.dispose();
  });

  it('scores a buffer as the database scores the same text', async () => {
    const others = Array.from({ length: 30 }, (_, n) => [
      `src/other${n}.ts`,
      `export function part${n}(): void { work(); }\n`,
    ]);
    const root = newRepository({ ...shop, ...Object.fromEntries(others) });
    const home = newHome();
    const syntax = createSyntax({ locate: repositoryAssets(assets.root) });
    const document = await syntax.open('typescript', shop['src/cart.ts']);
    const plain = await opened(root, home);
    const overlaid = await opened(root, home, () => [{ path: 'src/cart.ts', syntax: document }]);
    for (const query of ['refresh cart', 'round', 'add this'])
      expect(overlaid.search(query, 10)).toEqual(plain.search(query, 10));
    document.dispose();
    syntax.dispose();
  });

  it('gives up an update that nobody waits for', async () => {
    const root = newRepository(shop);
    const index = await opened(root, newHome());
    await expect(index.update(['src/cart.ts'], AbortSignal.abort())).rejects.toThrow();
    await index.update(['src/cart.ts'], never);
  });
});
