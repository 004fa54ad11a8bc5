import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Budget, memoryLedger, type SpendLedger } from '../../../server/src/model/budget.ts';
import { Scheduler } from '../../../server/src/model/scheduler.ts';
import { ModelError } from '../../../server/src/types/errors.ts';
import { type Priority, type Produced, priorities } from '../../../server/src/types/produce.ts';
import { type HandClock, handClock } from './requests.ts';

const plans = fc.record({
  key: fc.integer({ min: 0, max: 5 }).map((number) => `key-${number}`),
  priority: fc.constantFrom<Priority>('hover', 'lens', 'file', 'background'),
  /** When it is asked, and when its waiter leaves. */
  askAt: fc.integer({ min: 0, max: 90_000 }),
  leaveAfter: fc.option(fc.integer({ min: 0, max: 30_000 }), { nil: undefined }),
  lasts: fc.integer({ min: 0, max: 20_000 }),
  tokens: fc.integer({ min: 1, max: 400 }),
  /** Worst case in cents, and the share of it that is really spent. */
  worst: fc.integer({ min: 0, max: 30 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  ends: fc.constantFrom('well', 'well', 'well', 'network', 'rateLimited', 'refused', 'throws'),
});
type Plan = typeof plans extends fc.Arbitrary<infer Each> ? Each : never;

const limits = { requestsPerMinute: 6, tokensPerMinute: 1000 };
const concurrency = 3;
const dailyLimit = 0.5;

/** What the world sees of the scheduler while random requests run; every broken rule is noted. */
function world(clock: HandClock) {
  const running = new Map<string, Priority>();
  const starts: { readonly at: number; readonly tokens: number }[] = [];
  const broken: string[] = [];
  return {
    broken,
    started(plan: Plan, ledger: SpendLedger): void {
      if (running.has(plan.key)) broken.push(`${plan.key} ran twice at once`);
      running.set(plan.key, plan.priority);
      if (running.size > concurrency) broken.push('too many at once');
      starts.push({ at: clock.now(), tokens: plan.tokens });
      const recent = starts.filter((start) => start.at > clock.now() - 60_000);
      if (recent.length > limits.requestsPerMinute) broken.push('too many requests in a minute');
      const tokens = recent.reduce((sum, start) => sum + start.tokens, 0);
      if (recent.length > 1 && tokens > limits.tokensPerMinute) broken.push('too many tokens in a minute');
      this.checkBudget(ledger);
    },
    ended(plan: Plan): void {
      running.delete(plan.key);
    },
    checkBudget(ledger: SpendLedger): void {
      const spent = ledger.read(new Date(clock.now()).toISOString().slice(0, 10)).nanodollars;
      if (spent > dailyLimit * 1e9) broken.push(`budget exceeded: ${spent}`);
      if (spent < 0) broken.push(`negative spending: ${spent}`);
    },
  };
}

function answer(plan: Plan): Produced {
  // The same tokens as expected, so that the test's own window agrees with the scheduler's.
  const usage = { input: plan.tokens, cached: 0, output: 0, cost: (plan.worst / 100) * plan.share };
  return { kind: 'json', text: '{}', producer: { provider: 'anthropic', model: 'm' }, usage };
}

describe('the scheduler, whatever is asked, cancelled or broken', () => {
  it('never runs a key twice at once, keeps every limit and the budget, and answers everybody', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(plans, { minLength: 1, maxLength: 25 }), async (asked) => {
        const clock = handClock(Date.UTC(2026, 0, 1));
        const ledger = memoryLedger();
        const seen = world(clock);
        const scheduler = new Scheduler({
          clock,
          budget: new Budget(ledger, clock, dailyLimit),
          concurrency,
          limits,
          random: () => 0.5,
          onBlocked: () => {},
        });
        let settled = 0;
        for (const plan of asked) {
          clock.after(plan.askAt, () => {
            const controller = new AbortController();
            if (plan.leaveAfter !== undefined) clock.after(plan.leaveAfter, () => controller.abort());
            const task = {
              key: plan.key,
              priority: plan.priority,
              tokens: plan.tokens,
              charge: { worst: plan.worst / 100, metered: true, model: 'm' },
              run: (signal: AbortSignal) => runPlan(plan, signal),
            };
            scheduler.submit(task, controller.signal).then(
              () => {
                settled += 1;
              },
              (error: unknown) => {
                settled += 1;
                if (!ModelError.is(error)) seen.broken.push(`not a ModelError: ${String(error)}`);
              },
            );
          });
        }
        function runPlan(plan: Plan, signal: AbortSignal): Promise<Produced> {
          seen.started(plan, ledger);
          return new Promise<Produced>((resolve, reject) => {
            const end = (): void => {
              seen.ended(plan);
              if (plan.ends === 'well') resolve(answer(plan));
              else if (plan.ends === 'throws') reject(new TypeError('bug'));
              else reject(new ModelError(plan.ends, plan.ends));
            };
            const cancel = clock.after(plan.lasts, end);
            signal.addEventListener('abort', () => {
              cancel();
              seen.ended(plan);
              reject(new ModelError('cancelled', 'Cancelled.'));
            });
          });
        }
        await clock.advance(3 * 3600 * 1000);
        seen.checkBudget(ledger);
        expect(seen.broken).toEqual([]);
        expect(settled).toBe(asked.length);
      }),
      { numRuns: 150 },
    );
  });

  it('always starts the most urgent of what waits', async () => {
    const asked = fc.array(fc.constantFrom<Priority>('hover', 'lens', 'file', 'background'), {
      minLength: 1,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(asked, async (urgencies) => {
        const clock = handClock();
        const budget = new Budget(memoryLedger(), clock, null);
        const scheduler = new Scheduler({
          clock,
          budget,
          concurrency: 1,
          limits: {},
          random: () => 0,
          onBlocked: () => {},
        });
        const order: Priority[] = [];
        let release: () => void = () => {};
        const gate = new Promise<void>((resolve) => {
          release = resolve;
        });
        const never = new AbortController().signal;
        const task = (key: string, priority: Priority, run: () => Promise<Produced>) => ({
          key,
          priority,
          tokens: 1,
          charge: { worst: 0, metered: false, model: 'm' },
          run,
        });
        const plain: Produced = {
          kind: 'json',
          text: '{}',
          producer: { provider: 'anthropic', model: 'm' },
          usage: { input: 1, cached: 0, output: 1, cost: 0 },
        };
        const first = scheduler.submit(
          task('first', 'background', async () => {
            await gate;
            return plain;
          }),
          never,
        );
        const others = urgencies.map((priority, index) =>
          scheduler.submit(
            task(`k${index}`, priority, async () => {
              order.push(priority);
              return plain;
            }),
            never,
          ),
        );
        release();
        await Promise.all([first, ...others]);
        expect(order).toEqual([...urgencies].sort((left, right) => priorities[left] - priorities[right]));
      }),
      { numRuns: 100 },
    );
  });
});
