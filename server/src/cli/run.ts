import { createInterface } from 'node:readline/promises';
import { changedSince } from '../bulk/changes.ts';
import { executeRun } from '../bulk/execute.ts';
import { type Forecast, forecastRun, type ProviderTerms } from '../bulk/forecast.ts';
import { planRun, type RunPlan } from '../bulk/plan.ts';
import { tallied } from '../bulk/tally.ts';
import { type CorePorts, homeFolder, styleOf } from '../core.ts';
import { Batching } from '../model/batching.ts';
import { RunLimit, unknownPrice } from '../model/runLimit.ts';
import { termsFor } from '../providerTerms.ts';
import type { Settings } from '../settings.ts';
import { type BatchLedger, openBatchLedger } from '../store/batchLedger.ts';
import type { Producer } from '../types/produce.ts';
import { type Command, type CommandContext, integerOption, parseArguments, UsageError } from './arguments.ts';
import { schemaVersion } from './batch.ts';
import { type BulkSession, openBulk } from './bulkSession.ts';
import { progressBar } from './progress.ts';
import { parseWithWorkers, runByWorkers } from './runWorkers.ts';
import { providerOptions, settingsFrom } from './session.ts';
import { maxCostOf, pollMsOf, pricesFrom } from './terms.ts';

/** What `run --json` prints; with --dry-run the forecast in the same shape. */
interface Report {
  readonly planned: number;
  readonly reused: number;
  readonly generated: number;
  readonly failed: number;
  readonly requests: number;
  readonly tokens: { readonly input: number; readonly cached: number; readonly output: number };
  /** US dollars; null where no price is known. */
  readonly cost: number | null;
  readonly ms: number;
  /** What it would cost as batches; in a forecast only. */
  readonly batchCost?: number | null;
  /** Why the run ended early, in one sentence. */
  readonly stopped?: string;
}

const runOptions = {
  ...providerOptions,
  json: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
  'max-cost': { type: 'string' },
  price: { type: 'string' },
  since: { type: 'string' },
  parallel: { type: 'string' },
  store: { type: 'string' },
  workers: { type: 'boolean' },
  batch: { type: 'boolean' },
  poll: { type: 'string' },
} as const;

type Values = ReturnType<typeof parseArguments<typeof runOptions>>['values'];

export const runCommand: Command = {
  usage:
    'DIR [--provider P] [--model M] [--endpoint URL] [--dry-run] [--yes] [--max-cost USD] [--price IN/OUT] [--since REV] [--parallel N] [--batch] [--store URL] [--workers] [--json]',
  summary: 'summarizes a whole repository: plans, says what it will cost, asks, runs; goes on where it was interrupted',
  async run(context) {
    const { values, positionals } = parseArguments(context.args, runOptions);
    const [folder] = positionals;
    if (folder === undefined || positionals.length > 1) throw new UsageError('name one folder.');
    const maxCost = maxCostOf(values['max-cost']);
    const base = settingsFrom(values);
    const settings: Settings = {
      ...base,
      prices: pricesFrom(values.price, base),
      // Whoever names the cost of this run has said what may be spent.
      budget: { daily: maxCost === undefined ? base.budget.daily : null },
      store: { url: values.store ?? '' },
    };
    if (values['dry-run'] !== true && values.yes !== true && !context.output.isTerminal)
      throw new UsageError('nobody is there to be asked: add --yes, or --dry-run for the forecast alone.');
    return runOver(context, folder, { values, settings, maxCost });
  },
};

interface RunRequest {
  readonly values: Values;
  readonly settings: Settings;
  /** US dollars. */
  readonly maxCost: number | undefined;
}

