import { type JobPlan, planJobs } from '../summary/dependencyOrder.ts';
import type { SummaryDocument } from '../summary/subjects.ts';
import type { Summarizer } from '../summary/summarizer.ts';
import type { Sources } from './sources.ts';
import { pathOf, type RunTarget, type TargetKey, targetsOf } from './targets.ts';

/** What a run has to do, before anything is asked. */
export interface RunPlan {
  /** Targets that were looked at. */
  readonly looked: number;
  /** Of these, how many have a fresh summary. */
  readonly fresh: number;
  /** What is missing or stale, in the order of files and outlines. */
  readonly planned: ReadonlyMap<TargetKey, RunTarget>;
  /** The same as jobs: what is called, and what something is made of, first. */
  readonly jobs: JobPlan<TargetKey>;
}

export interface PlanPorts {
  readonly sources: Sources;
  readonly summarizer: Pick<Summarizer, 'peek'>;
  readonly settled: Settled;
  /** Who calls whom, as the index knows it. */
  readonly calls: readonly (readonly [caller: TargetKey, callee: TargetKey])[];
  /** With it, only these files and what calls into them are looked at. */
  readonly changed?: ReadonlySet<string>;
  readonly signal: AbortSignal;
  /** Told after each file. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Waits until the context has looked at what it had to look at again; false when there was nothing. */
export type Settled = () => Promise<boolean>;

/** A summary's context can lie in more files than are kept parsed; what is still uncertain then is found at the next run. */
const mostLooks = 4;

/** Whether a target needs nothing. A hover may take a changed file's word for unchanged until it is read; a run may not. */
export async function isFresh(
  document: SummaryDocument,
  target: RunTarget['target'],
  { summarizer, settled }: Pick<PlanPorts, 'summarizer' | 'settled'>,
): Promise<boolean> {
  for (let look = 0; look < mostLooks; look++) {
    if (summarizer.peek(document, target).freshness !== 'fresh') return false;
    if (!(await settled())) return true;
  }
  return summarizer.peek(document, target).freshness === 'fresh';
}

/** Looks at every file once: parsed, its symbols' standing asked, freed again. Sends nothing. */
export async function planRun(ports: PlanPorts): Promise<RunPlan> {
  const { calls } = ports;
  const wanted = wantedTargets(ports.changed, calls);
  const files = await ports.sources.list(ports.signal);
  const planned = new Map<TargetKey, RunTarget>();
  let looked = 0;
  for (const [index, file] of files.entries()) {
    ports.signal.throwIfAborted();
    if (wanted === undefined || wanted.files.has(file)) {
      await ports.sources.use(file, ports.signal, async (document) => {
        for (const target of targetsOf(document)) {
          if (wanted !== undefined && !wanted.whole.has(file) && !wanted.targets.has(target.key)) continue;
          looked++;
          if (!(await isFresh(document, target.target, ports))) planned.set(target.key, target);
        }
      });
    }
    ports.onProgress?.(index + 1, files.length);
  }
  return {
    looked,
    fresh: looked - planned.size,
    planned,
    jobs: planJobs([...planned.keys()], edgesOf(planned, calls)),
  };
}

interface Wanted {
  readonly files: ReadonlySet<string>;
  /** Changed: all their targets. */
  readonly whole: ReadonlySet<string>;
  /** Callers elsewhere: these targets only. */
  readonly targets: ReadonlySet<TargetKey>;
}

/** The changed files and their direct callers: a summary stands on its direct callees and on nothing further away. */
function wantedTargets(
  changed: ReadonlySet<string> | undefined,
  calls: readonly (readonly [TargetKey, TargetKey])[],
): Wanted | undefined {
  if (changed === undefined) return undefined;
  const files = new Set(changed);
  const targets = new Set<TargetKey>();
  for (const [caller, callee] of calls) {
    if (!changed.has(pathOf(callee))) continue;
    targets.add(caller);
    files.add(pathOf(caller));
  }
  return { files, whole: changed, targets };
}

/** Calls, and from each whole to its parts. */
export function* edgesOf(
  planned: ReadonlyMap<TargetKey, RunTarget>,
  calls: readonly (readonly [TargetKey, TargetKey])[],
): Generator<readonly [TargetKey, TargetKey]> {
  yield* calls;
  for (const { key, parts } of planned.values()) for (const part of parts) yield [key, part];
}
