import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { executeRun } from '../bulk/execute.ts';
import { hashOfBytes, type RunJob } from '../bulk/jobs.ts';
import { edgesOf, isFresh } from '../bulk/plan.ts';
import { pathOf, type RunTarget, type TargetKey, targetsOf } from '../bulk/targets.ts';
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
import { type Command, integerOption, parseArguments, UsageError } from './arguments.ts';
import type { BulkSession } from './bulkSession.ts';
import { handleShard, openShardQueue } from './indexShards.ts';
import { providerOptions, settingsFrom, storeVariable } from './session.ts';
import { pollMsOf } from './terms.ts';
import { openRunQueue, storeConfig } from './workerQueue.ts';
import { WorkerSessions } from './workerSessions.ts';

const workerOptions = {
  ...providerOptions,
  store: { type: 'string' },
  root: { type: 'string' },
  parallel: { type: 'string' },
  rate: { type: 'string' },
  poll: { type: 'string' },
  once: { type: 'boolean' },
  'keep-days': { type: 'string' },
} as const;

/** A job that so many attempts did not end is given up, so that what waits for it goes on. */
const hopeless = 5;
/** A job that waits for batches is given back whenever its worker is stopped. */
const hopelessOfBatches = 100;
/** Files whose questions wait for batches at the same time; each stays parsed. */
const gathered = 200;
const retentionDays = 180;
/** A run is over after hours or, by batches, days; its settings name a folder and a server. */
const runDays = 30;

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
    await runs.trim(runDays);
    const [queue, batches, shards] = await Promise.all([
      openRunQueue(config, settings),
      openRunQueue(config, settings, true),
      openShardQueue(config),
    ]);
    const problem = (message: string): void => context.output.err(`codegloss worker: ${message}\n`);
    const sessions = new WorkerSessions(context, {
      settings,
      storeUrl: values.store ?? context.env[storeVariable] ?? '',
      config,
      root: values.root,
      runs,
      pollMs: pollMsOf(values.poll),
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
      const waiting = batches.work({
        ...working,
        lanes: gathered,
        handle: (job, signal) => handle(job, { sessions, runs, problem, waits: signal }),
      });
      await Promise.all([parsing, summarizing, waiting]);
      return 0;
    } finally {
      await queue.close();
      await batches.close();
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
  /** Of a job that waits for batches: ends the waiting, and another worker goes on with the job. */
  readonly waits?: AbortSignal;
}

const nothing: JobOutcome = { generated: 0, reused: 0, failed: 0 };

async function handle({ data, earlier }: TakenJob<RunJob>, ports: HandlePorts): Promise<Effect> {
  const { run } = data;
  if (data.kind === 'join') return countDone(run, nothing);
  const givenUp = countDone(run, { ...nothing, failed: data.targets.length });
  if (earlier >= (ports.waits === undefined ? hopeless : hopelessOfBatches)) return givenUp;
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

/** The targets of one file, bottom-up. Only waiting for batches is cut off by a stop of the worker: else what is asked is paid for. */
async function summarizeFile(
  session: BulkSession,
  { run, path: file, targets, callees, ofRun }: Extract<RunJob, { kind: 'file' }>,
  { runs, problem, waits }: HandlePorts,
): Promise<JobOutcome> {
  const { core, sources } = session;
  const signal = waits ?? new AbortController().signal;
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
      concurrency: waits === undefined ? 8 : Number.POSITIVE_INFINITY,
      ofRun,
      clock: Date.now,
      signal,
      ...(waits === undefined ? {} : { cancel: waits }),
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
