import { runBottomUp } from '../summary/dependencyOrder.ts';
import type { Together } from '../summary/summarizeOptions.ts';
import type { Summarizer } from '../summary/summarizer.ts';
import { symbolPaths } from '../syntax/symbolPaths.ts';
import { isCancellation, ModelError, type ModelErrorKind } from '../types/errors.ts';
import type { Priority } from '../types/produce.ts';
import type { StoredSummary } from '../types/summary.ts';
import { isFresh, type RunPlan, type Settled } from './plan.ts';
import type { Sources } from './sources.ts';
import { type RunTarget, type TargetKey, targetKey } from './targets.ts';

export interface ExecutePorts {
  readonly sources: Sources;
  readonly summarizer: Pick<Summarizer, 'peek' | 'summarize'>;
  readonly settled: Settled;
  /** Targets at work at a time; the scheduler orders their requests. */
  readonly concurrency: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Ends the run: nothing new is started, but what is under way is paid for and so finished. */
  readonly signal: AbortSignal;
  /** Ends also the waiting for what is under way: for batches, whose answers may take a day and are found again. */
  readonly cancel?: AbortSignal;
  /** `background` when absent. */
  readonly priority?: Priority;
  /** Targets of the whole run, where this plan is one worker's part of it; the plan's own when absent. */
  readonly ofRun?: number;
  /** Awaited before each target: how a run is paused. */
  readonly turn?: () => Promise<void>;
  readonly onProgress?: (done: number, total: number) => void;
  /** Told of each target that failed. */
  readonly onFailure?: (target: RunTarget, error: unknown) => void;
}

/** What became of the planned targets. What is in none of the three was not reached. */
export interface RunOutcome {
  readonly generated: number;
  /** Answered by the store after all: the same code stands elsewhere, or a colleague was faster. */
  readonly reused: number;
  readonly failed: number;
  /** What ended the run before its end: a refused key, a spent budget, a server that is gone. */
  readonly stopped?: ModelError;
}

/** What would befall every further target, too: the run ends, and the next one goes on where it ended. */
const final: ReadonlySet<ModelErrorKind> = new Set(['auth', 'noKey', 'budget', 'unavailable']);
/** So many failures of the network without a success between them mean that the server is gone. */
const patience = 20;
const passing: ReadonlySet<ModelErrorKind> = new Set(['network', 'overloaded', 'rateLimited']);

/** Runs a plan bottom-up. A failed target holds nobody up. Throws the signal's reason once it aborts and what was under way has ended. */
export async function executeRun(plan: RunPlan, ports: ExecutePorts): Promise<RunOutcome> {
  const started = ports.clock();
  const controller = new AbortController();
  const signal = AbortSignal.any([ports.signal, controller.signal]);
  const count = { generated: 0, reused: 0, failed: 0 };
  let stopped: ModelError | undefined;
  let inARow = 0;
  const failed = (target: RunTarget, error: unknown): void => {
    if (isCancellation(error)) return;
    if (ModelError.is(error)) {
      inARow = passing.has(error.kind) ? inARow + 1 : inARow;
      const isOver = final.has(error.kind) || isForAll(error) || inARow >= patience;
      if (isOver && stopped === undefined) {
        stopped = error;
        controller.abort(error);
      }
      if (isOver) return;
    }
    count.failed++;
    ports.onFailure?.(target, error);
  };
  const inFile = new Map<string, number>();
  for (const { path } of plan.planned.values()) inFile.set(path, (inFile.get(path) ?? 0) + 1);
  const work = ports.cancel ?? new AbortController().signal;
  const one = async (key: TargetKey): Promise<void> => {
    const target = plan.planned.get(key);
    await ports.turn?.();
    if (target === undefined || signal.aborted) return;
    try {
      const together = { ofFile: inFile.get(target.path) ?? 1, ofRepository: ports.ofRun ?? plan.planned.size };
      const summary = await summarizeTarget(target, together, ports, work);
      inARow = 0;
      if (summary === undefined) throw new Error('the file changed or went away while the run was under way');
      if (summary.createdAt >= started) count.generated++;
      else count.reused++;
    } catch (error) {
      failed(target, error);
    }
  };
  try {
    await runBottomUp(
      plan.jobs,
      async ({ members }) => {
        for (const key of members) await one(key);
      },
      {
        concurrency: ports.concurrency,
        signal,
        ...(ports.onProgress === undefined ? {} : { onDone: ports.onProgress }),
      },
    );
  } catch (error) {
    if (stopped === undefined || ports.signal.aborted) throw error;
  }
  return stopped === undefined ? count : { ...count, stopped };
}

/** A blocked file is its own matter; a workspace that is not trusted, or a provider that was not chosen, is everybody's. */
function isForAll(error: ModelError): boolean {
  return error.kind === 'blocked' && (error.reason === 'untrusted' || error.reason === 'notChosen');
}

/** One target's summary; undefined when the file is gone or no longer has it in that place. */
function summarizeTarget(
  { path, key, target }: RunTarget,
  together: Together,
  ports: Pick<ExecutePorts, 'sources' | 'summarizer' | 'settled' | 'priority'>,
  signal: AbortSignal,
): Promise<StoredSummary | undefined> {
  return ports.sources.use(path, signal, async (document) => {
    const found = target === 'file' ? '' : symbolPaths(document.syntax.outline)[target];
    if (found === undefined || targetKey(path, found) !== key) return undefined;
    // So that the summarizer, too, sees what changed elsewhere.
    await isFresh(document, target, ports);
    const priority = ports.priority ?? 'background';
    return ports.summarizer.summarize(document, target, { priority, signal, together });
  });
}
