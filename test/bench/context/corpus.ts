import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { zstdDecompressSync } from 'node:zlib';
import {
  type RepositorySource,
  readableIndex,
  repositorySource,
} from '../../../server/src/context/repositorySource.ts';
import { indexLocation, indexWorkerFile } from '../../../server/src/repository/indexLocation.ts';
import { indexRepository } from '../../../server/src/repository/indexRepository.ts';
import { readTar } from '../legacy/pack.ts';

const pack = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const assets = { bundled: false, root: path.resolve(import.meta.dirname, '../../..') };

export function hasPack(): boolean {
  return existsSync(path.join(pack, 'summarization/mcsn.jsonl.zst'));
}

export function packRows<T>(file: string): readonly T[] {
  const bytes = readFileSync(path.join(pack, file));
  const text = (file.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** A row of the summarization sets; lines are 0-based, `docEndLine` is inclusive. */
export interface McsnRow {
  readonly repo_name: string;
  readonly method_path: string;
  readonly method_name: string;
  readonly method_code: string;
  readonly method_summary: string;
  readonly startLine: number;
  readonly docStartLine: number;
  readonly docEndLine: number;
  readonly summaryInCode?: boolean;
}

/** A repository on disk with its index. */
export interface IndexedCorpus {
  readonly root: string;
  readonly database: DatabaseSync;
  readonly source: RepositorySource;
  dispose(): void;
}

/** The rows of streamlink whose reference stands nowhere in their code. */
export function streamlinkRows(): readonly McsnRow[] {
  return packRows<McsnRow>('summarization/mcsn.jsonl.zst').filter(
    (row) => row.repo_name === 'streamlink/streamlink' && row.summaryInCode !== true,
  );
}

/** streamlink with the docstrings of all targets emptied, lines kept: none of them can leak into any context. */
export function writeStreamlink(masked: readonly McsnRow[]): string {
  const root = mkdtempSync(path.join(tmpdir(), 'codegloss-bench-'));
  const files = readTar(path.join(pack, 'summarization/streamlink-d655cbde39.tar.zst'));
  for (const [name, text] of files) {
    const file = path.join(root, name.replace(/^streamlink\//, ''));
    mkdirSync(path.dirname(file), { recursive: true });
    const lines = text.split('\n');
    for (const row of masked)
      if (name === `streamlink/${row.method_path}`) lines.fill('', row.docStartLine, row.docEndLine + 1);
    writeFileSync(file, lines.join('\n'));
  }
  return root;
}

export function writeFiles(files: ReadonlyMap<string, string>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'codegloss-bench-'));
  for (const [name, text] of files) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

/** Indexes a folder into a database of its own. `keep`: the folder is not ours and stays. */
export async function indexed(root: string, keep: 'keep' | 'remove' = 'remove'): Promise<IndexedCorpus> {
  const home = mkdtempSync(path.join(tmpdir(), 'codegloss-bench-home-'));
  const location = indexLocation(root, { home, userHome: '/nonexistent' });
  const pool = { script: indexWorkerFile(assets), assets, threads: 2 };
  await indexRepository({ location, pool, signal: new AbortController().signal });
  const database = new DatabaseSync(location.database);
  const source = repositorySource(readableIndex(database), {
    toIndex: ({ path: file }) => file,
    fromIndex: (file) => ({ uri: pathToFileURL(path.join(root, file)).href, path: file }),
    textOf: async (file) => readFileSync(path.join(root, file), 'utf8'),
  });
  return {
    root,
    database,
    source,
    dispose() {
      database.close();
      rmSync(home, { recursive: true, force: true });
      if (keep === 'remove') rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Rows for choosing weights and rows for reporting: every other one, by place, so that both halves see every folder. */
export function half<T>(rows: readonly T[], which: 'tune' | 'test'): readonly T[] {
  return rows.filter((_, index) => index % 2 === (which === 'tune' ? 0 : 1));
}
