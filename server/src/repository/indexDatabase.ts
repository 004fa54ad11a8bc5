import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Raised when the tables or what is put into them change. A database of another version is emptied: it is a cache. */
const schemaVersion = 7;

const busyTimeoutMs = 10_000;

const tables = [
  'edges',
  'bases',
  'imports',
  'calls',
  'search',
  'symbols',
  'files',
  'stale_names',
  'links',
  'aliases',
  'consulted',
  'stale_keys',
] as const;

/** Sorted at once these cost a fraction of what they cost row by row: an empty index is filled without them. */
const lateIndexes = {
  calls_name: 'calls (name)',
  symbols_name: 'symbols (name)',
  edges_callee: 'edges (callee)',
} as const;
type LateIndex = keyof typeof lateIndexes;

export function dropLateIndexes(database: DatabaseSync, names: readonly LateIndex[]): void {
  for (const name of names) database.exec(`DROP INDEX IF EXISTS ${name}`);
}

/** Makes those that are missing; before calls are looked up, and again after they were resolved for the first time. */
export function makeLateIndexes(database: DatabaseSync, names: readonly LateIndex[]): void {
  for (const name of names) database.exec(`CREATE INDEX IF NOT EXISTS ${name} ON ${lateIndexes[name]}`);
}

/**
 * Symbols of a file have their ids in the order of the source. `symbols.terms` is a hash of what the symbol is found by, so that the search table is
 * only touched where that changed. Terms come split, folded and joined by blanks: the plainest tokenizer takes them apart.
 * `links` holds what `FileLinks` says (`hands_on`: it hands on all that a module exports), `aliases` the names in it that symbols of other names
 * are called by, and `consulted` the keys of the names and modules that the calls of a file hang on.
 * `files.resolved`, `stale_names` and `stale_keys` remember, through a kill, which calls still have to be resolved.
 */
const create = `
  CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, language TEXT NOT NULL, hash TEXT NOT NULL,
    mtime REAL NOT NULL, size INTEGER NOT NULL, resolved INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE symbols (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, name TEXT NOT NULL, symbol_path TEXT NOT NULL, kind TEXT NOT NULL, parent INTEGER,
    start_line INTEGER NOT NULL, start_character INTEGER NOT NULL, end_line INTEGER NOT NULL, end_character INTEGER NOT NULL,
    signature TEXT NOT NULL, doc TEXT NOT NULL, doc_start_line INTEGER, doc_end_line INTEGER, terms INTEGER NOT NULL
  );
  CREATE INDEX symbols_file ON symbols (file);
  CREATE TABLE calls (
    id INTEGER PRIMARY KEY, file INTEGER NOT NULL, caller INTEGER, name TEXT NOT NULL, receiver TEXT NOT NULL,
    line INTEGER NOT NULL, character INTEGER NOT NULL
  );
  CREATE INDEX calls_file ON calls (file);
  CREATE TABLE imports (file INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (file, name)) WITHOUT ROWID;
  CREATE TABLE bases (symbol INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (symbol, name)) WITHOUT ROWID;
  CREATE TABLE edges (
    call INTEGER NOT NULL, callee INTEGER NOT NULL, confidence REAL NOT NULL, PRIMARY KEY (call, callee)
  ) WITHOUT ROWID;
  CREATE TABLE stale_names (name TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE links (file INTEGER PRIMARY KEY, text TEXT NOT NULL, hands_on INTEGER NOT NULL);
  CREATE INDEX links_handing_on ON links (file) WHERE hands_on = 1;
  CREATE TABLE aliases (name TEXT NOT NULL, file INTEGER NOT NULL, PRIMARY KEY (name, file)) WITHOUT ROWID;
  CREATE INDEX aliases_file ON aliases (file);
  CREATE TABLE consulted (file INTEGER PRIMARY KEY, keys BLOB NOT NULL);
  CREATE TABLE stale_keys (key INTEGER PRIMARY KEY);
  CREATE VIRTUAL TABLE search USING fts5 (
    name, context, body, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '_$%@#'"
  );
`;

/** Opens or creates the index of a repository; a file that is no sound database is made anew. */
export function openIndexDatabase(file: string): DatabaseSync {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    return openSound(file);
  } catch (error) {
    if (!isCorruption(error)) throw error;
    removeIndexDatabase(file);
    return openSound(file);
  }
}

/** True when SQLite says that the file is damaged or no database (https://www.sqlite.org/rescode.html: 11, 26). */
export function isCorruption(error: unknown): boolean {
  const code = (error as { readonly errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' && ((code & 0xff) === 11 || (code & 0xff) === 26);
}

export function removeIndexDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
}

/** Runs `work` in one write transaction; undone as a whole when it throws. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function openSound(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs, defensive: true });
  try {
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216; PRAGMA cache_size = -8192',
    );
    if (versionOf(database) !== schemaVersion) inTransaction(database, () => makeTables(database));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function makeTables(database: DatabaseSync): void {
  // Another process may have made them between our look and our lock.
  if (versionOf(database) === schemaVersion) return;
  for (const table of tables) database.exec(`DROP TABLE IF EXISTS ${table}`);
  database.exec(create);
  database.exec(`PRAGMA user_version = ${schemaVersion}`);
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}
