import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { indexLocation } from '../../../server/src/repository/indexLocation.ts';
import { contentOf, edges, find, locationOf, reading, runIndex, writeRepository } from './indexedRepository.ts';

const indexProcess = fileURLToPath(new URL('./indexProcess.ts', import.meta.url));

const made: string[] = [];
function newHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  made.push(home);
  return home;
}
function newRepository(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = writeRepository(files);
  made.push(root);
  return root;
}
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

const shop = {
  'src/cart.ts': `import { roundCents } from './money.ts';
/** Goods that somebody means to buy. */
export class ShoppingCart {
  add(price: number): void { this.refresh(); }
  refresh(): void { roundCents(1); }
}
`,
  'src/money.ts': `/** Rounds an amount to whole cents. */
export function roundCents(amount: number): number { return Math.round(amount * 100) / 100; }
`,
  'src/other.ts': 'export function roundCents(): void {}\n',
  'lib/tax.py': 'def value_added_tax(net):\n    """Adds the tax to a net amount."""\n    return net * 1.19\n',
};

describe('the index of a repository', () => {
  it('finds symbols by the parts of their names, their comments and where they stand', async () => {
    const root = newRepository(shop);
    const home = newHome();
    const report = await runIndex(root, home);
    expect(report).toMatchObject({ files: 4, symbols: 6, skipped: [] });
    expect(find(root, home, 'shopping carts')[0]).toMatchObject({ path: 'src/cart.ts', symbol: 'ShoppingCart' });
    expect(find(root, home, 'round an amount to cents')[0]).toMatchObject({ path: 'src/money.ts', kind: 'function' });
    expect(find(root, home, 'cart refreshing')[0]).toMatchObject({ symbol: 'ShoppingCart.refresh' });
    expect(find(root, home, 'tax')[0]?.range).toEqual({
      start: { line: 0, character: 0 },
      end: { line: 2, character: 21 },
    });
    expect(find(root, home, '"; DROP TABLE files; -- *')).toEqual([]);
    expect(find(root, home, '+-*')).toEqual([]);
  });

  it('writes the search terms of all files of a transaction at once', async () => {
    const files = Array.from({ length: 12 }, (_, at) => [`p${at}.py`, `import os\ndef f${at}():\n    return os.sep\n`]);
    const root = newRepository(Object.fromEntries(files) as Record<string, string>);
    const home = newHome();
    await runIndex(root, home);
    const sql = 'SELECT count(DISTINCT segid) AS n FROM search_idx';
    expect(reading(root, home, (database) => database.prepare(sql).get())?.['n']).toBe(1);
  });

  it('has all indexes of its tables once calls are resolved', async () => {
    const root = newRepository(shop);
    const home = newHome();
    await runIndex(root, home);
    const sql =
      "SELECT name FROM sqlite_schema WHERE name IN ('calls_name', 'symbols_name', 'edges_callee') ORDER BY name";
    const rows = reading(root, home, (database) => database.prepare(sql).all());
    expect(rows.map(({ name }) => name)).toEqual(['calls_name', 'edges_callee', 'symbols_name']);
  });

  it('resolves calls by class and by import', async () => {
    const root = newRepository(shop);
    const home = newHome();
    await runIndex(root, home);
    expect(edges(root, home)).toEqual([
      'src/cart.ts:ShoppingCart.add → src/cart.ts:ShoppingCart.refresh 0.95',
      'src/cart.ts:ShoppingCart.refresh → src/money.ts:roundCents 0.9',
    ]);
  });

  it('follows changes, renames and deletions as a clean index sees them', async () => {
    const root = newRepository(shop);
    const home = newHome();
    await runIndex(root, home);
    renameSync(path.join(root, 'src/money.ts'), path.join(root, 'src/coins.ts'));
    rmSync(path.join(root, 'lib/tax.py'));
    writeFileSync(path.join(root, 'src/other.ts'), 'export function anotherThing(): void { anotherThing(); }\n');
    await runIndex(root, home);
    expect(find(root, home, 'tax')).toEqual([]);
    expect(find(root, home, 'another thing')[0]).toMatchObject({ path: 'src/other.ts' });
    expect(edges(root, home)).toContain('src/cart.ts:ShoppingCart.refresh → src/coins.ts:roundCents 0.7');
    const clean = newHome();
    await runIndex(root, clean);
    expect(contentOf(root, home)).toEqual(contentOf(root, clean));
  });

  it('does not parse what was only touched', async () => {
    const root = newRepository(shop);
    const home = newHome();
    await runIndex(root, home);
    const rows = () =>
      reading(root, home, (database) =>
        database.prepare('SELECT id, file, name, signature FROM symbols ORDER BY id').all(),
      );
    // What only a parse could mend shows that there was none.
    const mark = new DatabaseSync(locationOf(root, home).database);
    mark.exec("UPDATE symbols SET signature = 'marked'");
    mark.close();
    const before = rows();
    utimesSync(path.join(root, 'src/cart.ts'), 1, 1);
    await runIndex(root, home);
    expect(rows()).toEqual(before);
    writeFileSync(path.join(root, 'src/cart.ts'), `${shop['src/cart.ts']}// changed\n`);
    await runIndex(root, home);
    expect(rows()).not.toEqual(before);
  });

  it('says what it skipped and does not follow links', async () => {
    const root = newRepository({
      'a.ts': 'export const a = 1;\n',
      'binary.ts': new Uint8Array([0, 1, 2, 0]),
      'notes.txt': 'words',
      'hidden/b.ts': 'export const b = 1;\n',
      '.gitignore': 'hidden/\n',
      'имя/файл.py': 'def имя_файла():\n    pass\n',
    });
    symlinkSync(root, path.join(root, 'loop'));
    const report = await runIndex(root, newHome());
    expect(report.files).toBe(2);
    expect(report.skipped).toEqual(
      expect.arrayContaining([
        { reason: 'binary', count: 1 },
        { reason: 'ignored', count: 1 },
        { reason: 'notSource', count: 2 },
        { reason: 'symbolicLink', count: 1 },
      ]),
    );
  });

  it('makes a damaged database anew', async () => {
    const root = newRepository(shop);
    const home = newHome();
    await runIndex(root, home);
    const before = contentOf(root, home);
    writeFileSync(locationOf(root, home).database, 'this is no database, whatever its name says');
    await runIndex(root, home);
    expect(contentOf(root, home)).toEqual(before);
  });

  it('is shared by two that index at once', async () => {
    const root = newRepository(shop);
    const [shared, clean] = [newHome(), newHome()];
    await Promise.all([runIndex(root, shared), runIndex(root, shared)]);
    await runIndex(root, clean);
    expect(contentOf(root, shared)).toEqual(contentOf(root, clean));
  });

  it('stops when it is told to, and goes on from there', async () => {
    const root = newRepository(shop);
    const home = newHome();
    const controller = new AbortController();
    controller.abort();
    await expect(runIndex(root, home, controller.signal)).rejects.toThrow(/abort/i);
    expect((await runIndex(root, home)).files).toBe(4);
  });

  it('refuses the root of a disk, the home folder and what lies above it', () => {
    const options = { home: '/somewhere', userHome: homedir() };
    expect(() => indexLocation('/', options)).toThrow(/root of a disk/);
    expect(() => indexLocation(homedir(), options)).toThrow(/home folder/);
    const inner = newRepository({ 'me/file.ts': '' });
    expect(() => indexLocation(inner, { home: '/x', userHome: path.join(inner, 'me') })).toThrow(/home folder/);
    expect(() => indexLocation(path.join(inner, 'nothing'), options)).toThrow(/not a folder/);
  });
});

