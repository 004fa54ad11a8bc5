import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Embedder } from '../../../server/src/repository/embedder.ts';
import { openEmbeddingStore, type VectorSet } from '../../../server/src/repository/embeddingStore.ts';
import { embedSymbols } from '../../../server/src/repository/embedSymbols.ts';
import { meaningSearch } from '../../../server/src/repository/meaningSearch.ts';
import { matchOf, type SearchHit } from '../../../server/src/repository/searchIndex.ts';
import { searchWeights } from '../../../server/src/repository/searchWords.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import { type IndexedCorpus, indexed, packRows, writeFiles } from './corpus.ts';
import { mean } from './words.ts';

/** Places of the right answer that count. */
const depth = 10;

interface Query {
  readonly text: string;
  /** Whether a hit is the right answer. */
  readonly isRight: (hit: { readonly path: string; readonly symbol: string }) => boolean;
}

/** How a symbol is found: situated in its wider context, or by its own words alone. */
const weights = { situated: searchWeights.context, alone: 0 } as const;
type Situation = keyof typeof weights;

const kinds = ['function', 'method', 'constructor'];
/** Repositories of more symbols are not embedded: it takes 0.1 s for each. */
const mostEmbedded = 1500;
const signal = new AbortController().signal;

function rankOf(database: DatabaseSync, { text, isRight }: Query, situation: Situation): number {
  const match = matchOf(database, text);
  if (match === undefined) return 0;
  const scope = situation === 'situated' ? match : `{name body} : (${match})`;
  const hits = database
    .prepare(`
      SELECT f.path, s.symbol_path AS symbol FROM search JOIN symbols s ON s.id = search.rowid JOIN files f ON f.id = s.file
      WHERE search MATCH ? AND s.kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')})
      ORDER BY bm25(search, ${searchWeights.name}, ${weights[situation]}, ${searchWeights.body}), search.rowid LIMIT ${depth}`)
    .all(scope) as unknown as readonly { readonly path: string; readonly symbol: string }[];
  return hits.findIndex(isRight) + 1;
}

function rows(name: string, database: DatabaseSync, queries: readonly Query[]): readonly string[] {
  return (Object.keys(weights) as Situation[]).map((situation) =>
    row(
      `${name} | ${situation}`,
      queries.map((query) => rankOf(database, query, situation)),
    ),
  );
}

function row(head: string, ranks: readonly number[]): string {
  const share = (limit: number): string => mean(ranks.map((rank) => (rank > 0 && rank <= limit ? 1 : 0))).toFixed(3);
  const mrr = mean(ranks.map((rank) => (rank === 0 ? 0 : 1 / rank))).toFixed(3);
  return `| ${head} | ${ranks.length} | ${mrr} | ${share(5)} | ${share(10)} |`;
}

/** By words and meaning together, as `codegloss search` ranks once there are vectors. */
async function meaningRow(
  name: string,
  corpus: IndexedCorpus,
  queries: readonly Query[],
  embedder: Embedder,
): Promise<readonly string[]> {
  const count = Number(corpus.database.prepare('SELECT count(*) AS n FROM symbols').get()?.['n']);
  if (count > mostEmbedded) return [];
  const home = mkdtempSync(path.join(tmpdir(), 'codegloss-bench-vectors-'));
  const store = openEmbeddingStore(path.join(home, 'vectors.db'), embedder);
  const linesOf = async (file: string): Promise<readonly string[]> =>
    readFileSync(path.join(corpus.root, file), 'utf8').split('\n');
  await embedSymbols({ database: corpus.database, store, embedder, linesOf, signal });
  const vectors = store.vectors();
  const ranks: number[] = [];
  for (const query of queries) ranks.push(await meaningRank(corpus.database, vectors, query, embedder));
  store.close();
  rmSync(home, { recursive: true, force: true });
  return [row(`${name} | situated, with vectors`, ranks)];
}

async function meaningRank(
  database: DatabaseSync,
  vectors: VectorSet,
  { text, isRight }: Query,
  embedder: Embedder,
): Promise<number> {
  const query = await embedder.embedQuery(text, signal);
  const isFunction = ({ kind }: SearchHit): boolean => kinds.includes(kind);
  const hits = meaningSearch(database, vectors, { text, query, limit: 5 * depth }).filter(isFunction);
  return hits.slice(0, depth).findIndex(isRight) + 1;
}

/**
 * @param folders `repositories`: a folder of repositories, for docstring → function; `cosqa`: what `build_cosqa.py` wrote
 * @param embedder ranks small repositories by meaning, too
 */
