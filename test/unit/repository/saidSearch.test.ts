import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteSaid } from '../../../server/src/repository/saidSearch.ts';
import { searchIndex } from '../../../server/src/repository/searchIndex.ts';
import { locationOf, runIndex, writeRepository } from './indexedRepository.ts';

let root: string;
let home: string;
let database: DatabaseSync;
beforeEach(async () => {
  root = writeRepository({
    'a.py': 'def q7(x):\n    return x ** 0.5\n\n\ndef q8(x):\n    return x + 1\n',
  });
  home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  await runIndex(root, home);
  database = new DatabaseSync(locationOf(root, home).database);
});
afterEach(() => {
  database.close();
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

const find = (query: string) => searchIndex(database, query, 5).map(({ symbol }) => symbol);

describe('a symbol that was summarized', () => {
  it('is found by the words of its summary, which its code does not have', () => {
    expect(find('square root')).toEqual([]);
    noteSaid(database, { path: 'a.py', symbolPath: 'q7', text: 'Returns the square root of a number.' });
    expect(find('square roots')).toEqual(['q7']);
    expect(find('q8')[0]).toBe('q8');
  });

  it('is found by the newest summary only, and no more once it is gone', async () => {
    noteSaid(database, { path: 'a.py', symbolPath: 'q7', text: 'Returns the square root of a number.' });
    noteSaid(database, { path: 'a.py', symbolPath: 'q7', text: 'Takes a power.' });
    noteSaid(database, { path: 'gone.py', symbolPath: 'q9', text: 'Takes a power.' });
    expect(find('square')).toEqual([]);
    expect(find('power')).toEqual(['q7']);
    await runIndex(root, home);
    expect(find('power')).toEqual(['q7']);
  });

  it('is noted another time while somebody else writes', () => {
    noteSaid(database, { path: 'a.py', symbolPath: 'q8', text: 'Adds one.' });
    const other = new DatabaseSync(locationOf(root, home).database);
    other.exec('BEGIN IMMEDIATE');
    noteSaid(database, { path: 'a.py', symbolPath: 'q7', text: 'Takes a power.' });
    other.exec('ROLLBACK');
    other.close();
    expect(find('power')).toEqual([]);
    noteSaid(database, { path: 'a.py', symbolPath: 'q7', text: 'Takes a power.' });
    expect(find('power')).toEqual(['q7']);
  });
});