describe('an index whose process is killed', () => {
  it('is completed by the next run to what a clean index holds', { timeout: 120_000 }, async () => {
    const files: Record<string, string> = {};
    for (let index = 0; index < 400; index++) {
      files[`part${index % 7}/file${index}.ts`] =
        `import { work${(index * 7) % 400} } from '../part${((index * 7) % 400) % 7}/file${(index * 7) % 400}.ts';\n` +
        `/** Does piece ${index}. */\nexport function work${index}(): void { work${(index * 7) % 400}(); shared(); }\n`.repeat(
          3,
        );
    }
    const root = newRepository({ ...files, 'shared.ts': 'export function shared(): void {}\n' });
    const clean = newHome();
    await runIndex(root, clean);
    const expected = contentOf(root, clean);
    const home = newHome();
    let killed = 0;
    for (const batches of [0, 1, 2, 4, 7]) {
      const child = spawn(process.execPath, [indexProcess, root, home], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      const ended = once(child, 'exit');
      let seen = -1;
      child.on('message', () => {
        seen += 1;
        if (seen === batches) child.kill('SIGKILL');
      });
      const [, signal] = await ended;
      if (signal === 'SIGKILL') killed += 1;
    }
    expect(killed).toBeGreaterThan(1);
    expect(existsSync(locationOf(root, home).database)).toBe(true);
    await runIndex(root, home);
    expect(contentOf(root, home)).toEqual(expected);
  });
});
