import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchIndex } from '../../../server/src/repository/searchIndex.ts';
import { searchTerms } from '../../../server/src/repository/searchWords.ts';
import { locationOf, runIndex, writeRepository } from './indexedRepository.ts';

const filler = Array.from({ length: 12 }, (_, n) => `def part_${n}(x):\n    return x + ${n}\n`).join('\n\n');

let root: string;
let home: string;
let database: DatabaseSync;
beforeAll(async () => {
  root = writeRepository({
    'a.py': 'def merge_settings(a, b):\n    return {**a, **b}\n',
    'b.py': `def run(x):\n    # This is what we do with it when there is none of the others, for it is python.\n    return x\n\n\n${filler}`,
    'page.js': 'export function render() {}\n',
  });
  home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  await runIndex(root, home);
  database = new DatabaseSync(locationOf(root, home).database);
});
afterAll(() => {
  database.close();
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

const find = (question: string) => searchIndex(database, question, 3).map(({ symbol }) => symbol);

describe('a question in sentences', () => {
  it('finds what it asks for, not the comment that shares its grammar', () => {
    expect(find('This is what we use for the merging of settings, when there are others of them')[0]).toBe(
      'merge_settings',
    );
  });

  it('may name the language that everything is written in', () => {
    expect(searchTerms(database, 'python merge settings')).toEqual(['merg', 'set']);
    expect(find('python merge')).toEqual(['merge_settings']);
  });

  it('keeps the name of another language, which tells files apart', () => {
    expect(searchTerms(database, 'javascript render')).toEqual(['javascript', 'render']);
  });

  it('is searched as it is when it has words of grammar only', () => {
    expect(searchTerms(database, 'what is this')).toEqual(['what', 'is', 'this']);
    expect(find('what is this')).toEqual(['run']);
  });

  it('has few terms, each once', () => {
    const long = Array.from({ length: 90 }, (_, n) => `word${'abcdefghij'[n % 10]}${n} settings`).join(' ');
    const terms = searchTerms(database, long);
    expect(terms.length).toBeLessThanOrEqual(32);
    expect(new Set(terms).size).toBe(terms.length);
  });
});
