import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { executeRun } from '../bulk/execute.ts';
import { hashOfBytes, type RunJob } from '../bulk/jobs.ts';
import { edgesOf, isFresh } from '../bulk/plan.ts';
import { pathOf, type RunTarget, type TargetKey, targetsOf } from '../bulk/targets.ts';
import { priceOf } from '../model/prices.ts';
import { limited } from '../model/sharedLimits.ts';
import { type Settings, settingsSchema } from '../settings.ts';
import { connectFacts, type FactsStore } from '../store/postgres/facts.ts';
import type { Effect, TakenJob } from '../store/postgres/jobQueue.ts';
import {
  countDone,
  type JobOutcome,
  openSharedRuns,
  type SharedRate,
  type SharedRuns,
} from '../store/postgres/runs.ts';
import { connectSummaries } from '../store/postgres/summaries.ts';
import { planJobs } from '../summary/dependencyOrder.ts';
import { type Command, type CommandContext, integerOption, parseArguments, UsageError } from './arguments.ts';
import { type BulkSession, openBulk } from './bulkSession.ts';
import { handleShard, openShardQueue } from './indexShards.ts';
import { providerOptions, settingsFrom, storeVariable } from './session.ts';
import { openRunQueue, storeConfig } from './workerQueue.ts';

const workerOptions = {
  ...providerOptions,
  store: { type: 'string' },
  root: { type: 'string' },
  parallel: { type: 'string' },
  rate: { type: 'string' },
  once: { type: 'boolean' },
  'keep-days': { type: 'string' },
} as const;

/** A job that so many attempts did not end is given up, so that what waits for it goes on. */
const hopeless = 5;
const retentionDays = 180;

export const workerCommand: Command = {
  usage:
    '--store URL [--provider P] [--model M] [--endpoint URL] [--root DIR] [--parallel JOBS] [--rate REQUESTS/TOKENS] [--keep-days N] [--once]',
  summary: "takes jobs of 'run --workers' from the team's database until it is stopped; may be killed at any moment",
  async run(context) {
    const { values, positionals } = parseArguments(context.args, workerOptions);
    if (positionals.length > 0) throw new UsageError('name no folder: --root says where the code is.');
    const settings = settingsFrom(values);
    const config = storeConfig(values.store, context.env);
    const facts = connectFacts(config);
    await forgetUnused(config, facts, integerOption('keep-days', values['keep-days'], 1, retentionDays));
    const runs = await openSharedRuns(config);
    const [queue, shards] = await Promise.all([openRunQueue(config, settings), openShardQueue(config)]);
    const problem = (message: string): void => context.output.err(`codegloss worker: ${message}\n`);
    const sessions = new WorkerSessions(context, {
      settings,
      storeUrl: values.store ?? context.env[storeVariable] ?? '',
      root: values.root,
      runs,
      rate: { name: `${settings.provider} ${settings.endpoint}`, ...rateOf(values.rate) },
    });
    try {
      const working = { batch: 1, once: values.once === true, signal: context.signal, onProblem: problem };
      // One shard at a time: it parses in as many threads as there are cores.
      const parsing = shards.work({
        ...working,
        lanes: 1,
        handle: (job) => handleShard(job, { runs, facts, root: values.root }),
      });
      const summarizing = queue.work({
        ...working,
        lanes: integerOption('parallel', values.parallel, 1, 4),
        handle: (job) => handle(job, { sessions, runs, problem }),
      });
      await Promise.all([parsing, summarizing]);
      return 0;
    } finally {
      await queue.close();
      await shards.close();
      await facts.close();
      await sessions.close();
      await runs.close();
    }
  },
};

/** Retention by last use; one worker at a time finds something to do. */
async function forgetUnused(
  config: Parameters<typeof connectSummaries>[0],
  facts: FactsStore,
  days: number,
): Promise<void> {
  const summaries = connectSummaries(config);
  try {
    await summaries.trim(days);
    await facts.trim(days);
  } finally {
    await summaries.close();
  }
}

/** `REQUESTS/TOKENS` a minute, for all workers together. */
function rateOf(value: string | undefined): Omit<SharedRate, 'name'> {
  if (value === undefined) return {};
  const match = /^(\d+)\/(\d+)$/.exec(value);
  if (match === null) throw new UsageError(`--rate wants REQUESTS/TOKENS a minute such as 50/50000, not '${value}'.`);
  return { requestsPerMinute: Number(match[1]), tokensPerMinute: Number(match[2]) };
}

interface HandlePorts {
  readonly sessions: WorkerSessions;
  readonly runs: SharedRuns;
  readonly problem: (message: string) => void;
}

const nothing: JobOutcome = { generated: 0, reused: 0, failed: 0 };

