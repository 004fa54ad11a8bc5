import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ensureDataFolder } from './home.ts';

const busyTimeoutMs = 250;
/** Rows kept in each table; the least recently used go first. */
const mostRows = 5_000;
const mostCharacters = 2_000_000;

/** What the user and models chose for files, by hashes. A failing disk makes it forget, never throw. */
export interface PartitionChoices {
  /** Lines (0-based, ascending) at which the user lets partitions begin, for a file with this content; undefined when untouched. */
  boundaries(contentHash: string): readonly number[] | undefined;
  setBoundaries(contentHash: string, lines: readonly number[]): void;
  clearBoundaries(contentHash: string): void;
  /** Answers of models, by the hash of their question. */
  readonly answers: { get(key: string): string | undefined; set(key: string, value: string): void };
  close(): void;
}

/** Opens `partitions.db` in the user folder. Throws when the folder or file cannot be used. */
export function openPartitionChoices(folder: string, now: () => number): PartitionChoices {
  ensureDataFolder(folder);
  const database = new DatabaseSync(join(folder, 'partitions.db'));
  database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA journal_mode = WAL;`);
  const boundaries = table(database, 'boundaries', now);
  const answers = table(database, 'answers', now);
  return {
    boundaries: (hash) => linesOf(boundaries.get(hash)),
    setBoundaries: (hash, lines) => boundaries.set(hash, JSON.stringify(lines)),
    clearBoundaries: (hash) => boundaries.drop(hash),
    answers,
    close: () => database.close(),
  };
}

/** Where no folder can be written: kept for this session alone. */
export function memoryPartitionChoices(): PartitionChoices {
  const chosen = new Map<string, readonly number[]>();
  const answers = new Map<string, string>();
  return {
    boundaries: (hash) => chosen.get(hash),
    setBoundaries: (hash, lines) => bounded(chosen, hash, lines),
    clearBoundaries: (hash) => void chosen.delete(hash),
    answers: { get: (key) => answers.get(key), set: (key, value) => bounded(answers, key, value) },
    close: () => undefined,
  };
}

function bounded<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > mostRows && oldest.done !== true) map.delete(oldest.value);
}

function table(database: DatabaseSync, name: 'boundaries' | 'answers', now: () => number) {
  database.exec(`CREATE TABLE IF NOT EXISTS ${name} (
    key TEXT PRIMARY KEY, body TEXT NOT NULL, used INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;`);
  const get = database.prepare(`UPDATE ${name} SET used = ? WHERE key = ? RETURNING body`);
  const put = database.prepare(
    `INSERT INTO ${name} VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body, used = excluded.used`,
  );
  const drop = database.prepare(`DELETE FROM ${name} WHERE key = ?`);
  const trim = database.prepare(
    `DELETE FROM ${name} WHERE key NOT IN (SELECT key FROM ${name} ORDER BY used DESC LIMIT ${mostRows})`,
  );
  return {
    get: (key: string): string | undefined => attempt(() => get.get(now(), key)?.['body'] as string | undefined),
    set(key: string, body: string): void {
      if (body.length > mostCharacters) return;
      attempt(() => {
        put.run(key, body, now());
        trim.run();
      });
    },
    drop: (key: string): void => void attempt(() => drop.run(key)),
  };
}

/** A busy or damaged database counts as one that knows nothing. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function linesOf(body: string | undefined): readonly number[] | undefined {
  if (body === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return Array.isArray(value) && value.every((line) => Number.isInteger(line)) ? (value as number[]) : undefined;
  } catch {
    return undefined;
  }
}
