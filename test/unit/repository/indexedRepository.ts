import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { indexLocation, indexWorkerFile } from '../../../server/src/repository/indexLocation.ts';
import { type IndexReport, indexRepository } from '../../../server/src/repository/indexRepository.ts';
import { createPathUpdater } from '../../../server/src/repository/pathUpdater.ts';
import { type SearchHit, searchIndex } from '../../../server/src/repository/searchIndex.ts';

const assets = { bundled: false, root: path.resolve(import.meta.dirname, '../../..') };

/** A folder with these files, in a temporary place. */
export function writeRepository(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'codegloss-index-'));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

export function locationOf(root: string, home: string) {
  return indexLocation(root, { home, userHome: '/nonexistent' });
}

/** Indexes with real threads. */
export function runIndex(
  root: string,
  home: string,
  signal = new AbortController().signal,
  onProgress: () => void = () => undefined,
): Promise<IndexReport> {
  const pool = { script: indexWorkerFile(assets), assets, threads: 2 };
  return indexRepository({ location: locationOf(root, home), pool, signal, onProgress });
}

export function find(root: string, home: string, query: string, limit = 5): readonly SearchHit[] {
  return reading(root, home, (database) => searchIndex(database, query, limit));
}

export function reading<T>(root: string, home: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(locationOf(root, home).database);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/** What an index says whose files were read one after the other in this order. */
export async function readingInOrder<T>(
  root: string,
  paths: readonly string[],
  work: (database: DatabaseSync) => T,
): Promise<T> {
  const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  const location = locationOf(root, home);
  const updater = createPathUpdater({ location, assets, threads: 1, ignore: [], yields: false });
  for (const each of paths) await updater.update([each], new AbortController().signal);
  const said = reading(root, home, work);
  rmSync(home, { recursive: true, force: true });
  return said;
}

/** `caller → callee (confidence)`, sorted. */
export function edges(root: string, home: string): readonly string[] {
  const sql = `
    SELECT cf.path || ':' || coalesce(cs.symbol_path, '') || ' → ' || tf.path || ':' || t.symbol_path || ' ' || round(e.confidence, 2) AS edge
    FROM edges e JOIN calls c ON c.id = e.call JOIN files cf ON cf.id = c.file LEFT JOIN symbols cs ON cs.id = c.caller
    JOIN symbols t ON t.id = e.callee JOIN files tf ON tf.id = t.file ORDER BY edge`;
  return reading(root, home, (database) =>
    database
      .prepare(sql)
      .all()
      .map((row) => String(row['edge'])),
  );
}

/** Everything that an index says, without ids and times: equal for equal repositories. */
export function contentOf(root: string, home: string): unknown {
  const rows = (sql: string) => reading(root, home, (database) => database.prepare(sql).all());
  return {
    files: rows('SELECT path, language, hash, size, resolved FROM files ORDER BY path'),
    symbols: rows(
      'SELECT f.path, s.symbol_path, s.kind, s.start_line, s.end_line, s.signature, s.doc FROM symbols s JOIN files f ON f.id = s.file ORDER BY 1, 2, 4',
    ),
    calls: rows(
      'SELECT f.path, c.name, c.receiver, c.line, c.character FROM calls c JOIN files f ON f.id = c.file ORDER BY 1, 4, 5, 2',
    ),
    imports: rows('SELECT f.path, i.name FROM imports i JOIN files f ON f.id = i.file ORDER BY 1, 2'),
    links: rows('SELECT f.path, l.text FROM links l JOIN files f ON f.id = l.file ORDER BY 1'),
    searchRows: rows('SELECT count(*) AS n FROM search'),
    stale: rows('SELECT (SELECT count(*) FROM stale_names) + (SELECT count(*) FROM stale_keys) AS n'),
    edges: edges(root, home),
  };
}
