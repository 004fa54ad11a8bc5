import type { DatabaseSync } from 'node:sqlite';
import { textTerms } from './identifiers.ts';
import { inTransaction } from './indexDatabase.ts';

/** What was said of a symbol, to be found by. */
export interface SaidOf {
  readonly path: string;
  readonly symbolPath: string;
  readonly text: string;
}

/** Summaries that are kept for search; the oldest go first. */
const maxSaid = 200_000;
/** A window never waits longer than this for another one's writing; what cannot be noted now is noted when it is said again. Milliseconds. */
const patience = 30;

/**
 * Made when first needed, and not by the index itself: what was said outlives a symbol's row, which every indexing of its file makes anew.
 * Words are kept as terms only, as in the index.
 */
const tables = `
  CREATE TABLE IF NOT EXISTS said_of (id INTEGER PRIMARY KEY, path TEXT NOT NULL, symbol TEXT NOT NULL, UNIQUE (path, symbol));
  CREATE VIRTUAL TABLE IF NOT EXISTS said USING fts5 (
    terms, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0 tokenchars '_$%@#'"
  );
`;

/** Lets a symbol be found by its summary. Does nothing while another connection writes. */
export function noteSaid(database: DatabaseSync, { path, symbolPath, text }: SaidOf): void {
  const before = Number(Object.values(database.prepare('PRAGMA busy_timeout').get() ?? {})[0] ?? 0);
  database.exec(`PRAGMA busy_timeout = ${patience}`);
  try {
    database.exec(tables);
    inTransaction(database, () => {
      const known = database.prepare('SELECT id FROM said_of WHERE path = ? AND symbol = ?').get(path, symbolPath);
      if (known !== undefined) forget(database, Number(known['id']));
      const { lastInsertRowid } = database
        .prepare('INSERT INTO said_of (path, symbol) VALUES (?, ?)')
        .run(path, symbolPath);
      database.prepare('INSERT INTO said (rowid, terms) VALUES (?, ?)').run(lastInsertRowid, textTerms(text).join(' '));
      const oldest = database.prepare('SELECT id FROM said_of ORDER BY id DESC LIMIT 1 OFFSET ?').get(maxSaid);
      if (oldest !== undefined) forget(database, Number(oldest['id']));
    });
  } catch (error) {
    if (!isBusy(error)) throw error;
  } finally {
    database.exec(`PRAGMA busy_timeout = ${before}`);
  }
}

function forget(database: DatabaseSync, id: number): void {
  database.prepare('DELETE FROM said WHERE rowid = ?').run(id);
  database.prepare('DELETE FROM said_of WHERE id = ?').run(id);
}

/** SQLITE_BUSY and SQLITE_LOCKED. */
function isBusy(error: unknown): boolean {
  const code = (error as { readonly errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' && ((code & 0xff) === 5 || (code & 0xff) === 6);
}

/** Ids of symbols whose summary shares terms with the expression, with BM25, best first; none while nothing was said. */
export function searchSaid(database: DatabaseSync, match: string, limit: number): ReadonlyMap<number, number> {
  const exists = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'said'").get();
  if (exists === undefined) return new Map();
  const rows = database
    .prepare(`
      SELECT s.id, hits.score FROM (
        SELECT rowid AS id, -bm25(said) AS score FROM said WHERE said MATCH ? ORDER BY bm25(said), rowid LIMIT ?
      ) AS hits
      JOIN said_of o ON o.id = hits.id JOIN files f ON f.path = o.path JOIN symbols s ON s.file = f.id AND s.symbol_path = o.symbol
      ORDER BY hits.score DESC, s.id`)
    .all(match, limit);
  return new Map(rows.map((row) => [Number(row['id']), Number(row['score'])]));
}
