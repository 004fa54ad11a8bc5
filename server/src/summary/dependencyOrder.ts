/** Symbols that call each other in a circle, or one that does not: summarized together. */
export interface PlannedJob<K> {
  /** In the order in which they were given. */
  readonly members: readonly K[];
  /** Positions in the plan of the jobs that this one's members call; all smaller than its own. */
  readonly needs: readonly number[];
  /** Position of the first member among the symbols that were given. */
  readonly first: number;
}

/** Jobs in an order in which what is called comes before what calls it. */
export type JobPlan<K> = readonly PlannedJob<K>[];

/**
 * Sorts symbols into jobs by who calls whom: the strongly connected components of the calls (Tarjan, 1972; without recursion, since calls
 * nest as deep as a repository likes). Calls of and to symbols that were not given do not count. Same input, same plan.
 *
 * @param calls pairs of caller and callee, in any order, repeats allowed
 */
export function planJobs<K>(symbols: readonly K[], calls: Iterable<readonly [caller: K, callee: K]>): JobPlan<K> {
  const indexOf = new Map(symbols.map((symbol, index) => [symbol, index]));
  const callees: number[][] = symbols.map(() => []);
  for (const [caller, callee] of calls) {
    const from = indexOf.get(caller);
    const to = indexOf.get(callee);
    if (from !== undefined && to !== undefined && from !== to) callees[from]?.push(to);
  }
  const components = componentsOf(callees);
  const jobOf = new Int32Array(symbols.length);
  for (const [job, members] of components.entries()) for (const member of members) jobOf[member] = job;
  return components.map((members, job) => {
    const needs = new Set(members.flatMap((member) => (callees[member] ?? []).map((callee) => jobOf[callee] ?? job)));
    needs.delete(job);
    const inOrder = [...members].sort((a, b) => a - b);
    return {
      members: inOrder.map((member) => symbols[member] as K),
      needs: [...needs].sort((a, b) => a - b),
      first: inOrder[0] ?? 0,
    };
  });
}

/** Components of a graph, successors first. */
function componentsOf(successors: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const found: number[][] = [];
  const order = new Int32Array(successors.length).fill(-1);
  const low = new Int32Array(successors.length);
  const isOpen = new Uint8Array(successors.length);
  const open: number[] = [];
  let counter = 0;
  const visit = (root: number): void => {
    const path: { readonly node: number; next: number }[] = [];
    const enter = (node: number): void => {
      order[node] = low[node] = counter++;
      isOpen[node] = 1;
      open.push(node);
      path.push({ node, next: 0 });
    };
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { node } = top;
      const successor = successors[node]?.[top.next++];
      if (successor === undefined) {
        path.pop();
        const parent = path.at(-1)?.node;
        if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0);
        if (low[node] === order[node]) found.push(close(node));
      } else if (order[successor] === -1) enter(successor);
      else if (isOpen[successor] === 1) low[node] = Math.min(low[node] ?? 0, order[successor] ?? 0);
    }
  };
  const close = (root: number): number[] => {
    const members = open.splice(open.lastIndexOf(root));
    for (const member of members) isOpen[member] = 0;
    return members;
  };
  for (let node = 0; node < successors.length; node++) if (order[node] === -1) visit(node);
  return found;
}

export interface BottomUpOptions {
  /** Jobs at work at a time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Told when a job ended, whether it went well or not. */
  readonly onDone?: (done: number, total: number) => void;
}

export interface BottomUpOutcome<K> {
  /** Jobs that went well. */
  readonly done: number;
  /** Jobs whose worker threw; those that need them ran all the same. */
  readonly failures: readonly { readonly job: PlannedJob<K>; readonly error: unknown }[];
}

/**
 * Runs each job as soon as the jobs that it needs have ended (LLMCompiler, arXiv 2312.04511: not level by level). Of the jobs that are ready
 * the one whose first member was given first starts first: give symbols in the order of their prompts' beginnings, file by file, and requests
 * that share a beginning stay together.
 * A failed job holds nobody up: its callers do without what it would have said. Once `signal` aborts nothing more is started; what runs is
 * awaited, and the signal's reason is thrown.
 */
export async function runBottomUp<K>(
  plan: JobPlan<K>,
  worker: (job: PlannedJob<K>, signal: AbortSignal) => Promise<void>,
  { concurrency, signal, onDone }: BottomUpOptions,
): Promise<BottomUpOutcome<K>> {
  signal.throwIfAborted();
  const ready = new ReadyJobs(plan);
  const failures: { job: PlannedJob<K>; error: unknown }[] = [];
  let ended = 0;
  const running = new Set<Promise<void>>();
  const start = (position: number, job: PlannedJob<K>): void => {
    const run = (async () => worker(job, signal))()
      .catch((error: unknown) => {
        failures.push({ job, error });
      })
      .then(() => {
        running.delete(run);
        ended++;
        onDone?.(ended, plan.length);
        ready.end(position);
      });
    running.add(run);
  };
  while (!signal.aborted) {
    while (running.size < Math.max(1, concurrency)) {
      const position = ready.take();
      const job = position === undefined ? undefined : plan[position];
      if (position === undefined || job === undefined) break;
      start(position, job);
    }
    if (running.size === 0) return { done: ended - failures.length, failures };
    await Promise.race(running);
  }
  await Promise.all(running);
  throw signal.reason;
}

/** The jobs whose needs have ended, in the order of their first members. */
class ReadyJobs<K> {
  readonly #waitsFor: Int32Array;
  readonly #neededBy: readonly number[][];
  readonly #ranks: readonly number[];
  /** Sorted by rank, descending: the next one is the last. */
  readonly #ready: number[] = [];

  constructor(plan: JobPlan<K>) {
    this.#waitsFor = Int32Array.from(plan, ({ needs }) => needs.length);
    const neededBy: number[][] = plan.map(() => []);
    for (const [position, { needs }] of plan.entries()) for (const need of needs) neededBy[need]?.push(position);
    this.#neededBy = neededBy;
    this.#ranks = plan.map(({ first }) => first);
    for (let position = 0; position < plan.length; position++)
      if (this.#waitsFor[position] === 0) this.#insert(position);
  }

  take(): number | undefined {
    return this.#ready.pop();
  }

  end(position: number): void {
    for (const waiting of this.#neededBy[position] ?? []) {
      const left = (this.#waitsFor[waiting] ?? 0) - 1;
      this.#waitsFor[waiting] = left;
      if (left === 0) this.#insert(waiting);
    }
  }

  #insert(position: number): void {
    const rank = this.#ranks[position] ?? 0;
    let low = 0;
    let high = this.#ready.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranks[this.#ready[middle] ?? 0] ?? 0) > rank) low = middle + 1;
      else high = middle;
    }
    this.#ready.splice(low, 0, position);
  }
}
