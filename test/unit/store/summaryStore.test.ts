import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSummaryStore, type StoreProblem } from '../../../server/src/store/summaryStore.ts';
import { keyOf, subjectOf, summaryNamed } from './summaries.ts';

let folder: string;
let problems: StoreProblem[];
let now: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codegloss-store-'));
  problems = [];
  now = 1;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (maxBytes?: number) =>
  createSummaryStore({
    folder,
    clock: () => now++,
    onProblem: (problem) => problems.push(problem),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
const file = () => join(folder, 'summaries.db');

describe('the summary store', () => {
  it('gives back after a restart what was put', () => {
    const first = open();
    first.put(subjectOf('f'), summaryNamed('f'));
    first.close();
    const second = open();
    expect(second.get(keyOf('f'))).toEqual(summaryNamed('f'));
    expect(second.latest(subjectOf('f'))).toEqual(summaryNamed('f'));
    expect(second.get(keyOf('g'))).toBeUndefined();
    second.close();
    expect(problems).toEqual([]);
  });

  it('knows the newest summary of a subject, and one summary may serve two subjects', () => {
    const store = open();
    store.put(subjectOf('f'), summaryNamed('old'));
    store.put(subjectOf('f'), summaryNamed('new'));
    store.put(subjectOf('copy'), summaryNamed('new'));
    expect(store.latest(subjectOf('f'))?.key).toBe(keyOf('new'));
    expect(store.latest(subjectOf('copy'))?.key).toBe(keyOf('new'));
    expect(store.get(keyOf('old'))?.key).toBe(keyOf('old'));
    store.close();
  });

  it('shows two open stores each what the other wrote', () => {
    const left = open();
    const right = open();
    left.put(subjectOf('f'), summaryNamed('1'));
    right.put(subjectOf('f'), summaryNamed('2'));
    expect(left.latest(subjectOf('f'))?.key).toBe(keyOf('2'));
    expect(right.get(keyOf('1'))?.line).toBe('Adds 1.');
    left.close();
    right.close();
  });

  it('keeps a write that another window holds up until the lock is gone', () => {
    const store = open();
    const other = new DatabaseSync(file());
    other.exec('BEGIN IMMEDIATE');
    store.put(subjectOf('f'), summaryNamed('held'));
    expect(store.get(keyOf('held'))?.line).toBe('Adds held.');
    expect(store.latest(subjectOf('f'))?.key).toBe(keyOf('held'));
    other.exec('COMMIT');
    other.close();
    store.close();
    const again = open();
    expect(again.get(keyOf('held'))?.line).toBe('Adds held.');
    again.close();
    expect(problems).toEqual([]);
  });

  it('forgets everything on clear, on disk too', () => {
    const store = open();
    store.put(subjectOf('f'), summaryNamed('f'));
    store.clear();
    expect(store.get(keyOf('f'))).toBeUndefined();
    expect(store.latest(subjectOf('f'))).toBeUndefined();
    store.close();
    const again = open();
    expect(again.latest(subjectOf('f'))).toBeUndefined();
    again.close();
  });

  it('stays within its bound and drops the least recently used first', () => {
    const bound = 256 * 1024;
    const store = open(bound);
    const paragraph = 'x'.repeat(2_000);
    store.put(subjectOf('kept'), summaryNamed('kept', paragraph));
    for (let index = 0; index < 640; index++) {
      store.put(subjectOf(`s${index}`), summaryNamed(`s${index}`, paragraph));
      store.get(keyOf('kept'));
    }
    store.close();
    const again = open(bound);
    expect(again.get(keyOf('kept'))?.paragraph).toBe(paragraph);
    expect(again.get(keyOf('s639'))?.paragraph).toBe(paragraph);
    expect(again.get(keyOf('s0'))).toBeUndefined();
    expect(again.latest(subjectOf('s0'))).toBeUndefined();
    again.close();
    expect(statSync(file()).size).toBeLessThan(bound + 4096);
  });
});

describe('the summary store on bad ground', () => {
  it.each([
    ['text', () => writeFileSync(file(), 'this is no database, however long it may be. '.repeat(200))],
    ['a cut file', () => writeFileSync(file(), readFileSync(file()).subarray(0, 3_000))],
  ])('rebuilds a database that is %s, keeps the damaged one aside and says so', (_name, damage) => {
    const first = open();
    first.put(subjectOf('f'), summaryNamed('f'));
    first.close();
    damage();
    const store = open();
    store.get(keyOf('f'));
    store.put(subjectOf('g'), summaryNamed('g'));
    expect(problems).toEqual([{ kind: 'rebuilt', movedTo: `${file()}.corrupt`, message: expect.any(String) }]);
    expect(existsSync(`${file()}.corrupt`)).toBe(true);
    store.close();
    const again = open();
    expect(again.get(keyOf('g'))?.line).toBe('Adds g.');
    again.close();
  });

  it('treats a damaged row as absent', () => {
    const store = open();
    store.put(subjectOf('f'), summaryNamed('f'));
    store.close();
    const raw = new DatabaseSync(file());
    raw.exec(`UPDATE summaries SET body = '{"key":1}'`);
    raw.close();
    const again = open();
    expect(again.get(keyOf('f'))).toBeUndefined();
    expect(again.latest(subjectOf('f'))).toBeUndefined();
    again.close();
  });

  it('works in memory and says so when the folder cannot be made', () => {
    writeFileSync(join(folder, 'blocked'), '');
    const store = createSummaryStore({
      folder: join(folder, 'blocked', 'home'),
      clock: () => 1,
      onProblem: (problem) => problems.push(problem),
    });
    store.put(subjectOf('f'), summaryNamed('f'));
    expect(store.get(keyOf('f'))?.line).toBe('Adds f.');
    expect(store.latest(subjectOf('f'))?.line).toBe('Adds f.');
    expect(problems.map((problem) => problem.kind)).toEqual(['memoryOnly']);
    store.close();
  });

  it('goes on in memory when the disk is full, says so once and loses nothing of the session', () => {
    const store = open();
    store.put(subjectOf('f'), summaryNamed('f'));
    // SQLite's own limit gives the same error as a full disk, without filling one.
    store.close();
    const raw = new DatabaseSync(file());
    raw.exec(
      `CREATE TRIGGER full BEFORE INSERT ON summaries BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`,
    );
    raw.close();
    const again = open();
    for (const name of ['g', 'h']) again.put(subjectOf(name), summaryNamed(name));
    expect(again.get(keyOf('g'))?.line).toBe('Adds g.');
    expect(again.latest(subjectOf('h'))?.line).toBe('Adds h.');
    expect(problems.map((problem) => problem.kind)).toEqual(['memoryOnly']);
    again.close();
  });

  it('leaves the database of a newer CodeGloss alone', () => {
    const raw = new DatabaseSync(file());
    raw.exec('CREATE TABLE future (x); PRAGMA user_version = 99');
    raw.close();
    const store = open();
    expect(problems).toEqual([{ kind: 'memoryOnly', message: expect.stringContaining('newer') }]);
    store.put(subjectOf('f'), summaryNamed('f'));
    expect(store.latest(subjectOf('f'))?.line).toBe('Adds f.');
    store.close();
    const after = new DatabaseSync(file());
    expect(after.prepare('SELECT count(*) AS n FROM future').get()).toEqual({ n: 0 });
    after.close();
  });

  it('survives a writer that is killed in the middle, with everything that it said was written', async () => {
    const child = fork(fileURLToPath(new URL('./writer.ts', import.meta.url)), [folder]);
    let written = -1;
    child.on('message', (count: number) => {
      written = count;
      if (count >= 200) child.kill('SIGKILL');
    });
    await once(child, 'exit');
    const store = open();
    for (let index = 0; index <= written; index++) expect(store.get(keyOf(`w${index}`))?.line).toBe(`Adds w${index}.`);
    store.close();
    expect(problems).toEqual([]);
    const raw = new DatabaseSync(file());
    expect(raw.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    raw.close();
  });

  it('takes the writes of two processes at once without losing one', async () => {
    const count = '60';
    const children = ['a', 'b'].map((name) =>
      fork(fileURLToPath(new URL('./writer.ts', import.meta.url)), [folder, count, name]),
    );
    const exits = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(exits.map(([code]) => code)).toEqual([0, 0]);
    const store = open();
    for (const name of ['a', 'b']) {
      for (let index = 0; index < 60; index++) expect(store.get(keyOf(`${name}${index}`))).toBeDefined();
    }
    store.close();
  });
});