async function handle({ data, earlier }: TakenJob<RunJob>, ports: HandlePorts): Promise<Effect> {
  const { run } = data;
  if (data.kind === 'join') return countDone(run, nothing);
  const givenUp = countDone(run, { ...nothing, failed: data.targets.length });
  if (earlier >= hopeless) return givenUp;
  if ((await ports.runs.progress(run)).stopped !== undefined) return givenUp;
  const session = await ports.sessions.of(run);
  const bytes = await readFile(path.join(session.root, data.path)).catch(() => undefined);
  if (bytes === undefined || hashOfBytes(bytes) !== data.hash) {
    ports.problem(`${data.path} is not here as it was submitted: give --root a checkout of the same state.`);
    return givenUp;
  }
  const outcome = await summarizeFile(session, data, ports);
  // What is not handed over would be lost with this machine, and paid for again.
  if ((await session.core.handOver()) > 0) throw new Error('the shared store is away');
  return countDone(run, outcome);
}

/** The targets of one file, bottom-up. Not cut off by a stop of the worker: what is asked is paid for. */
async function summarizeFile(
  session: BulkSession,
  { run, path: file, targets, callees, ofRun }: Extract<RunJob, { kind: 'file' }>,
  { runs, problem }: HandlePorts,
): Promise<JobOutcome> {
  const { core, sources } = session;
  const signal = new AbortController().signal;
  const settled = (): Promise<boolean> => core.context.settled();
  await fetchCallees(session, callees);
  const wanted = new Set(targets);
  const planned = new Map<TargetKey, RunTarget>();
  let fresh = 0;
  await sources.use(file, signal, async (document) => {
    for (const target of targetsOf(document)) {
      if (!wanted.has(target.key)) continue;
      await core.summarizer.lookUp(document, target.target, signal);
      if (await isFresh(document, target.target, { summarizer: core.summarizer, settled })) fresh++;
      else planned.set(target.key, target);
    }
  });
  const jobs = planJobs([...planned.keys()], edgesOf(planned, session.callsFrom(file)));
  const outcome = await executeRun(
    { looked: targets.length, fresh, planned, jobs },
    {
      sources,
      summarizer: core.summarizer,
      settled,
      concurrency: 8,
      ofRun,
      clock: Date.now,
      signal,
      onFailure: ({ key }, error) => problem(`${key.replace('\n', ' ').trim()}: ${(error as Error).message}`),
    },
  );
  if (outcome.stopped !== undefined) await runs.stop(run, outcome.stopped.message);
  const generated = outcome.generated;
  const reused = fresh + outcome.reused;
  return { generated, reused, failed: targets.length - generated - reused };
}

/** What colleagues said of the callees in other files, so that this worker's prompts have it, too. */
async function fetchCallees({ core, sources }: BulkSession, callees: readonly TargetKey[]): Promise<void> {
  const signal = AbortSignal.timeout(calleesMs);
  const wanted = new Set(callees);
  for (const file of new Set(callees.map(pathOf))) {
    await sources.use(file, signal, async (document) => {
      const targets = targetsOf(document).filter(({ key }) => wanted.has(key));
      await Promise.all(targets.map(({ target }) => core.summarizer.lookUp(document, target, signal)));
    });
  }
}

const calleesMs = 30_000;

interface WorkerPorts {
  /** Provider, model and endpoint as this worker was started. */
  readonly settings: Settings;
  readonly storeUrl: string;
  /** Where the code is; undefined for where the run's submitter had it. */
  readonly root: string | undefined;
  readonly runs: SharedRuns;
  readonly rate: SharedRate;
}

/** Runs that this worker has a hand in, each with its core; few, because each holds an index and parsed files. */
class WorkerSessions {
  readonly #context: CommandContext;
  readonly #ports: WorkerPorts;
  readonly #open = new Map<string, Promise<BulkSession>>();

  constructor(context: CommandContext, ports: WorkerPorts) {
    this.#context = context;
    this.#ports = ports;
  }

  of(run: string): Promise<BulkSession> {
    const known = this.#open.get(run) ?? this.#make(run);
    this.#open.set(run, known);
    known.catch(() => this.#open.delete(run));
    return known;
  }

  async close(): Promise<void> {
    for (const session of this.#open.values()) await (await session.catch(() => undefined))?.close();
  }

  async #make(run: string): Promise<BulkSession> {
    const { settings: own, storeUrl, root, runs, rate } = this.#ports;
    const stored = await runs.settings(run);
    const parsed = settingsSchema.parse(stored);
    const folder = root ?? rootOf(stored);
    // Who is asked, where and at which price is this worker's; how it is asked is the run's.
    const settings: Settings = {
      ...parsed,
      provider: own.provider,
      model: own.model,
      endpoint: own.endpoint,
      automatic: true,
      budget: { daily: null },
      store: { url: storeUrl },
    };
    const price = priceOf(settings.model, parsed.prices);
    return openBulk(this.#context, folder, settings, {
      parallel: 8,
      around: (producer) =>
        limited(producer, price ?? priceOf(producer.identity.model, parsed.prices), {
          admit: (request, signal) => runs.admit(run, { ...request, rate }, signal),
          settle: (worst, usage) => runs.settle(run, worst, usage),
        }),
    });
  }
}

function rootOf(stored: unknown): string {
  const root = (stored as { readonly root?: unknown } | null)?.root;
  if (typeof root !== 'string' || !existsSync(root))
    throw new Error('the code of this run is not on this machine: give --root a checkout of it.');
  return root;
}
