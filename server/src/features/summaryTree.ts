import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Connection } from 'vscode-languageserver';
import {
  type TreeNode,
  type TreeParams,
  type TreeResult,
  type TreeSearchParams,
  treeMethod,
  treeSearchMethod,
} from '../protocolViews.ts';
import type { RepositoryIndex } from '../repository/repositoryIndex.ts';
import type { SearchHit } from '../repository/searchIndex.ts';
import { decodeSource } from '../repository/sourceText.ts';
import type { SummaryDocument } from '../summary/subjects.ts';
import type { Summarizer } from '../summary/summarizer.ts';
import { languageOf } from '../syntax/detect.ts';
import type { Syntax, SyntaxDocument } from '../syntax/document.ts';
import { cancellable } from './cancellation.ts';
import type { Documents } from './documents.ts';
import type { FolderIndexes, IndexedFolder } from './folderIndexes.ts';
import { plainLine } from './markdown.ts';

export interface SummaryTreePorts {
  readonly documents: Documents;
  readonly indexes: FolderIndexes;
  readonly search: (index: RepositoryIndex, query: string, limit: number) => Promise<readonly SearchHit[]>;
  readonly summarizer: Pick<Summarizer, 'peek'>;
  readonly syntax: Pick<Syntax, 'open'>;
  /** The line that was said of a file last, whether or not it still fits. */
  readonly keptLine: (repository: string, path: string) => string | undefined;
}

/**
 * Milliseconds that a folder spends on the lines of its files, which have to be parsed to know whether their summaries still fit. What is
 * left then shows the line that is kept, and its standing when it is opened.
 */
const linesBudgetMs = 150;
const mostNodes = 5_000;
const maxFileBytes = 2_000_000;

/** The tree of summaries: folders and files as the index knows them, symbols as the file itself declares them. */
export function registerSummaryTree(connection: Connection, ports: SummaryTreePorts): void {
  connection.onRequest(treeMethod, (params: TreeParams, token) =>
    cancellable(token, async (signal): Promise<TreeResult> => {
      const folder = ports.indexes.all().find(({ uri }) => uri === params.folder);
      if (folder === undefined) return { nodes: [] };
      if (params.isFile) return { nodes: await symbolsOf(ports, folder, params.path, signal) };
      const entries = await entriesOf(folder, params.path);
      return { nodes: await withLines(ports, folder, entries, signal) };
    }),
  );
  connection.onRequest(treeSearchMethod, ({ query, limit }: TreeSearchParams, token) =>
    cancellable(token, async () => {
      const folders = ports.indexes.all().map(async ({ uri, index }) => {
        const hits = await ports.search(index, query, Math.min(limit, 200));
        return hits.map((hit) => ({
          folder: uri,
          path: hit.path,
          name: plainLine(hit.symbol),
          symbolKind: hit.kind,
          startLine: hit.range.start.line,
        }));
      });
      return (await Promise.all(folders)).flat();
    }),
  );
}

/** What lies right below a folder, folders first. The first question waits until there is an index at all. */
async function entriesOf({ index }: IndexedFolder, below: string): Promise<readonly TreeNode[]> {
  const read = index.database.prepare('SELECT path FROM files WHERE path >= ? AND path < ? ORDER BY path');
  // '0' is the character after '/': the range holds every path below the folder and nothing else.
  const ask = () => (below === '' ? read.all('', '\u{10ffff}') : read.all(`${below}/`, `${below}0`));
  let rows = ask();
  if (rows.length === 0) {
    await index.ready;
    rows = ask();
  }
  const start = below === '' ? 0 : below.length + 1;
  const folders = new Map<string, TreeNode>();
  const files: TreeNode[] = [];
  for (const row of rows) {
    const full = String(row['path']);
    const slash = full.indexOf('/', start);
    const name = full.slice(start, slash < 0 ? undefined : slash);
    const node = { path: slash < 0 ? full : full.slice(0, slash), name, line: '', freshness: 'unknown' } as const;
    if (slash < 0) files.push({ ...node, kind: 'file' });
    else if (!folders.has(name)) folders.set(name, { ...node, kind: 'folder' });
  }
  return [...folders.values(), ...files].slice(0, mostNodes);
}

async function withLines(
  ports: SummaryTreePorts,
  folder: IndexedFolder,
  entries: readonly TreeNode[],
  signal: AbortSignal,
): Promise<readonly TreeNode[]> {
  const start = performance.now();
  const lines = new Map<string, TreeNode>();
  for (const file of entries) {
    const kept = file.kind === 'file' ? ports.keptLine(folder.uri, file.path) : undefined;
    if (kept === undefined) continue;
    lines.set(file.path, { ...file, line: oneLine(kept) });
    if (performance.now() - start > linesBudgetMs) continue;
    signal.throwIfAborted();
    const node = await withDocument(ports, folder, file.path, signal, (document) => ({
      ...file,
      ...said(ports, document, 'file'),
    }));
    if (node !== undefined) lines.set(file.path, node);
  }
  return entries.map((entry) => (entry.kind === 'file' ? (lines.get(entry.path) ?? entry) : entry));
}

async function symbolsOf(
  ports: SummaryTreePorts,
  folder: IndexedFolder,
  shown: string,
  signal: AbortSignal,
): Promise<readonly TreeNode[]> {
  const nodes = await withDocument(ports, folder, shown, signal, (document) =>
    document.syntax.outline.symbols.slice(0, mostNodes).map(
      (symbol, index): TreeNode => ({
        kind: 'symbol',
        path: shown,
        name: plainLine(symbol.name === '' ? '(unnamed)' : symbol.name, 120),
        symbolKind: symbol.kind,
        index,
        ...(symbol.parent === undefined ? {} : { parent: symbol.parent }),
        range: symbol.selectionRange,
        endLine: symbol.range.end.line,
        ...said(ports, document, index),
      }),
    ),
  );
  return nodes ?? [];
}

function said(
  { summarizer }: SummaryTreePorts,
  document: SummaryDocument,
  target: 'file' | number,
): Pick<TreeNode, 'line' | 'freshness'> {
  const { freshness, summary } = summarizer.peek(document, target);
  return { freshness, line: oneLine(summary?.line ?? '') };
}

function oneLine(line: string): string {
  return plainLine(line.replaceAll('`', ''));
}

/** The document as the editor has it, else as it lies on the disk; undefined when it cannot be read. */
async function withDocument<T>(
  ports: SummaryTreePorts,
  folder: IndexedFolder,
  shown: string,
  signal: AbortSignal,
  work: (document: SummaryDocument) => T,
): Promise<T | undefined> {
  const file = path.join(folder.root, shown);
  if (!file.startsWith(folder.root + path.sep)) return undefined;
  const uri = pathToFileURL(file).href;
  const place = { uri, path: shown, repository: folder.uri };
  const open = ports.documents.peek(uri)?.syntax;
  if (open !== undefined) return work({ ...place, syntax: open });
  const bytes = await readFile(file).catch(() => undefined);
  const text = bytes === undefined || bytes.length > maxFileBytes ? undefined : decodeSource(bytes)?.text;
  const language = text === undefined ? undefined : languageOf({ path: shown, text });
  if (text === undefined || language === undefined) return undefined;
  const syntax: SyntaxDocument = await ports.syntax.open(language, text, signal);
  try {
    return work({ ...place, syntax });
  } finally {
    syntax.dispose();
  }
}
