import type { Connection } from 'vscode-languageserver';
import { executeRun } from '../bulk/execute.ts';
import { type Forecast, forecastRun } from '../bulk/forecast.ts';
import { planRun, type RunPlan } from '../bulk/plan.ts';
import { openSources, type Sources } from '../bulk/sources.ts';
import { keyedCalls } from '../bulk/targets.ts';
import { type Core, styleOf } from '../core.ts';
import {
  pauseWorkspaceMethod,
  type WorkspaceForecastResult,
  type WorkspaceRunParams,
  type WorkspaceRunResult,
  workspaceForecastMethod,
  workspaceRunMethod,
} from '../protocol.ts';
import { termsFor } from '../providerTerms.ts';
import { callPairs } from '../repository/callPairs.ts';
import type { Settings } from '../settings.ts';
import { cancellable } from './cancellation.ts';
import type { FolderIndexes, IndexedFolder } from './folderIndexes.ts';

export interface WorkspaceRunPorts {
  readonly core: Pick<Core, 'context' | 'producer' | 'rehearse' | 'store' | 'summarizer' | 'syntax'>;
  readonly indexes: FolderIndexes;
  readonly settings: () => Settings;
}

/** Targets of one run at work at a time; the scheduler orders their requests behind those of readers. */
const concurrency = 6;
/** What a forecast takes as given until the provider says otherwise. */
const parallel = 4;
/** Between two pictures of the progress, in milliseconds. */
const pace = 200;

/**
 * Summarize Workspace: what it would take, and doing it. Files are read from disk, as others see them. The forecast asks no model; the run obeys the
 * daily budget, can be paused and cancelled, and goes on at the next time where it ended.
 */
export function registerWorkspaceRun(connection: Connection, ports: WorkspaceRunPorts): void {
  const pause = new Pause();
  connection.onNotification(pauseWorkspaceMethod, ({ paused }: { readonly paused: boolean }) => pause.set(paused));
  connection.onRequest(workspaceForecastMethod, (params: WorkspaceRunParams, token) =>
    cancellable(token, (signal) =>
      overFolder(ports, params, signal, async (folder, sources): Promise<WorkspaceForecastResult> => {
        const plan = await planOf(ports, folder, sources, signal);
        const forecast = await forecastOf(ports, plan, sources, signal);
        return {
          ok: true,
          planned: plan.planned.size,
          looked: plan.looked,
          message: described(plan, forecast, ports.core.producer()),
        };
      }),
    ),
  );
  connection.onRequest(workspaceRunMethod, (params: WorkspaceRunParams, token) =>
    cancellable(token, async (signal) => {
      const progress = await connection.window.createWorkDoneProgress();
      const controller = new AbortController();
      progress.token.onCancellationRequested(() => controller.abort());
      progress.begin('Summarizing the workspace', 0, undefined, true);
      pause.set(false);
      const both = AbortSignal.any([signal, controller.signal]);
      both.addEventListener('abort', () => pause.set(false), { once: true });
      try {
        return await overFolder(ports, params, both, (folder, sources) =>
          runOver(ports, folder, sources, both, {
            turn: () => pause.turn(),
            show: throttled((done, total) => progress.report((done / total) * 100, `${done} of ${total}`)),
          }),
        );
      } finally {
        progress.done();
      }
    }),
  );
}

/** Lets nobody through while it is set. */
class Pause {
  #wait: Promise<void> | undefined;
  #release: () => void = () => undefined;

  set(paused: boolean): void {
    if (paused && this.#wait === undefined) {
      this.#wait = new Promise((resolve) => {
        this.#release = resolve;
      });
    } else if (!paused) {
      this.#release();
      this.#wait = undefined;
    }
  }

  async turn(): Promise<void> {
    await this.#wait;
  }
}

