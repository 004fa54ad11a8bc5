import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { type PartitionStrategyName, partitionStrategies } from '../types/partition.ts';
import { ensureDataFolder } from './home.ts';

const busyTimeoutMs = 250;
/** Rows kept in each table; the least recently used go first. */
const mostRows = 5_000;
const mostCharacters = 2_000_000;

/** How a user wants one file divided. */
export interface PartitionChoice {
  /** The strategy picked last; undefined while the setting decides. */
  readonly strategy?: PartitionStrategyName;
  /** Lines (0-based, ascending) at which partitions begin by the user's hand, for each strategy whose boundaries were touched. */
  readonly boundaries: Readonly<Partial<Record<PartitionStrategyName, readonly number[]>>>;
}

/** What the user and models chose for files, by hashes. A failing disk makes it forget, never throw. */
export interface PartitionChoices {
  /** The user's choice for a file with this content; undefined when untouched. */
  choice(contentHash: string): PartitionChoice | undefined;
  /** The same without noting that it was used: for what is asked all the time. */
  peek(contentHash: string): PartitionChoice | undefined;
  keep(contentHash: string, choice: PartitionChoice): void;
  /** Answers of models, by the hash of their question. */
  readonly answers: { get(key: string): string | undefined; set(key: string, value: string): void };
  close(): void;
}

/** Opens `partitions.db` in the user folder. Throws when the folder or file cannot be used. */
export function openPartitionChoices(folder: string, now: () => number): PartitionChoices {
  ensureDataFolder(folder);
  const database = new DatabaseSync(join(folder, 'partitions.db'));
  database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA journal_mode = WAL;`);
  const chosen = table(database, 'choices', now);
  const answers = table(database, 'answers', now);
  return {
    choice: (hash) => choiceOf(chosen.get(hash)),
    peek: (hash) => choiceOf(chosen.peek(hash)),
    keep: (hash, choice) => chosen.set(hash, JSON.stringify(choice)),
    answers,
    close: () => database.close(),
  };
}

/** Where no folder can be written: kept for this session alone. */
export function memoryPartitionChoices(): PartitionChoices {
  const chosen = new Map<string, PartitionChoice>();
  const answers = new Map<string, string>();
  return {
    choice: (hash) => chosen.get(hash),
    peek: (hash) => chosen.get(hash),
    keep: (hash, choice) => bounded(chosen, hash, choice),
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

function table(database: DatabaseSync, name: 'choices' | 'answers', now: () => number) {
  database.exec(`CREATE TABLE IF NOT EXISTS ${name} (
    key TEXT PRIMARY KEY, body TEXT NOT NULL, used INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;`);
  const get = database.prepare(`UPDATE ${name} SET used = ? WHERE key = ? RETURNING body`);
  const look = database.prepare(`SELECT body FROM ${name} WHERE key = ?`);
  const put = database.prepare(
    `INSERT INTO ${name} VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body, used = excluded.used`,
  );
  const trim = database.prepare(
    `DELETE FROM ${name} WHERE key NOT IN (SELECT key FROM ${name} ORDER BY used DESC LIMIT ${mostRows})`,
  );
  return {
    peek: (key: string): string | undefined => attempt(() => look.get(key)?.['body'] as string | undefined),
    get: (key: string): string | undefined => attempt(() => get.get(now(), key)?.['body'] as string | undefined),
    set(key: string, body: string): void {
      if (body.length > mostCharacters) return;
      attempt(() => {
        put.run(key, body, now());
        trim.run();
      });
    },
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

const lineList = z.array(z.number().int().nonnegative());
const choiceShape = z.object({
  strategy: z.enum(partitionStrategies).exactOptional(),
  boundaries: z.partialRecord(z.enum(partitionStrategies), lineList),
});

function choiceOf(body: string | undefined): PartitionChoice | undefined {
  if (body === undefined) return undefined;
  try {
    const parsed = choiceShape.safeParse(JSON.parse(body));
    return parsed.success ? (parsed.data as PartitionChoice) : undefined;
  } catch {
    return undefined;
  }
}
