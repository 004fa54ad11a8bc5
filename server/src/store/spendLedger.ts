import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ensureDataFolder } from './home.ts';

/** What a day has cost; money in whole nanodollars. Same shape as the model layer's `DaySpend`. */
interface DaySpend {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly nanodollars: number;
}

const busyTimeoutMs = 2000;
const daysKept = 400;

/**
 * The day's spending on disk, shared by all windows and the command line: each addition is one atomic statement. Throws when the folder
 * cannot be written: a budget that cannot be kept must not be pretended.
 */
export function openSpendLedger(folder: string): {
  add(day: string, amount: DaySpend): DaySpend;
  read(day: string): DaySpend;
  close(): void;
} {
  ensureDataFolder(folder);
  const database = new DatabaseSync(join(folder, 'spend.db'));
  database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS spend (
      day TEXT PRIMARY KEY, input INTEGER NOT NULL, cached INTEGER NOT NULL, output INTEGER NOT NULL, nanodollars INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;`);
  const adding = database.prepare(`INSERT INTO spend VALUES (?, ?, ?, ?, ?) ON CONFLICT (day) DO UPDATE SET
    input = input + excluded.input, cached = cached + excluded.cached, output = output + excluded.output,
    nanodollars = nanodollars + excluded.nanodollars
    RETURNING input, cached, output, nanodollars`);
  const reading = database.prepare('SELECT input, cached, output, nanodollars FROM spend WHERE day = ?');
  database
    .prepare('DELETE FROM spend WHERE day NOT IN (SELECT day FROM spend ORDER BY day DESC LIMIT ?)')
    .run(daysKept);
  return {
    add: (day, { input, cached, output, nanodollars }) => spendOf(adding.get(day, input, cached, output, nanodollars)),
    read: (day) => spendOf(reading.get(day)),
    close: () => database.close(),
  };
}

function spendOf(row: Record<string, unknown> | undefined): DaySpend {
  const number = (name: string) => Number(row?.[name] ?? 0);
  return {
    input: number('input'),
    cached: number('cached'),
    output: number('output'),
    nanodollars: number('nanodollars'),
  };
}
