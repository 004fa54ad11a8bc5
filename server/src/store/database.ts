import { renameSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** Raised when the layout of the tables changes. An older database is emptied: it is a cache. */
const schemaVersion = 1;

/** A writer that waits longer gives up and tries again with the next write: the editor must not stand still behind another window. */
const busyTimeoutMs = 250;

const create = `
  CREATE TABLE summaries (
    key TEXT PRIMARY KEY, body TEXT NOT NULL, used INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX summaries_used ON summaries (used);
  CREATE TABLE subjects (
    subject TEXT PRIMARY KEY, key TEXT NOT NULL
  ) WITHOUT ROWID;
`;

/** The open file with the statements that everyday work needs. */
export interface SummaryDatabase {
  readonly get: StatementSync;
  readonly latest: StatementSync;
  readonly put: StatementSync;
  readonly point: StatementSync;
  readonly touch: StatementSync;
  /** Runs `work` in one write transaction; undone as a whole when it throws. */
  transaction(work: () => void): void;
  exec(sql: string): void;
  /** Bytes of pages in use, without what deletions left free. */
  usedBytes(): number;
  /** Deletes the least recently used `count` summaries and every subject that points at nothing. */
  evict(count: number): void;
  count(): number;
  close(): void;
}

export type OpenResult = { readonly ok: true; readonly database: SummaryDatabase } | DatabaseFailure;

/** What an SQLite error means for a cache. */
export type FailureKind = 'corrupt' | 'busy' | 'newer' | 'unusable';
export interface DatabaseFailure {
  readonly ok: false;
  readonly kind: FailureKind;
  readonly message: string;
}

/** Primary result codes: https://www.sqlite.org/rescode.html */
const kindsByCode: Readonly<Record<number, FailureKind>> = { 5: 'busy', 6: 'busy', 11: 'corrupt', 26: 'corrupt' };

export function failureOf(error: unknown): DatabaseFailure {
  const code = (error as { readonly errcode?: unknown } | null)?.errcode;
  const message = error instanceof Error ? error.message : String(error);
  const kind = typeof code === 'number' ? (kindsByCode[code & 0xff] ?? 'unusable') : 'unusable';
  return { ok: false, kind, message };
}

/** Opens or creates the database. With `check`, reads every page first (slow: only after a suspicion). */
export function openSummaryDatabase(file: string, options: { readonly check?: boolean } = {}): OpenResult {
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(file, { timeout: busyTimeoutMs, defensive: true });
    if (options.check) quickCheck(connection);
    const newer = prepareSchema(connection);
    if (newer !== undefined) {
      connection.close();
      return { ok: false, kind: 'newer', message: newer };
    }
    return { ok: true, database: wrap(connection) };
  } catch (error) {
    connection?.close();
    return failureOf(error);
  }
}

function quickCheck(connection: DatabaseSync): void {
  const answer = connection.prepare('PRAGMA quick_check(1)').get();
  if (answer?.['quick_check'] === 'ok') return;
  throw Object.assign(new Error(`quick_check: ${String(answer?.['quick_check'])}`), { errcode: 11 });
}

/** @returns why this database is not for us, or undefined when it is ready. */
function prepareSchema(connection: DatabaseSync): string | undefined {
  // Takes effect only while the file is still empty; lets eviction give pages back to the disk.
  connection.exec('PRAGMA auto_vacuum = INCREMENTAL');
  connection.exec('PRAGMA journal_mode = WAL');
  connection.exec('PRAGMA synchronous = NORMAL');
  connection.exec('PRAGMA journal_size_limit = 4194304');
  const version = versionOf(connection);
  if (version > schemaVersion) return `made by a newer CodeGloss (version ${version})`;
  if (version === schemaVersion) return undefined;
  connection.exec('BEGIN IMMEDIATE');
  try {
    // Another window may have made the tables between our look and our lock.
    if (versionOf(connection) !== schemaVersion) {
      connection.exec('DROP TABLE IF EXISTS summaries; DROP TABLE IF EXISTS subjects;');
      connection.exec(create);
      connection.exec(`PRAGMA user_version = ${schemaVersion}`);
    }
    connection.exec('COMMIT');
  } catch (error) {
    connection.exec('ROLLBACK');
    throw error;
  }
  return undefined;
}

function versionOf(connection: DatabaseSync): number {
  return Number(connection.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

function wrap(connection: DatabaseSync): SummaryDatabase {
  const pages = connection.prepare(
    'SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
  );
  const count = connection.prepare('SELECT count(*) AS n FROM summaries');
  const drop = connection.prepare(
    'DELETE FROM summaries WHERE key IN (SELECT key FROM summaries ORDER BY used LIMIT ?)',
  );
  const transaction = (work: () => void): void => {
    connection.exec('BEGIN IMMEDIATE');
    try {
      work();
      connection.exec('COMMIT');
    } catch (error) {
      if (connection.isTransaction) connection.exec('ROLLBACK');
      throw error;
    }
  };
  return {
    get: connection.prepare('SELECT body FROM summaries WHERE key = ?'),
    latest: connection.prepare(
      'SELECT s.body FROM subjects JOIN summaries s ON s.key = subjects.key WHERE subjects.subject = ?',
    ),
    put: connection.prepare(
      'INSERT INTO summaries (key, body, used) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body, used = excluded.used',
    ),
    point: connection.prepare(
      'INSERT INTO subjects (subject, key) VALUES (?, ?) ON CONFLICT (subject) DO UPDATE SET key = excluded.key',
    ),
    touch: connection.prepare('UPDATE summaries SET used = max(used, ?) WHERE key = ?'),
    transaction,
    exec: (sql) => connection.exec(sql),
    usedBytes: () => Number(pages.get()?.['bytes'] ?? 0),
    evict(amount) {
      transaction(() => {
        drop.run(amount);
        connection.exec('DELETE FROM subjects WHERE key NOT IN (SELECT key FROM summaries)');
      });
      connection.exec('PRAGMA incremental_vacuum');
    },
    count: () => Number(count.get()?.['n'] ?? 0),
    close: () => connection.close(),
  };
}

/**
 * Moves a damaged database out of the way (one such copy is kept). Looks first whether it is still the damaged one: another window may
 * have rebuilt it meanwhile.
 * @returns where it lies now, or undefined when the file at `file` is sound after all.
 */
export function moveCorruptAside(file: string): string | undefined {
  const before = inodeOf(file);
  const again = openSummaryDatabase(file, { check: true });
  if (again.ok) {
    again.database.close();
    return undefined;
  }
  if (again.kind !== 'corrupt' || inodeOf(file) !== before) return undefined;
  const aside = `${file}.corrupt`;
  for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
  renameSync(file, aside);
  return aside;
}

function inodeOf(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
}
