import { type JobPlan, planJobs, runBottomUp } from '../../../server/src/summary/dependencyOrder.ts';
import { indexed, streamlinkRows, writeStreamlink } from './corpus.ts';

/**
 * Milliseconds for one symbol, drawn once per job from a seeded log-normal distribution, the shape of answer times of hosted models; one
 * virtual clock, no waiting.
 */
function durations(count: number, seed: number): readonly number[] {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 1) / 2 ** 32;
  };
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
    return 1000 * Math.exp(0.5 * normal);
  });
}

/** A clock that jumps to the next thing that ends. */
class VirtualClock {
  now = 0;
  readonly #waiting: { at: number; wake: () => void }[] = [];

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#waiting.push({ at: this.now + ms, wake });
    });
  }

  async runUntil(done: Promise<unknown>): Promise<void> {
    let isDone = false;
    void done.then(() => {
      isDone = true;
    });
    for (;;) {
      // Everything that became ready starts before time goes on.
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) return;
      this.#waiting.sort((a, b) => b.at - a.at);
      const next = this.#waiting.pop();
      if (next === undefined) return;
      this.now = next.at;
      next.wake();
    }
  }
}

async function eventDriven<K>(plan: JobPlan<K>, times: readonly number[], concurrency: number): Promise<number> {
  const clock = new VirtualClock();
  const positions = new Map(plan.map((job, index) => [job, index]));
  const signal = new AbortController().signal;
  const run = runBottomUp(plan, (job) => clock.sleep(times[positions.get(job) ?? 0] ?? 0), { concurrency, signal });
  await clock.runUntil(run);
  return clock.now;
}

/** All of one level, then all of the next. */
async function byLevel<K>(plan: JobPlan<K>, times: readonly number[], concurrency: number): Promise<number> {
  const levels: number[] = [];
  for (const { needs } of plan) levels.push(1 + Math.max(-1, ...needs.map((need) => levels[need] ?? 0)));
  let total = 0;
  for (let level = 0; level <= Math.max(...levels); level++) {
    const jobs = plan.flatMap((job, index) => (levels[index] === level ? [{ ...job, needs: [], index }] : []));
    total += await eventDriven(
      jobs,
      jobs.map(({ index }) => times[index] ?? 0),
      concurrency,
    );
  }
  return total;
}

/** A whole repository summarized bottom-up: each job when its own callees are done, against level by level. */
export async function scheduleTable(): Promise<string> {
  const corpus = await indexed(writeStreamlink(streamlinkRows()));
  const symbols = corpus.database
    .prepare(
      "SELECT s.id FROM symbols s JOIN files f ON f.id = s.file WHERE s.kind IN ('function', 'method', 'constructor') ORDER BY f.path, s.id",
    )
    .all()
    .map(({ id }) => Number(id));
  const calls = corpus.database
    .prepare('SELECT DISTINCT c.caller, e.callee FROM edges e JOIN calls c ON c.id = e.call WHERE c.caller IS NOT NULL')
    .all()
    .map(({ caller, callee }) => [Number(caller), Number(callee)] as const);
  corpus.dispose();
  const plan = planJobs(symbols, calls);
  const lines = [
    `${symbols.length} functions, ${calls.length} calls between them, ${plan.length} jobs, the largest circle ${Math.max(...plan.map(({ members }) => members.length))}.`,
    '',
    '| at a time | level by level, s | when callees are done, s | ratio |',
    '| ---: | ---: | ---: | ---: |',
  ];
  for (const concurrency of [4, 16, 64, 256]) {
    const times = durations(plan.length, 7).map((ms, index) => ms * (plan[index]?.members.length ?? 1));
    const level = await byLevel(plan, times, concurrency);
    const event = await eventDriven(plan, times, concurrency);
    lines.push(
      `| ${concurrency} | ${(level / 1000).toFixed(0)} | ${(event / 1000).toFixed(0)} | ${(level / event).toFixed(2)} |`,
    );
  }
  return lines.join('\n');
}
