import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OverviewLine, overviewLines } from '../../../server/src/context/overview.ts';
import { readableIndex, repositorySource } from '../../../server/src/context/repositorySource.ts';
import { locationOf, runIndex, writeRepository } from '../repository/indexedRepository.ts';

const files = {
  'README.md':
    '# Shop\n\n[![badge](https://example.org/badge.svg)](https://example.org)\n\nTakes money for things, and gives\nreceipts for it.\n\nMore.\n',
  'shop/till.py': 'def take(amount):\n    """Charges the card."""\n    return amount\n',
  'shop/day.py':
    'from till import take\n\ndef day():\n    take(1)\n    take(2)\n\ndef night():\n    take(3)\n    once()\n\ndef once():\n    pass\n',
  ...Object.fromEntries(Array.from({ length: 15 }, (_, n) => [`lib/part${n + 10}.py`, `def part${n}():\n    pass\n`])),
};

let root = '';
let home = '';
let lines: readonly OverviewLine[] = [];
beforeAll(async () => {
  root = writeRepository(files);
  home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  await runIndex(root, home);
  const database = new DatabaseSync(locationOf(root, home).database);
  const source = repositorySource(readableIndex(database), {
    toIndex: ({ path: file }) => file,
    fromIndex: (file) => ({ uri: file, path: file }),
    textOf: async (file) => (file in files ? readFileSync(path.join(root, file), 'utf8') : undefined),
  });
  lines = await overviewLines(source);
  expect(await overviewLines(source)).toEqual(lines);
  database.close();
});
afterAll(() => {
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

describe('what a repository is, for whoever sees it for the first time', () => {
  it('begins with the first words of its README', () => {
    expect(lines[0]).toEqual({
      paths: ['README.md'],
      text: 'README.md: Takes money for things, and gives receipts for it.',
    });
  });

  it('names the folders with their files, and the files of a line, so that each can be judged', () => {
    const lib = lines.find(({ text }) => text.startsWith('lib/'));
    expect(lib?.text).toMatch(/^lib\/ part10\.py part11\.py .* and 3 more$/);
    expect(lib?.paths).toHaveLength(12);
    expect(lib?.paths[0]).toBe('lib/part10.py');
    expect(lines.some(({ text }) => text === 'shop/ day.py till.py')).toBe(true);
  });

  it('shows by signature what is called more than once, and no doc comment', () => {
    const declared = lines.filter(({ text }) => text.includes(': def ')).map(({ text }) => text);
    expect(declared).toEqual(['shop/till.py: def take(amount)']);
    expect(JSON.stringify(lines)).not.toContain('Charges');
  });
});