async function overFolder<T>(
  { core, indexes, settings }: WorkspaceRunPorts,
  { folder: uri }: WorkspaceRunParams,
  signal: AbortSignal,
  work: (folder: IndexedFolder, sources: Sources) => Promise<T>,
): Promise<T | { readonly ok: false; readonly message: string }> {
  const folder = indexes.all().find((each) => each.uri === uri);
  if (folder === undefined)
    return { ok: false, message: 'This folder cannot be indexed: open a folder of source files.' };
  await folder.index.ready;
  signal.throwIfAborted();
  const { ignore, languages } = settings();
  const sources = openSources({ root: folder.root, repository: folder.uri, syntax: core.syntax, ignore, languages });
  try {
    return await work(folder, sources);
  } finally {
    sources.dispose();
  }
}

function planOf(
  { core }: WorkspaceRunPorts,
  { index }: IndexedFolder,
  sources: Sources,
  signal: AbortSignal,
): Promise<RunPlan> {
  const calls = [...keyedCalls(callPairs(index.database))];
  return planRun({ sources, summarizer: core.summarizer, settled: () => core.context.settled(), calls, signal });
}

function forecastOf(
  { core, settings }: WorkspaceRunPorts,
  plan: RunPlan,
  sources: Sources,
  signal: AbortSignal,
): Promise<Forecast> {
  const { countTokens: _, ...terms } = termsFor(core.producer(), parallel).terms;
  return forecastRun(plan, {
    sources,
    store: core.store,
    rehearse: core.rehearse,
    settled: () => core.context.settled(),
    style: styleOf(settings()),
    // Counting exactly would send prompts before the user has said yes.
    terms,
    clock: Date.now,
    signal,
  });
}

async function runOver(
  ports: WorkspaceRunPorts,
  folder: IndexedFolder,
  sources: Sources,
  signal: AbortSignal,
  { turn, show }: { readonly turn: () => Promise<void>; readonly show: (done: number, total: number) => void },
): Promise<WorkspaceRunResult> {
  const { core } = ports;
  const plan = await planOf(ports, folder, sources, signal);
  const outcome = await executeRun(plan, {
    sources,
    summarizer: core.summarizer,
    settled: () => core.context.settled(),
    concurrency,
    clock: Date.now,
    signal,
    // The user asked for it: consent for background work is not needed.
    priority: 'file',
    turn,
    onProgress: show,
  });
  const { generated, failed, stopped } = outcome;
  const reused = plan.fresh + outcome.reused;
  const words = `${generated} made, ${reused} known before${failed > 0 ? `, ${failed} failed` : ''}.`;
  return {
    ok: stopped === undefined,
    message: stopped === undefined ? words : `${stopped.message} So far: ${words}`,
    generated,
    reused,
    failed,
  };
}

function described(
  plan: RunPlan,
  { requests, tokens, cost, ms }: Forecast,
  { identity: { provider, model } }: ReturnType<WorkspaceRunPorts['core']['producer']>,
): string {
  if (plan.planned.size === 0) return `All ${plan.looked} summaries are there and fresh.`;
  const words = [
    `${plan.planned.size} of ${plan.looked} summaries are missing or outdated`,
    `about ${requests} requests to ${model === '' || model === provider ? provider : `${provider} ${model}`}`,
  ];
  if (tokens.input > 0) words.push(`${grouped(tokens.input)} tokens in and ${grouped(tokens.output)} out`);
  if (cost === null) words.push('no price known');
  else if (cost > 0) words.push(cost < 0.01 ? 'less than $0.01' : `$${cost.toFixed(2)}`);
  if (ms >= 60_000) words.push(`${Math.ceil(ms / 60_000)} minutes`);
  return `${words.join(', ')}.`;
}

/** In groups of three, because a number that people pay by must be read at a glance. */
function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function throttled(show: (done: number, total: number) => void): (done: number, total: number) => void {
  let last = 0;
  return (done, total) => {
    const now = performance.now();
    if (now - last < pace && done < total) return;
    last = now;
    show(done, total);
  };
}
