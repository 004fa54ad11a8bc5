import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { PoolConfig } from 'pg';
import { homeFolder } from '../core.ts';
import { filesToRead, fillShard, type Shard } from '../repository/fillShard.ts';
import { indexLocation } from '../repository/indexLocation.ts';
import { defaultSettings } from '../settings.ts';
import { ensureDataFolder } from '../store/home.ts';
import { connectFacts, type FactsStore } from '../store/postgres/facts.ts';
import { type Effect, type JobQueue, openJobQueue, type TakenJob } from '../store/postgres/jobQueue.ts';
import { countDone, type SharedRuns } from '../store/postgres/runs.ts';
import type { CommandContext } from './arguments.ts';
import { parsingThreads } from './indexing.ts';
import { progressBar } from './progress.ts';

/** A part of a repository to parse for everybody. Names no file. */
export interface ShardJob extends Shard {
  readonly kind: 'shard';
  readonly run: string;
}

/** Fewer files are parsed before a job is fetched. */
const fewFiles = 200;
const filesOfShard = 200;
const mostShards = 256;
/** A shard that so many attempts did not end is left to who needs its files. */
const hopeless = 5;
/** Between two looks at what the others have done, in milliseconds. */
const lookMs = 300;
const nothing = { generated: 0, reused: 0, failed: 0 };

/** The queue of index shards: of all providers, because nothing is asked and nothing is sent but sealed facts. */
export function openShardQueue(config: PoolConfig): Promise<JobQueue<ShardJob>> {
  return openJobQueue<ShardJob>(config, 'index-shards');
}

export interface ShardPorts {
  readonly runs: Pick<SharedRuns, 'settings'>;
  readonly facts: FactsStore;
  /** Where the code is; undefined for where the run's submitter had it. */
  readonly root: string | undefined;
}

/** Parses one shard; done again, or by two at once, it changes nothing. */
export async function handleShard({ data, earlier }: TakenJob<ShardJob>, ports: ShardPorts): Promise<Effect> {
  const { run, shard, shards } = data;
  const done = countDone(run, nothing);
  if (earlier >= hopeless) return done;
  const { root: there } = ((await ports.runs.settings(run)) ?? {}) as { readonly root?: unknown };
  const root = ports.root ?? (typeof there === 'string' && existsSync(there) ? there : undefined);
  if (root === undefined)
    throw new Error('the code of this index is not on this machine: give --root a checkout of it.');
  // Not cut off by a stop of the worker: a shard takes seconds.
  const { signal } = new AbortController();
  await fillShard(
    { shard, shards },
    { root, ignore: defaultSettings.ignore, pool: parsingThreads(), remote: ports.facts, signal },
  );
  return done;
}

/**
 * Has the workers parse a repository together with this process, before it is indexed here: afterwards the facts of all files are the team's.
 * Returns at once where little has to be read; with no worker this process does all of it.
 */
export async function parseTogether(
  context: CommandContext,
  folder: string,
  ports: { readonly config: PoolConfig; readonly runs: SharedRuns },
): Promise<void> {
  const home = homeFolder(context.env);
  ensureDataFolder(home);
  const location = indexLocation(folder, { home, userHome: homedir() });
  const { ignore } = defaultSettings;
  const files = await filesToRead(location, { ignore, signal: context.signal });
  if (files < fewFiles) return;
  const shards = Math.min(mostShards, Math.ceil(files / filesOfShard));
  const queue = await openShardQueue(ports.config);
  const facts = connectFacts(ports.config);
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  try {
    const settings = { root: location.root };
    const run = await ports.runs.create({ settings, jobs: shards, maxCost: undefined });
    await queue.submit(
      Array.from({ length: shards }, (_, shard) => ({
        ref: `${shard}`,
        data: { kind: 'shard' as const, run, shard, shards },
        needs: [],
      })),
    );
    const work = queue.work({
      batch: 1,
      lanes: 1,
      signal,
      onProblem: (message) => context.output.err(`codegloss: ${message}\n`),
      handle: (job) => handleShard(job, { runs: ports.runs, facts, root: undefined }),
    });
    await watch(context, run, ports.runs).finally(() => over.abort());
    await work;
  } finally {
    await queue.close();
    await facts.close();
  }
}

async function watch(context: CommandContext, run: string, runs: SharedRuns): Promise<void> {
  const bar = progressBar(context.output, 'parsing');
  try {
    for (;;) {
      context.signal.throwIfAborted();
      const progress = await runs.progress(run).catch(() => undefined);
      if (progress !== undefined) {
        bar.show(progress.done, progress.jobs);
        if (progress.done >= progress.jobs) return;
      }
      await pause(lookMs, undefined, { signal: context.signal });
    }
  } finally {
    bar.clear();
  }
}
