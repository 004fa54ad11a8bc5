import type { DatabaseSync } from 'node:sqlite';
import type { LanguageId } from '../types/outline.ts';
import type { Embedder } from './embedder.ts';
import type { EmbeddingStore } from './embeddingStore.ts';

export interface EmbedSymbolsOptions {
  /** The index, brought up to date. */
  readonly database: DatabaseSync;
  readonly store: EmbeddingStore;
  readonly embedder: Pick<Embedder, 'embedCode'>;
  /** Lines of a file of the repository; undefined when it cannot be read. */
  readonly linesOf: (path: string) => Promise<readonly string[] | undefined>;
  readonly onProgress?: (files: number, of: number) => void;
  /** Vectors that a repository may have: as many as are compared one by one in a moment. */
  readonly most?: number;
  readonly signal: AbortSignal;
}

const mostOfAll = 100_000;
/** Symbols of a file beyond these are found by their words. */
const mostPerFile = 500;
/** Shorter ones say nothing beyond their name. */
const fewestLines = 2;
/** Lines of a symbol that are read; its vector is made from the first of them. */
const mostLines = 60;

const kinds = [
  'function',
  'method',
  'constructor',
  'class',
  'interface',
  'struct',
  'enum',
  'routine',
  'macro',
  'proc',
  'paragraph',
  'section',
];

/**
 * Gives vectors to the symbols of all files that have none or changed, one file after the other, and forgets those of files that are gone.
 * What is done stays done when the signal aborts; beyond `most` vectors symbols are found by their words. Never touches the index's own database.
 * @returns how many symbols were embedded
 */
export async function embedSymbols({
  database,
  store,
  embedder,
  linesOf,
  onProgress,
  most = mostOfAll,
  signal,
}: EmbedSymbolsOptions): Promise<number> {
  const files = database.prepare('SELECT id, path, hash, language FROM files ORDER BY path').all();
  const present = new Set(files.map((file) => String(file['path'])));
  for (const path of store.paths()) if (!present.has(path)) store.remove(path);
  const symbols = database.prepare(`
    SELECT symbol_path, start_line, end_line, doc_start_line, doc_end_line FROM symbols
    WHERE file = ? AND end_line - start_line + 1 >= ${fewestLines} AND kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')})
    ORDER BY id LIMIT ${mostPerFile}`);
  const before = store.count();
  let done = 0;
  for (const [index, file] of files.entries()) {
    signal.throwIfAborted();
    const [path, hash] = [String(file['path']), String(file['hash'])];
    onProgress?.(index, files.length);
    if (store.hashOf(path) === hash) continue;
    if (before + done >= most) break;
    const lines = await linesOf(path);
    if (lines === undefined) continue;
    // The index names languages by our own ids.
    const language = String(file['language']) as LanguageId;
    const made: { symbolPath: string; vector: Float32Array }[] = [];
    for (const row of symbols.all(Number(file['id']))) {
      const code = codeOf(lines, row);
      const vector = await embedder.embedCode({ language, path, code }, signal);
      made.push({ symbolPath: String(row['symbol_path']), vector });
    }
    store.put(path, hash, made);
    done += made.length;
  }
  return done;
}

function codeOf(lines: readonly string[], row: Readonly<Record<string, unknown>>): string {
  const [start, end] = [Number(row['start_line']), Number(row['end_line']) + 1];
  const docStart = row['doc_start_line'] === null ? Infinity : Number(row['doc_start_line']);
  const docEnd = row['doc_end_line'] === null ? -1 : Number(row['doc_end_line']);
  const kept: string[] = [];
  for (let line = start; line < Math.min(end, lines.length) && kept.length < mostLines; line += 1)
    if (line < docStart || line >= docEnd) kept.push(lines[line] ?? '');
  return kept.join('\n');
}