async function runOver(context: CommandContext, folder: string, request: RunRequest): Promise<number> {
  const started = Date.now();
  const parallel = integerOption('parallel', request.values.parallel, 1, 8);
  const limit = request.maxCost === undefined ? {} : { runLimit: new RunLimit(request.maxCost) };
  let count: ReturnType<typeof tallied> | undefined;
  const around = (producer: Producer): Producer => {
    count ??= tallied(producer);
    return count.producer;
  };
  // Workers note their batches where all of them see them.
  const isOwn = request.values.batch === true && request.values.workers !== true;
  const ledger = isOwn ? openBatchLedger(homeFolder(context.env), Date.now) : undefined;
  const batch = request.values.batch === true ? { batch: batchOf(context, request.values, ledger) } : {};
  if (request.values.workers === true) await parseWithWorkers(context, folder, request.values.store);
  const session = await openBulk(context, folder, request.settings, { ...limit, ...batch, parallel, around });
  try {
    const plan = await planOver(context, session, request.values.since);
    const { terms, isUnpriced, isMetered } = termsFor(session.core.producer(), parallel);
    if (request.maxCost !== undefined && plan.planned.size > 0 && isUnpriced) throw unknownPrice(terms.identity.model);
    const forecast = await forecastOver(context, session, plan, { settings: request.settings, terms });
    if (request.values['dry-run'] === true) return print(context, request.values, forecastReport(plan, forecast));
    context.output.err(`${described(plan, forecast)}\n`);
    if (plan.planned.size > 0 && request.values.yes !== true && !(await confirmed(context.signal))) return 1;
    if (request.values.workers === true) {
      if (isMetered && request.maxCost === undefined)
        throw new UsageError(
          '--workers with a provider that bills wants --max-cost: no single worker sees what all of them spend.',
        );
      const shared = await runByWorkers(context, session, plan, request);
      const report = {
        planned: plan.planned.size,
        ...shared,
        reused: plan.fresh + shared.reused,
        ms: Date.now() - started,
      };
      return print(context, request.values, report);
    }
    const concurrency = ledger === undefined ? parallel * 2 : gathered;
    const running = { started, concurrency, tally: () => count?.tally(), waits: ledger !== undefined };
    return print(context, request.values, await execute(context, session, plan, running));
  } finally {
    await session.close();
    ledger?.close();
  }
}

/** Targets that wait for the same batches; each keeps its file open. */
const gathered = 2_000;
/** After so many milliseconds without a new question everybody waits for an answer. */
const quietMs = 1_500;

/** @param memory undefined where workers ask: then this process plans and asks nothing. */
function batchOf(
  context: CommandContext,
  { poll }: Values,
  memory: BatchLedger | undefined,
): NonNullable<CorePorts['batch']> {
  const pollMs = pollMsOf(poll);
  if (memory === undefined)
    return () => ({ produce: () => Promise.reject(new Error('the workers ask')), dispose: () => undefined });
  const onSubmitted = (requests: number): void =>
    context.output.err(
      `A batch of ${requests} requests is submitted. It may take a day; interrupted, the same command finds it again.\n`,
    );
  return (terms) => new Batching({ ...terms, memory, pollMs, quietMs, onSubmitted });
}

async function planOver(
  context: CommandContext,
  { root, core, sources, calls }: BulkSession,
  since: string | undefined,
): Promise<RunPlan> {
  const changed = since === undefined ? {} : { changed: await changedSince(root, since, context.signal) };
  const bar = progressBar(context.output, 'reading');
  try {
    return await planRun({
      sources,
      summarizer: core.summarizer,
      settled: () => core.context.settled(),
      calls,
      ...changed,
      signal: context.signal,
      onProgress: bar.show,
    });
  } finally {
    bar.clear();
  }
}

async function forecastOver(
  context: CommandContext,
  { core, sources }: BulkSession,
  plan: RunPlan,
  { settings, terms }: { readonly settings: Settings; readonly terms: ProviderTerms },
): Promise<Forecast> {
  const bar = progressBar(context.output, 'forecast');
  try {
    return await forecastRun(plan, {
      sources,
      store: core.store,
      rehearse: core.rehearse,
      settled: () => core.context.settled(),
      style: styleOf(settings),
      terms,
      clock: Date.now,
      signal: context.signal,
      onProgress: bar.show,
    });
  } finally {
    bar.clear();
  }
}

