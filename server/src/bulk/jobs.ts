import { createHash } from 'node:crypto';
import { type JobPlan, planJobs } from '../summary/dependencyOrder.ts';
import type { RunPlan } from './plan.ts';
import { pathOf, type TargetKey } from './targets.ts';

/** What a worker gets: a file's targets, or a meeting point of jobs that call each other in a circle. Holds no source text. */
export type RunJob =
  | {
      readonly kind: 'file';
      readonly run: string;
      readonly path: string;
      /** `hashOfBytes` of the file: a worker whose checkout differs leaves it alone. */
      readonly hash: string;
      readonly targets: readonly TargetKey[];
      /** Targets elsewhere that these call: what is said of them belongs to the context. */
      readonly callees: readonly TargetKey[];
      /** Targets of the whole run. */
      readonly ofRun: number;
    }
  | { readonly kind: 'join'; readonly run: string };

/** A job with the jobs that have to be done before it. */
export interface PlacedJob {
  readonly ref: string;
  readonly data: RunJob;
  readonly needs: readonly string[];
  /** Of jobs that are ready the one with the highest is taken first. */
  readonly priority: number;
}

/**
 * Names the state of a file. Of its own kind: the plain hash of a file's bytes may open what the team's database keeps of them, and this one
 * stands in the queue for its owners to read.
 */
export function hashOfBytes(bytes: Uint8Array): string {
  return createHash('sha256').update('codegloss job v1\n').update(bytes).digest('hex');
}

/** More callees than fit into any context. */
const mostCallees = 200;

/**
 * One job per file, after the files that it calls into. Files that call each other in a circle depend on what the circle depends on, and a
 * meeting point stands for all of them, so that two large circles do not need a dependency for each pair of their files.
 */
export function fileJobs(
  run: string,
  plan: RunPlan,
  calls: Iterable<readonly [caller: TargetKey, callee: TargetKey]>,
  hashes: ReadonlyMap<string, string>,
): readonly PlacedJob[] {
  const targets = new Map<string, TargetKey[]>();
  for (const key of plan.planned.keys()) {
    const path = pathOf(key);
    const known = targets.get(path);
    if (known === undefined) targets.set(path, [key]);
    else known.push(key);
  }
  const callees = new Map<string, Set<TargetKey>>();
  const edges: (readonly [string, string])[] = [];
  for (const [caller, callee] of calls) {
    const [from, to] = [pathOf(caller), pathOf(callee)];
    if (from === to || !targets.has(from)) continue;
    edges.push([from, to]);
    const known = callees.get(from) ?? new Set();
    if (known.size < mostCallees) known.add(callee);
    callees.set(from, known);
  }
  const order = planJobs([...targets.keys()], edges);
  const priorities = prioritiesOf(order);
  const placed: PlacedJob[] = [];
  const endOf: string[] = [];
  for (const [position, { members, needs }] of order.entries()) {
    const priority = priorities[position] ?? 0;
    const before = needs.flatMap((need) => endOf[need] ?? []);
    const refs = members.map((path) => `file ${path}`);
    for (const path of members) {
      placed.push({
        ref: `file ${path}`,
        needs: before,
        priority,
        data: {
          kind: 'file',
          run,
          path,
          hash: hashes.get(path) ?? '',
          targets: targets.get(path) ?? [],
          callees: [...(callees.get(path) ?? [])],
          ofRun: plan.planned.size,
        },
      });
    }
    const [only = ''] = refs;
    if (refs.length === 1) endOf.push(only);
    else {
      const join = `join ${endOf.length}`;
      placed.push({ ref: join, needs: refs, priority, data: { kind: 'join', run } });
      endOf.push(join);
    }
  }
  return placed;
}

/**
 * What little stands on comes first (the dependency level: 0 calls nobody, else one more than the highest that is called), and within a level files
 * in their order, which is that of their prompts' beginnings. Counted downwards from 0, so that a small run beside a large one waits for no more than
 * its own rank.
 */
function prioritiesOf(order: JobPlan<string>): readonly number[] {
  const levels: number[] = [];
  for (const { needs } of order)
    levels.push(needs.reduce((level, need) => Math.max(level, (levels[need] ?? 0) + 1), 0));
  const ranked = order
    .map(({ first }, position) => ({ first, position, level: levels[position] ?? 0 }))
    .sort((left, right) => left.level - right.level || left.first - right.first);
  const priorities: number[] = [];
  for (const [rank, { position }] of ranked.entries()) priorities[position] = -rank;
  return priorities;
}