export async function retrievalTable(
  folders: { readonly repositories: string | undefined; readonly cosqa: string | undefined },
  embedder: Embedder | undefined,
): Promise<string> {
  const lines = [
    '| queries | symbols indexed | n | MRR@10 | recall@5 | recall@10 |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
  ];
  lines.push(...(await packSearch()));
  const { repositories, cosqa } = folders;
  if (cosqa === undefined || !existsSync(cosqa)) lines.push('', 'CoSQA: not run (name its folder with --cosqa).');
  else
    for (const split of ['dev', 'test'])
      if (existsSync(path.join(cosqa, `cosqa-${split}-queries.jsonl`)))
        for (const docstrings of ['with docstrings', 'without docstrings'] as const)
          lines.push(...(await cosqaSearch(cosqa, split, docstrings)));
  if (repositories === undefined || !existsSync(repositories))
    lines.push(
      '',
      'Docstring → function within repositories: not run (name a folder of repositories with --repositories).',
    );
  else
    for (const name of readdirSync(repositories).sort())
      lines.push(...(await withinRepository(repositories, name, embedder)));
  return lines.join('\n');
}

async function packSearch(): Promise<readonly string[]> {
  const corpus = packRows<{ id: number; path: string; code: string }>('retrieval/docstring-corpus.jsonl');
  const queries = packRows<{ query: string; relevant: readonly number[] }>('retrieval/docstring-queries.jsonl');
  // A folder for each, so that functions of one file keep its path.
  const files = new Map(corpus.map(({ id, path: file, code }) => [`${id}/${file}`, code] as const));
  const repository = await indexed(writeFiles(files));
  const found = rows(
    'docstrings of the pack',
    repository.database,
    queries.map(({ query, relevant }) => ({
      text: query,
      isRight: ({ path: file }) => relevant.some((id) => file.startsWith(`${id}/`)),
    })),
  );
  repository.dispose();
  return found;
}

async function cosqaSearch(
  folder: string,
  split: string,
  docstrings: 'with docstrings' | 'without docstrings',
): Promise<readonly string[]> {
  const read = <T>(name: string): readonly T[] =>
    readFileSync(path.join(folder, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as T);
  const corpus = read<{ id: number; code: string }>('cosqa-corpus.jsonl');
  const files = new Map(corpus.map(({ id, code }) => [`f${id}.py`, code] as const));
  if (docstrings === 'without docstrings') for (const [name, text] of files) files.set(name, await withoutDocs(text));
  const repository = await indexed(writeFiles(files));
  const queries = read<{ query: string; relevant: readonly number[] }>(`cosqa-${split}-queries.jsonl`);
  const found = rows(
    `CoSQA ${split}, ${docstrings}`,
    repository.database,
    queries.map(({ query, relevant }) => ({
      text: query,
      isRight: ({ path: file }) => relevant.some((id) => file === `f${id}.py`),
    })),
  );
  repository.dispose();
  return found;
}

/** The first paragraph of each docstring of at least four words asks for its function, in a copy without docstrings. */
async function withinRepository(
  folder: string,
  name: string,
  embedder: Embedder | undefined,
): Promise<readonly string[]> {
  const root = path.join(folder, name);
  const original = await indexed(root, 'keep');
  const documented = original.database
    .prepare(`
      SELECT f.path, s.symbol_path AS symbol, s.doc FROM symbols s JOIN files f ON f.id = s.file
      WHERE s.doc <> '' AND s.kind IN ('function', 'method', 'constructor') AND f.path NOT LIKE '%test%' ORDER BY f.path, s.id`)
    .all() as unknown as readonly { path: string; symbol: string; doc: string }[];
  const paths = original.database.prepare("SELECT path FROM files WHERE language = 'python'").all();
  const files = new Map<string, string>();
  for (const { path: file } of paths) {
    const text = readFileSync(path.join(root, String(file)), 'utf8');
    files.set(String(file), await withoutDocs(text));
  }
  original.dispose();
  const queries = documented
    .map(({ path: file, symbol, doc }) => ({
      text: doc.split(/\n\s*\n/, 1)[0] ?? '',
      isRight: (hit: { readonly path: string; readonly symbol: string }) => hit.path === file && hit.symbol === symbol,
    }))
    .filter(({ text }) => text.trim().split(/\s+/).length >= 4);
  // A sample of every n-th, as large as the published runs at most.
  const step = Math.max(1, Math.ceil(queries.length / 500));
  const copy = writeFiles(files);
  const stripped = await indexed(copy);
  const sample = queries.filter((_, index) => index % step === 0);
  const title = `docstring → function, ${name}`;
  const found = [
    ...rows(title, stripped.database, sample),
    ...(embedder === undefined ? [] : await meaningRow(title, stripped, sample, embedder)),
  ];
  stripped.dispose();
  rmSync(copy, { recursive: true, force: true });
  return found;
}

const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });

/** A Python file whose docstrings are emptied, lines kept. */
async function withoutDocs(text: string): Promise<string> {
  const doc = await syntax.open('python', text);
  const lines = text.split('\n');
  for (const { docRange } of doc.outline.symbols) {
    if (docRange === undefined) continue;
    const before = (lines[docRange.start.line] ?? '').slice(0, docRange.start.character);
    const after = (lines[docRange.end.line] ?? '').slice(docRange.end.character);
    lines.fill('', docRange.start.line, docRange.end.line + 1);
    lines[docRange.start.line] = before.trim() === '' && after.trim() === '' ? `${before}pass` : `${before}''${after}`;
  }
  doc.dispose();
  return lines.join('\n');
}