/** A wall of the same sentence says no more than a few of them. */
const mostFailuresTold = 20;

async function execute(
  context: CommandContext,
  { core, sources }: BulkSession,
  plan: RunPlan,
  running: {
    readonly started: number;
    readonly concurrency: number;
    /** Whether answers may take a day. */
    readonly waits: boolean;
    readonly tally: () => ReturnType<ReturnType<typeof tallied>['tally']> | undefined;
  },
): Promise<Report> {
  const bar = progressBar(context.output, 'summarizing');
  let told = 0;
  const run = await executeRun(plan, {
    sources,
    summarizer: core.summarizer,
    settled: () => core.context.settled(),
    concurrency: running.concurrency,
    clock: Date.now,
    signal: context.signal,
    ...(running.waits ? { cancel: context.signal } : {}),
    onProgress: bar.show,
    onFailure: ({ key }, error) => {
      bar.clear();
      if (++told > mostFailuresTold) return;
      context.output.err(`codegloss: ${key.replace('\n', ' ').trim()}: ${(error as Error).message}\n`);
    },
  }).finally(bar.clear);
  if (told > mostFailuresTold) context.output.err(`codegloss: ${told - mostFailuresTold} more failures like these.\n`);
  const tally = running.tally();
  const { input = 0, cached = 0, output = 0, cost = 0 } = tally?.usage ?? {};
  return {
    planned: plan.planned.size,
    reused: plan.fresh + run.reused,
    generated: run.generated,
    failed: run.failed,
    requests: tally?.requests ?? 0,
    tokens: { input, cached, output },
    cost,
    ms: Date.now() - running.started,
    ...(run.stopped === undefined ? {} : { stopped: run.stopped.message }),
  };
}

function forecastReport(plan: RunPlan, { requests, tokens, cost, batchCost, ms }: Forecast): Report {
  const planned = plan.planned.size;
  return { planned, reused: plan.fresh, generated: planned, failed: 0, requests, tokens, cost, ms, batchCost };
}

/** Exit code: 0 all done, 1 something failed or the run ended early. */
function print(context: CommandContext, values: Values, report: Report): number {
  const { planned, reused, generated, failed, requests, tokens, cost, ms, stopped } = report;
  context.output.out(
    values.json === true
      ? `${JSON.stringify({ schema: schemaVersion, ...report }, null, 2)}\n`
      : `planned ${planned}, reused ${reused}, generated ${generated}, failed ${failed}; ${requests} requests, ` +
          `${tokens.input} tokens in (${tokens.cached} cached), ${tokens.output} out, ${money(cost)}, ${(ms / 1000).toFixed(1)} s\n`,
  );
  if (stopped !== undefined)
    context.output.err(`codegloss run: ${stopped} What is done is kept: run it again to go on.\n`);
  return failed > 0 || stopped !== undefined ? 1 : 0;
}

function described(plan: RunPlan, { requests, tokens, cost, batchCost, ms }: Forecast): string {
  const batches = batchCost === null ? '' : `, as batches ${money(batchCost)}`;
  return (
    `${plan.planned.size} of ${plan.looked} summaries are missing or outdated: about ${requests} requests, ` +
    `${tokens.input} tokens in (${tokens.cached} from the provider's cache), ${tokens.output} out, ` +
    `${money(cost)}${batches}, ${Math.ceil(ms / 60_000)} min.`
  );
}

function money(cost: number | null): string {
  return cost === null ? 'no price known' : `$${cost.toFixed(4)}`;
}

async function confirmed(signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question('Go on? [y/N] ', { signal })).trim());
  } finally {
    lines.close();
  }
}
