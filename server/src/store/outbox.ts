import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ensureDataFolder } from './home.ts';
import type { SealedRow } from './postgres/sharedSummaries.ts';

/** Summaries that still have to reach the shared store; on disk, so that a server that is away for a week loses none. */
export interface Outbox {
  add(row: SealedRow): void;
  /** The oldest rows. */
  first(most: number): readonly SealedRow[];
  remove(ids: readonly Buffer[]): void;
  readonly size: number;
  close(): void;
}

/** Some 150 MB; the oldest are given up first: they are cached results, and whoever needs one makes it again. */
const mostKept = 100_000;

/** Throws when the folder cannot be written. Several processes may share one. */
export function openOutbox(folder: string): Outbox {
  ensureDataFolder(folder);
  const database = new DatabaseSync(join(folder, 'outbox.db'), { timeout: 2_000 });
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS outbox (place INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, body BLOB NOT NULL) STRICT;`);
  const add = database.prepare('INSERT INTO outbox (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const first = database.prepare('SELECT id, body FROM outbox ORDER BY place LIMIT ?');
  const remove = database.prepare('DELETE FROM outbox WHERE id = ?');
  const count = database.prepare('SELECT count(*) AS n FROM outbox');
  const trim = database.prepare(
    'DELETE FROM outbox WHERE place <= (SELECT place FROM outbox ORDER BY place DESC LIMIT 1 OFFSET ?)',
  );
  let added = 0;
  return {
    add({ id, body }) {
      add.run(id, body);
      if (++added % 1_000 === 0) trim.run(mostKept);
    },
    first: (most) =>
      first.all(most).map((row) => ({
        id: Buffer.from(row['id'] as Uint8Array),
        body: Buffer.from(row['body'] as Uint8Array),
      })),
    remove(ids) {
      database.exec('BEGIN IMMEDIATE');
      for (const id of ids) remove.run(id);
      database.exec('COMMIT');
    },
    get size() {
      return Number(count.get()?.['n'] ?? 0);
    },
    close: () => database.close(),
  };
}
