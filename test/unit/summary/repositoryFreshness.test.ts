import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRepositoryContext, type RepositoryContext } from '../../../server/src/context/repositoryContext.ts';
import {
  type RepositorySource,
  readableIndex,
  repositorySource,
} from '../../../server/src/context/repositorySource.ts';
import { createSummaryStore } from '../../../server/src/store/summaryStore.ts';
import type { SummaryDocument } from '../../../server/src/summary/subjects.ts';
import { createSummarizer, type Summarizer, type SummaryView } from '../../../server/src/summary/summarizer.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import type { Syntax } from '../../../server/src/syntax/document.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import { locationOf, runIndex, writeRepository } from '../repository/indexedRepository.ts';
import { RecordingProducer, testStyle } from './fakeProducer.ts';

const bill = `from prices import price_of


def bill_for(cart):
    total = 0
    for item in cart:
        total += price_of(item)
    return total
`;
const prices = `def price_of(item):
    """Looks the price of an item up."""
    found = item.price
    return found * 2
`;
/** Enough that one of them is a small part of the context. */
const others = Array.from(
  { length: 8 },
  (_, n) => `def bill_number_${n}(cart):\n    """Bills a cart in way ${n}."""\n    return price_of(cart) + ${n}\n`,
);

let root: string;
let home: string;
let syntax: Syntax;
let database: DatabaseSync;
let source: RepositorySource | undefined;
let context: RepositoryContext;
let summarizer: Summarizer;
let document: SummaryDocument;
let producer: RecordingProducer;
let tokens: [sent: number, saved: number][];

beforeEach(async () => {
  root = writeRepository({
    'bill.py': bill,
    'prices.py': prices,
    ...Object.fromEntries(others.map((text, n) => [`other${n}.py`, text])),
  });
  home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  await runIndex(root, home);
  database = new DatabaseSync(locationOf(root, home).database);
  source = repositorySource(readableIndex(database), {
    toIndex: ({ path: file }) => file,
    fromIndex: (file) => ({ uri: `file:///repository/${file}`, path: file }),
    textOf: async (file) => readFileSync(path.join(root, file), 'utf8'),
  });
  syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
  context = createRepositoryContext({
    sourceOf: () => source,
    syntax,
    lineOf: () => undefined,
    lineAt: () => undefined,
  });
  producer = new RecordingProducer();
  tokens = [];
  summarizer = createSummarizer({
    store: createSummaryStore({ folder: undefined, clock: () => 1 }),
    producer: () => producer,
    context,
    syntax,
    clock: () => 1,
    style: () => testStyle,
    onTokens: ({ sent, saved }) => tokens.push([sent, saved]),
  });
  document = {
    uri: 'file:///repository/bill.py',
    path: 'bill.py',
    repository: 'repository',
    syntax: await syntax.open('python', bill),
  };
});
afterEach(() => {
  document.syntax.dispose();
  context.dispose();
  syntax.dispose();
  database.close();
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

const summarize = () => summarizer.summarize(document, 0, { priority: 'hover', signal: new AbortController().signal });

/** How the summary stands after a file of the repository was written anew and the index has followed. */
async function standingAfter(file: string, text: string): Promise<SummaryView> {
  writeFileSync(path.join(root, file), text);
  await runIndex(root, home);
  summarizer.peek(document, 0);
  await context.settled();
  return summarizer.peek(document, 0);
}

describe('a summary that stands on other files', () => {
  it('tells what it cost once, and what it saved after that', async () => {
    await summarize();
    await summarize();
    expect(tokens).toEqual([
      [100, 0],
      [0, 100],
    ]);
  });

  it('was told what its callee elsewhere does', async () => {
    await summarize();
    expect(producer.requests[0]?.pieces.map(({ role, symbol }) => `${role} ${symbol ?? ''}`)).toContain(
      'callee price_of',
    );
  });

  it('stays fresh when the callee is laid out, commented or named differently inside', async () => {
    await summarize();
    const { freshness, note } = await standingAfter(
      'prices.py',
      '# Prices.\ndef price_of(thing):\n    """Looks the price of an item up."""\n\n    amount = thing.price  # found\n\n    return amount * 2\n',
    );
    expect([freshness, note]).toEqual(['fresh', undefined]);
  });

  it('turns stale and names the callee when that means something else, and fresh again when it does not', async () => {
    await summarize();
    const changed = await standingAfter('prices.py', prices.replace('* 2', '* 3'));
    expect(changed.freshness).toBe('stale');
    expect(changed.staleReason).toEqual({ kind: 'context', names: ['price_of'] });
    expect((await standingAfter('prices.py', prices)).freshness).toBe('fresh');
  });

  it('turns stale when the callee is gone', async () => {
    await summarize();
    expect((await standingAfter('prices.py', 'def cost_of(item):\n    return item\n')).freshness).toBe('stale');
  });

  it('stays, and says so, when only a little of what helped to say it changed', async () => {
    await summarize();
    const [example] = producer.requests[0]?.pieces.filter(({ role }) => role === 'example') ?? [];
    if (example === undefined) throw new Error('There is no example.');
    const text = readFileSync(path.join(root, example.path), 'utf8');
    const { freshness, note } = await standingAfter(example.path, text.replace('return ', 'return 7 * '));
    expect(freshness).toBe('fresh');
    expect(note).toEqual({ kind: 'drift', names: [example.symbol] });
  });

  it('stays, and says so, when the index of its repository became ready after it was made', async () => {
    const ready = source;
    source = undefined;
    await summarize();
    expect(summarizer.peek(document, 0).note).toBeUndefined();
    source = ready;
    expect(summarizer.peek(document, 0)).toMatchObject({ freshness: 'fresh', note: { kind: 'lessContext' } });
    await summarize();
    expect(producer.requests).toHaveLength(1);
  });
});
