import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Embedder } from '../../../server/src/repository/embedder.ts';
import { embeddingFile, openEmbeddingStore } from '../../../server/src/repository/embeddingStore.ts';
import { embedSymbols } from '../../../server/src/repository/embedSymbols.ts';
import { openIndexDatabase } from '../../../server/src/repository/indexDatabase.ts';
import { meaningSearch } from '../../../server/src/repository/meaningSearch.ts';
import { searchIndex } from '../../../server/src/repository/searchIndex.ts';
import { locationOf, runIndex, writeRepository } from './indexedRepository.ts';

const never = new AbortController().signal;

/** Three meanings, told by the words that stand for them: enough to see what is stored, fused and forgotten. */
const meanings = [/close|shut|end/i, /money|price|total/i, /color|paint/i];
const embedder: Embedder = {
  name: 'three-meanings',
  dimensions: 3,
  embedCode: async ({ code }) => unit(code),
  embedQuery: async (text) => unit(text),
};

function unit(text: string): Float32Array {
  const counts = meanings.map((meaning) => (meaning.test(text) ? 1 : 0.01));
  const length = Math.hypot(...counts);
  return Float32Array.from(counts, (count) => count / length);
}

const source = `def shut_door(door):
    door.latch()
    return door


def sum_up(items):
    return price(items)


def price(items):
    return 0
`;

describe('search by meaning', () => {
  let root: string;
  let home: string;
  let file: string;
  let database: DatabaseSync;
  beforeEach(async () => {
    root = writeRepository({ 'shop.py': source });
    home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
    await runIndex(root, home);
    file = locationOf(root, home).database;
    database = openIndexDatabase(file);
  });
  afterEach(() => {
    database.close();
    for (const folder of [root, home]) rmSync(folder, { recursive: true });
  });

  const write = async (name: string, text: string): Promise<void> => {
    writeFileSync(path.join(root, name), text);
    await runIndex(root, home);
  };
  const embed = (store = openEmbeddingStore(embeddingFile(file), embedder)) =>
    embedSymbols({
      database,
      store,
      embedder,
      linesOf: async (name) => readFileSync(path.join(root, name), 'utf8').split('\n'),
      signal: never,
    }).then((count) => ({ count, store }));
  const find = async (text: string, store: Awaited<ReturnType<typeof embed>>['store']): Promise<readonly string[]> =>
    meaningSearch(database, store.vectors(), { text, query: await embedder.embedQuery(text, never), limit: 5 }).map(
      ({ symbol }) => symbol,
    );

  it('finds what no word names, and does not forget the words', async () => {
    const { store } = await embed();
    expect(searchIndex(database, 'close', 5)).toEqual([]);
    expect((await find('close', store))[0]).toBe('shut_door');
    expect((await find('price', store))[0]).toBe('price');
    expect(await find('money', store)).toEqual(expect.arrayContaining(['sum_up', 'price']));
    store.close();
  });

  it('embeds a file once, and again when its bytes changed', async () => {
    const { count, store } = await embed();
    expect(count).toBe(3);
    expect((await embed(store)).count).toBe(0);
    await write('shop.py', `\n\n${source}`);
    expect(await find('close', store)).toEqual([]);
    expect((await embed(store)).count).toBe(3);
    expect((await find('close', store))[0]).toBe('shut_door');
    store.close();
  });

  it('gives no more vectors than a question can be compared with', async () => {
    await write('paint.py', 'def paint(wall):\n    return wall.color\n');
    const store = openEmbeddingStore(embeddingFile(file), embedder);
    const linesOf = async (name: string) => readFileSync(path.join(root, name), 'utf8').split('\n');
    expect(await embedSymbols({ database, store, embedder, linesOf, most: 1, signal: never })).toBe(1);
    expect(store.count()).toBe(1);
    expect(await embedSymbols({ database, store, embedder, linesOf, signal: never })).toBe(3);
    store.close();
  });

  it('forgets files that are gone', async () => {
    const { store } = await embed();
    rmSync(path.join(root, 'shop.py'));
    await runIndex(root, home);
    await embed(store);
    expect(store.vectors().places).toEqual([]);
    store.close();
  });

  it('drops the vectors of another model', async () => {
    const { store } = await embed();
    store.close();
    const other = openEmbeddingStore(embeddingFile(file), { name: 'other', dimensions: 3 });
    expect(other.vectors().places).toEqual([]);
    other.close();
  });

  it('makes a damaged store anew', async () => {
    writeFileSync(embeddingFile(file), 'no database at all, but long enough to be looked at as one'.repeat(100));
    const { count, store } = await embed();
    expect(count).toBe(3);
    store.close();
  });

  it('keeps unit vectors as bytes, within a hundredth', async () => {
    const { store } = await embed();
    const { bytes, scales, dimensions, places } = store.vectors();
    const at = places.findIndex(({ symbolPath }) => symbolPath === 'shut_door');
    const read = Array.from(
      { length: dimensions },
      (_, axis) => (bytes[at * dimensions + axis] ?? 0) * (scales[at] ?? 0),
    );
    const errors = unit('shut').map((value, axis) => Math.abs((read[axis] ?? 0) - value));
    expect(Math.max(...errors)).toBeLessThan(0.01);
    store.close();
  });

  it('stops when it is cancelled, and keeps what is done', async () => {
    await write('more.py', source);
    const controller = new AbortController();
    const store = openEmbeddingStore(embeddingFile(file), embedder);
    const stopping: Embedder = {
      ...embedder,
      embedCode: async (code, signal) => {
        if (code.path === 'shop.py') controller.abort();
        signal.throwIfAborted();
        return embedder.embedCode(code, signal);
      },
    };
    const work = embedSymbols({
      database,
      store,
      embedder: stopping,
      linesOf: async (name) => readFileSync(path.join(root, name), 'utf8').split('\n'),
      signal: controller.signal,
    });
    await expect(work).rejects.toThrow();
    expect(store.paths()).toEqual(['more.py']);
    store.close();
  });
});
