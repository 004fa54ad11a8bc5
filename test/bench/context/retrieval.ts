import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { NAME_WEIGHT } from '../../../server/src/repository/lexicalRank.ts';
import { matchOf } from '../../../server/src/repository/searchIndex.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import { indexed, packRows, writeFiles } from './corpus.ts';
import { mean } from './words.ts';

/** Places of the right answer that count. */
const depth = 10;

interface Query {
  readonly text: string;
  /** Whether a hit is the right answer. */
  readonly isRight: (hit: { readonly path: string; readonly symbol: string }) => boolean;
}

/** How a symbol is found: situated in its wider context, or by its own words alone. */
const weights = { situated: 1, alone: 0 } as const;
type Situation = keyof typeof weights;

function rankOf(database: DatabaseSync, { text, isRight }: Query, situation: Situation): number {
  const match = matchOf(text);
  if (match === undefined) return 0;
  const scope = situation === 'situated' ? match : `{name body} : (${match})`;
  const hits = database
    .prepare(`
      SELECT f.path, s.symbol_path AS symbol FROM search JOIN symbols s ON s.id = search.rowid JOIN files f ON f.id = s.file
      WHERE search MATCH ? AND s.kind IN ('function', 'method', 'constructor')
      ORDER BY bm25(search, ${NAME_WEIGHT}, ${weights[situation]}, 1), search.rowid LIMIT ${depth}`)
    .all(scope) as unknown as readonly { readonly path: string; readonly symbol: string }[];
  return hits.findIndex(isRight) + 1;
}

function row(name: string, database: DatabaseSync, queries: readonly Query[]): readonly string[] {
  return (Object.keys(weights) as Situation[]).map((situation) => {
    const ranks = queries.map((query) => rankOf(database, query, situation));
    const share = (limit: number): string => mean(ranks.map((rank) => (rank > 0 && rank <= limit ? 1 : 0))).toFixed(3);
    const mrr = mean(ranks.map((rank) => (rank === 0 ? 0 : 1 / rank))).toFixed(3);
    return `| ${name} | ${situation} | ${queries.length} | ${mrr} | ${share(5)} | ${share(10)} |`;
  });
}

/**
 * @param folders `repositories`: a folder of repositories, for docstring → function; `cosqa`: what `build_cosqa.py` wrote
 */
export async function retrievalTable(folders: {
  readonly repositories: string | undefined;
  readonly cosqa: string | undefined;
}): Promise<string> {
  const lines = [
    '| queries | symbols indexed | n | MRR@10 | recall@5 | recall@10 |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
  ];
  lines.push(...(await packSearch()));
  const { repositories, cosqa } = folders;
  if (cosqa === undefined || !existsSync(cosqa)) lines.push('', 'CoSQA: not run (name its folder with --cosqa).');
  else
    lines.push(...(await cosqaSearch(cosqa, 'with docstrings')), ...(await cosqaSearch(cosqa, 'without docstrings')));
  if (repositories === undefined || !existsSync(repositories))
    lines.push(
      '',
      'Docstring → function within repositories: not run (name a folder of repositories with --repositories).',
    );
  else for (const name of readdirSync(repositories).sort()) lines.push(...(await withinRepository(repositories, name)));
  return lines.join('\n');
}

async function packSearch(): Promise<readonly string[]> {
  const corpus = packRows<{ id: number; path: string; code: string }>('retrieval/docstring-corpus.jsonl');
  const queries = packRows<{ query: string; relevant: readonly number[] }>('retrieval/docstring-queries.jsonl');
  // A folder for each, so that functions of one file keep its path.
  const files = new Map(corpus.map(({ id, path: file, code }) => [`${id}/${file}`, code] as const));
  const repository = await indexed(writeFiles(files));
  const rows = row(
    'docstrings of the pack',
    repository.database,
    queries.map(({ query, relevant }) => ({
      text: query,
      isRight: ({ path: file }) => relevant.some((id) => file.startsWith(`${id}/`)),
    })),
  );
  repository.dispose();
  return rows;
}

async function cosqaSearch(
  folder: string,
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
  const queries = read<{ query: string; relevant: readonly number[] }>('cosqa-dev-queries.jsonl');
  const rows = row(
    `CoSQA dev, ${docstrings}`,
    repository.database,
    queries.map(({ query, relevant }) => ({
      text: query,
      isRight: ({ path: file }) => relevant.some((id) => file === `f${id}.py`),
    })),
  );
  repository.dispose();
  return rows;
}

/** The first paragraph of each docstring of at least four words asks for its function, in a copy without docstrings. */
async function withinRepository(folder: string, name: string): Promise<readonly string[]> {
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
  const rows = row(
    `docstring → function, ${name}`,
    stripped.database,
    queries.filter((_, index) => index % step === 0),
  );
  stripped.dispose();
  rmSync(copy, { recursive: true, force: true });
  return rows;
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
