import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { knownEndings } from '../syntax/detect.ts';
import { FactsExchange } from './factsExchange.ts';
import { IgnoreRules } from './ignoreRules.ts';
import { openIndexDatabase } from './indexDatabase.ts';
import type { IndexLocation } from './indexLocation.ts';
import type { IndexTask } from './indexTasks.ts';
import { createIndexWriter } from './indexWriter.ts';
import type { SharedFacts } from './sharedFacts.ts';
import { type WalkedFile, walk } from './walk.ts';
import { createWorkerPool, type PoolOptions } from './workerPool.ts';

/** A part of a repository's files, by a hash of their paths: a job that names it tells nothing of the repository. */
export interface Shard {
  /** From 0. */
  readonly shard: number;
  readonly shards: number;
}

export interface FillPorts {
  readonly root: string;
  /** The setting `codegloss.ignore`. */
  readonly ignore: readonly string[];
  readonly pool: PoolOptions;
  readonly remote: SharedFacts;
  readonly signal: AbortSignal;
}

const batchFiles = 32;
const batchBytes = 1 << 20;

/**
 * Parses those files of a shard that nobody in the team has parsed, and hands over what that says. May be done by several, or twice, or half: what
 * is there is left alone. Throws when the team's database was away, because then nobody has it.
 */
export async function fillShard(shard: Shard, ports: FillPorts): Promise<void> {
  let problem: string | undefined;
  const exchange = new FactsExchange(ports.remote, {
    sharing: 'fill',
    clock: Date.now,
    onProblem: (message) => {
      problem ??= message;
    },
  });
  const pool = createWorkerPool(ports.pool, exchange);
  const pending = new Set<Promise<unknown>>();
  const send = async (tasks: readonly IndexTask[]): Promise<void> => {
    const { done } = await pool.run(tasks);
    pending.add(done);
    void done.finally(() => pending.delete(done)).catch(() => undefined);
  };
  try {
    let batch: IndexTask[] = [];
    let bytes = 0;
    for await (const file of filesOf(ports)) {
      if (shardOf(file.path, shard.shards) !== shard.shard) continue;
      batch.push({ file: file.file, path: file.path, bytes: file.bytes });
      bytes += file.bytes;
      if (batch.length < batchFiles && bytes < batchBytes) continue;
      await send(batch);
      batch = [];
      bytes = 0;
    }
    if (batch.length > 0) await send(batch);
    await Promise.all(pending);
    await exchange.settle();
    if (problem !== undefined) throw new Error(problem);
  } finally {
    await pool.close();
  }
}

/** Files that an index of this machine would have to read, by time and size. */
export async function filesToRead(
  location: IndexLocation,
  ports: Pick<FillPorts, 'ignore' | 'signal'>,
): Promise<number> {
  const database = openIndexDatabase(location.database);
  try {
    const known = createIndexWriter(database).known();
    let count = 0;
    for await (const { path, modifiedMs, bytes } of filesOf({ ...ports, root: location.root })) {
      const state = known.get(path);
      if (state === undefined || state.mtime !== modifiedMs || state.size !== bytes) count++;
    }
    return count;
  } finally {
    database.close();
  }
}

function filesOf({ root, ignore, signal }: Pick<FillPorts, 'root' | 'ignore' | 'signal'>): AsyncGenerator<WalkedFile> {
  const endings = knownEndings();
  return walk(root, {
    ignore: new IgnoreRules(root, ignore),
    wanted: (path) => endings.has(extname(path).toLowerCase()),
    skip: () => undefined,
    signal,
  });
}

function shardOf(path: string, shards: number): number {
  return createHash('sha256').update(path).digest().readUInt32BE(0) % shards;
}
