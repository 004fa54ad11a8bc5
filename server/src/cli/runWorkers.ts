import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileJobs, hashOfBytes } from '../bulk/jobs.ts';
import type { RunPlan } from '../bulk/plan.ts';
import { pathOf } from '../bulk/targets.ts';
import type { Settings } from '../settings.ts';
import { openSharedRuns, type RunProgress } from '../store/postgres/runs.ts';
import type { CommandContext } from './arguments.ts';
import type { BulkSession } from './bulkSession.ts';
import { parseTogether } from './indexShards.ts';
import { progressBar } from './progress.ts';
import { openRunQueue, storeConfig } from './workerQueue.ts';

/** Between two looks at what the workers have done, in milliseconds. */
const lookMs = 500;

/** What a run by workers came to, in the words of a run's report. */
export interface SharedReport {
  readonly reused: number;
  readonly generated: number;
  readonly failed: number;
  readonly requests: number;
  readonly tokens: { readonly input: number; readonly cached: number; readonly output: number };
  readonly cost: number | null;
  readonly stopped?: string;
}

/** Has the workers parse the repository, too, so that neither the plan nor any worker's index waits for one machine. */
export async function parseWithWorkers(
  context: CommandContext,
  folder: string,
  store: string | undefined,
): Promise<void> {
  const config = storeConfig(store, context.env);
  const runs = await openSharedRuns(config);
  try {
    await parseTogether(context, folder, { config, runs });
  } finally {
    await runs.close();
  }
}

/** Submits a plan as jobs and watches until all are done. Interrupted, it leaves the workers at work. */
export async function runByWorkers(
  context: CommandContext,
  session: BulkSession,
  plan: RunPlan,
  request: {
    readonly values: { readonly store?: string | undefined; readonly batch?: boolean | undefined };
    readonly settings: Settings;
    readonly maxCost: number | undefined;
  },
): Promise<SharedReport> {
  const config = storeConfig(request.values.store, context.env);
  const runs = await openSharedRuns(config);
  const waits = request.values.batch === true;
  const queue = await openRunQueue(config, request.settings, waits);
  try {
    const hashes = await hashesOf(session.root, plan);
    const settings = { ...request.settings, store: { url: '' }, root: session.root, batch: waits };
    const jobs = fileJobs('', plan, session.calls, hashes);
    const run = await runs.create({ settings, jobs: jobs.length, maxCost: request.maxCost });
    await queue.submit(jobs.map((job) => ({ ...job, data: { ...job.data, run } })));
    const { provider, model, endpoint } = request.settings;
    context.output.err(
      `${jobs.length} jobs wait in run ${run}. Workers: codegloss worker --provider ${provider}` +
        `${model === '' ? '' : ` --model ${model}`}${endpoint === '' ? '' : ` --endpoint ${endpoint}`} --store …\n`,
    );
    return reportOf(await watch(context, run, runs));
  } finally {
    await queue.close();
    await runs.close();
  }
}

async function watch(
  context: CommandContext,
  run: string,
  runs: Awaited<ReturnType<typeof openSharedRuns>>,
): Promise<RunProgress> {
  const bar = progressBar(context.output, 'workers');
  try {
    for (;;) {
      context.signal.throwIfAborted();
      // A database that restarts is looked at again; the workers go on as soon as it is back.
      const progress = await runs.progress(run).catch(() => undefined);
      if (progress !== undefined) {
        bar.show(progress.done, progress.jobs);
        if (progress.done >= progress.jobs) return progress;
      }
      await pause(lookMs, undefined, { signal: context.signal });
    }
  } finally {
    bar.clear();
  }
}

async function hashesOf(root: string, plan: RunPlan): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  for (const key of plan.planned.keys()) {
    const file = pathOf(key);
    if (!hashes.has(file)) hashes.set(file, hashOfBytes(await readFile(path.join(root, file))));
  }
  return hashes;
}

function reportOf({ generated, reused, failed, requests, usage, stopped }: RunProgress): SharedReport {
  const { input, cached, output, cost } = usage;
  const tokens = { input, cached, output };
  return { reused, generated, failed, requests, tokens, cost, ...(stopped === undefined ? {} : { stopped }) };
}
