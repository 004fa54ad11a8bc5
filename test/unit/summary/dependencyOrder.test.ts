import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlannedJob, planJobs, runBottomUp } from '../../../server/src/summary/dependencyOrder.ts';

const graphs = fc.integer({ min: 1, max: 24 }).chain((size) =>
  fc.tuple(
    fc.constant(size),
    fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)) as fc.Arbitrary<readonly [number, number]>, {
      maxLength: 60,
    }),
  ),
);
const numbers = (size: number): readonly number[] => Array.from({ length: size }, (_, index) => index);

/** Whether `to` can be reached from `from` by calls. */
function reaches(calls: readonly (readonly [number, number])[], from: number, to: number): boolean {
  const seen = new Set([from]);
  for (const node of seen) for (const [caller, callee] of calls) if (caller === node) seen.add(callee);
  return seen.has(to);
}

describe('the plan of jobs', () => {
  it('has each symbol once, what is called first, and circles together', () => {
    fc.assert(
      fc.property(graphs, ([size, calls]) => {
        const plan = planJobs(numbers(size), calls);
        expect(plan.flatMap(({ members }) => members).sort((a, b) => a - b)).toEqual(numbers(size));
        const jobOf = new Map(plan.flatMap(({ members }, job) => members.map((member) => [member, job] as const)));
        for (const [caller, callee] of calls)
          expect(jobOf.get(callee) ?? 0).toBeLessThanOrEqual(jobOf.get(caller) ?? 0);
        for (const [job, { needs }] of plan.entries()) for (const need of needs) expect(need).toBeLessThan(job);
        for (const a of numbers(size))
          for (const b of numbers(size))
            expect(jobOf.get(a) === jobOf.get(b)).toBe(a === b || (reaches(calls, a, b) && reaches(calls, b, a)));
      }),
      { numRuns: 60 },
    );
  });

  it('takes chains of any depth', () => {
    const symbols = numbers(200_000);
    const plan = planJobs(
      symbols,
      symbols.slice(1).map((symbol) => [symbol - 1, symbol] as const),
    );
    expect(plan).toHaveLength(symbols.length);
    expect(plan[0]?.members).toEqual([199_999]);
  });

  it('leaves out calls of symbols that were not given', () => {
    expect(planJobs(['a', 'b'], [['a', 'else'] as const, ['else', 'b'] as const])).toEqual([
      { members: ['a'], needs: [], first: 0 },
      { members: ['b'], needs: [], first: 1 },
    ]);
  });
});

/** A worker whose jobs end when the test says so. */
function heldWorker(): {
  readonly work: (job: PlannedJob<string>) => Promise<void>;
  readonly started: string[];
  end(name: string, error?: Error): Promise<void>;
} {
  const held = new Map<string, { resolve(): void; reject(error: Error): void }>();
  const started: string[] = [];
  return {
    started,
    work: ({ members }) =>
      new Promise((resolve, reject) => {
        started.push(members.join('+'));
        held.set(members.join('+'), { resolve, reject });
      }),
    async end(name, error) {
      const job = held.get(name);
      if (job === undefined) throw new Error(`${name} was not started`);
      if (error === undefined) job.resolve();
      else job.reject(error);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const signal = new AbortController().signal;

describe('running bottom-up', () => {
  const plan = planJobs(
    ['top', 'slow', 'quick', 'above'],
    [
      ['top', 'slow'],
      ['above', 'quick'],
    ],
  );

  it('starts a job the moment its own callees are done, not when their level is', async () => {
    const { work, started, end } = heldWorker();
    const run = runBottomUp(plan, work, { concurrency: 4, signal });
    expect(started).toEqual(['slow', 'quick']);
    await end('quick');
    expect(started).toEqual(['slow', 'quick', 'above']);
    await end('slow');
    await end('above');
    await end('top');
    expect(await run).toEqual({ done: 4, failures: [] });
  });

  it('keeps to its number of jobs at a time', async () => {
    const { work, started, end } = heldWorker();
    const run = runBottomUp(plan, work, { concurrency: 1, signal });
    for (const name of ['slow', 'top', 'quick', 'above']) {
      expect(started.at(-1)).toBe(name);
      await end(name);
    }
    expect((await run).done).toBe(4);
  });

  it('lets the callers of a failed job run, and tells of it', async () => {
    const { work, started, end } = heldWorker();
    const run = runBottomUp(plan, work, { concurrency: 4, signal });
    const failure = new Error('refused');
    await end('slow', failure);
    expect(started).toContain('top');
    for (const name of ['quick', 'top', 'above']) await end(name);
    const { done, failures } = await run;
    expect(done).toBe(3);
    expect(failures).toEqual([{ job: plan[0], error: failure }]);
  });

  it('starts nothing more once cancelled, and waits for what runs', async () => {
    const { work, started, end } = heldWorker();
    const controller = new AbortController();
    const run = runBottomUp(plan, work, { concurrency: 1, signal: controller.signal });
    const told = run.catch((error: unknown) => error);
    controller.abort(new Error('enough'));
    await end('slow');
    expect(await told).toEqual(new Error('enough'));
    expect(started).toEqual(['slow']);
  });

  it('runs every job once after its callees, whatever the graph', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.integer({ min: 1, max: 5 }), async ([size, calls], concurrency) => {
        const jobs = planJobs(numbers(size), calls);
        const ended = new Set<PlannedJob<number>>();
        const work = async (job: PlannedJob<number>): Promise<void> => {
          for (const need of job.needs) expect(ended.has(jobs[need] as PlannedJob<number>)).toBe(true);
          await Promise.resolve();
          ended.add(job);
        };
        expect(await runBottomUp(jobs, work, { concurrency, signal })).toEqual({ done: jobs.length, failures: [] });
      }),
      { numRuns: 40 },
    );
  });
});
