import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ensureDataFolder } from './home.ts';

/** A batch that was submitted and whose results have not all been fetched. */
export interface OpenBatch {
  /** Our own number of it. */
  readonly number: number;
  /** The provider's name of it; undefined when the process ended between sending and hearing the answer. */
  readonly id: string | undefined;
  readonly requests: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Which batches are under way, on disk: who starts again finds what is paid for by its batch, and does not pay twice. */
export interface BatchLedger {
  /** Batches of one provider, model and endpoint, oldest first: all that were not answered, and what was within the last day. */
  open(owner: string): readonly OpenBatch[];
  /** Noted before it is sent. @returns its number */
  intend(owner: string, requests: readonly string[]): number;
  submitted(number: number, id: string): void;
  /** All of its answers were fetched. It stays for a day: who fetched them may end before it has stored what it made of them. */
  answered(number: number): void;
  /** There is no such batch. */
  forget(number: number): void;
  close(): void;
}

/** Providers keep results for 29 days. */
const keptMs = 29 * 86_400_000;
const answeredMs = 86_400_000;

/** Throws when the folder cannot be written: a batch that could not be found again would be paid for twice. */
export function openBatchLedger(folder: string, now: () => number): BatchLedger {
  ensureDataFolder(folder);
  const database = new DatabaseSync(join(folder, 'batches.db'), { timeout: 5_000 });
  // FULL: what is paid for must survive a loss of power.
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS batches (
      number INTEGER PRIMARY KEY, owner TEXT NOT NULL, id TEXT, requests TEXT NOT NULL, created INTEGER NOT NULL,
      answered INTEGER
    ) STRICT;`);
  addAnswered(database);
  database.prepare('DELETE FROM batches WHERE created < ? OR answered < ?').run(now() - keptMs, now() - answeredMs);
  const open = database.prepare('SELECT number, id, requests, created FROM batches WHERE owner = ? ORDER BY number');
  const intend = database.prepare('INSERT INTO batches (owner, requests, created) VALUES (?, ?, ?)');
  const submitted = database.prepare('UPDATE batches SET id = ? WHERE number = ?');
  const answered = database.prepare('UPDATE batches SET answered = coalesce(answered, ?) WHERE number = ?');
  const forget = database.prepare('DELETE FROM batches WHERE number = ?');
  return {
    open: (owner) =>
      open.all(owner).map((row) => ({
        number: Number(row['number']),
        id: row['id'] === null ? undefined : String(row['id']),
        requests: String(row['requests']).split(' '),
        createdAt: Number(row['created']),
      })),
    intend: (owner, requests) => Number(intend.run(owner, requests.join(' '), now()).lastInsertRowid),
    submitted: (number, id) => void submitted.run(id, number),
    answered: (number) => void answered.run(now(), number),
    forget: (number) => void forget.run(number),
    close: () => database.close(),
  };
}

/** Ledgers of version 0.1 have no such column. */
function addAnswered(database: DatabaseSync): void {
  const columns = database.prepare('PRAGMA table_info(batches)').all();
  if (!columns.some(({ name }) => name === 'answered'))
    database.exec('ALTER TABLE batches ADD COLUMN answered INTEGER');
}
