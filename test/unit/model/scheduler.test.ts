import { describe, expect, it } from 'vitest';
import { Budget, memoryLedger, type SpendLedger } from '../../../server/src/model/budget.ts';
import type { Task } from '../../../server/src/model/job.ts';
import { Scheduler, type SchedulerOptions } from '../../../server/src/model/scheduler.ts';
import { ModelError, type ModelErrorKind } from '../../../server/src/types/errors.ts';
import type { Priority, Produced } from '../../../server/src/types/produce.ts';
import { failureOf, never } from './failures.ts';
import { type HandClock, handClock } from './requests.ts';

const free = { worst: 0, metered: false, model: 'm' } as const;

function answer(cost = 0, input = 10): Produced {
  const usage = { input, cached: 0, output: 5, cost };
  return { kind: 'json', text: '{}', producer: { provider: 'anthropic', model: 'm' }, usage };
}

/** A task whose end the test decides. */
interface Held {
  readonly task: Task;
  /** How often it was sent. */
  readonly sent: () => number;
  readonly signals: AbortSignal[];
  succeed(produced?: Produced): void;
  fail(kind: ModelErrorKind, retryAfterMs?: number): void;
}

function held(key: string, priority: Priority = 'file', charge: Task['charge'] = free): Held {
  const ends: { resolve: (produced: Produced) => void; reject: (error: unknown) => void }[] = [];
  const signals: AbortSignal[] = [];
  const last = () => ends.at(-1)!;
  return {
    task: {
      key,
      priority,
      tokens: 15,
      charge,
      run: (signal) => {
        signals.push(signal);
        return new Promise((resolve, reject) => {
          ends.push({ resolve, reject });
          signal.addEventListener('abort', () => reject(new ModelError('cancelled', 'Cancelled.')));
        });
      },
    },
    sent: () => ends.length,
    signals,
    succeed: (produced = answer()) => last().resolve(produced),
    fail: (kind, retryAfterMs) =>
      last().reject(new ModelError(kind, kind, retryAfterMs === undefined ? {} : { retryAfterMs })),
  };
}

interface Bench {
  readonly scheduler: Scheduler;
  readonly clock: HandClock;
  readonly blocked: ModelError[];
  readonly ledger: SpendLedger;
}

function bench(override: Partial<SchedulerOptions> = {}, limit: number | null = null): Bench {
  const clock = handClock();
  const blocked: ModelError[] = [];
  const ledger = memoryLedger();
  const scheduler = new Scheduler({
    clock,
    budget: new Budget(ledger, clock, limit),
    concurrency: 1,
    limits: {},
    random: () => 0,
    onBlocked: (error) => blocked.push(error),
    ...override,
  });
  return { scheduler, clock, blocked, ledger };
}

describe('order', () => {
  it('runs hover before lens before file before background, then by arrival', async () => {
    const { scheduler, clock } = bench();
    const order: string[] = [];
    const first = held('first');
    const done = [scheduler.submit(first.task, never)];
    for (const priority of ['background', 'file', 'lens', 'hover', 'lens'] as const) {
      const task = held(`${priority}${order.length}${done.length}`, priority).task;
      done.push(
        scheduler.submit(
          {
            ...task,
            run: async () => {
              order.push(priority);
              return answer();
            },
          },
          never,
        ),
      );
    }
    first.succeed();
    await clock.advance(0);
    await Promise.all(done);
    expect(order).toEqual(['hover', 'lens', 'lens', 'file', 'background']);
  });

  it('keeps to its concurrency', async () => {
    const { scheduler, clock } = bench({ concurrency: 2 });
    const tasks = ['a', 'b', 'c'].map((key) => held(key));
    const done = tasks.map((each) => scheduler.submit(each.task, never));
    expect(tasks.map((each) => each.sent())).toEqual([1, 1, 0]);
    tasks[0]!.succeed();
    await clock.advance(0);
    expect(tasks.map((each) => each.sent())).toEqual([1, 1, 1]);
    tasks[1]!.succeed();
    tasks[2]!.succeed();
    await Promise.all(done);
  });
});

describe('single flight', () => {
  it('sends a key once however many ask, and answers all', async () => {
    const { scheduler } = bench();
    const task = held('same');
    const answers = [1, 2, 3].map(() => scheduler.submit(task.task, never));
    task.succeed(answer(0, 77));
    expect((await Promise.all(answers)).map((each) => each.usage.input)).toEqual([77, 77, 77]);
    expect(task.sent()).toBe(1);
  });

  it('aborts upstream only when the last waiter has left', async () => {
    const { scheduler } = bench();
    const task = held('same');
    const [one, two] = [new AbortController(), new AbortController()];
    const first = failureOf(scheduler.submit(task.task, one.signal));
    const second = failureOf(scheduler.submit(task.task, two.signal));
    one.abort();
    expect((await first).kind).toBe('cancelled');
    expect(task.signals[0]!.aborted).toBe(false);
    two.abort();
    expect((await second).kind).toBe('cancelled');
    expect(task.signals[0]!.aborted).toBe(true);
  });

  it('never sends a cancelled job that still waited', async () => {
    const { scheduler, clock } = bench();
    const [busy, waiting] = [held('busy'), held('waiting')];
    const first = scheduler.submit(busy.task, never);
    const controller = new AbortController();
    const second = failureOf(scheduler.submit(waiting.task, controller.signal));
    controller.abort();
    await second;
    busy.succeed();
    await first;
    await clock.advance(0);
    expect(waiting.sent()).toBe(0);
  });

  it('lifts a waiting job to the priority of a more urgent waiter', async () => {
    const { scheduler, clock } = bench();
    const [busy, other, lifted] = [held('busy'), held('other', 'lens'), held('lifted', 'background')];
    const done = [
      scheduler.submit(busy.task, never),
      scheduler.submit(other.task, never),
      scheduler.submit(lifted.task, never),
    ];
    done.push(scheduler.submit({ ...lifted.task, priority: 'hover' }, never));
    busy.succeed();
    await clock.advance(0);
    expect([lifted.sent(), other.sent()]).toEqual([1, 0]);
    lifted.succeed();
    await clock.advance(0);
    other.succeed();
    await Promise.all(done);
  });

  it('waits for the end of an abandoned request before it sends the key again', async () => {
    const { scheduler, clock } = bench({ concurrency: 2 });
    let release: (error: unknown) => void = () => {};
    let running = 0;
    const stubborn: Task = {
      ...held('same').task,
      run: () => {
        running += 1;
        return new Promise((_, reject) => {
          release = reject;
        });
      },
    };
    const controller = new AbortController();
    const first = failureOf(scheduler.submit(stubborn, controller.signal));
    controller.abort();
    await first;
    const again = held('same');
    const second = scheduler.submit(again.task, never);
    await clock.advance(0);
    expect([running, again.sent()]).toEqual([1, 0]);
    release(new Error('at last'));
    await clock.advance(0);
    expect(again.sent()).toBe(1);
    again.succeed();
    await second;
  });

  it('keeps no failure: the same key is asked again', async () => {
    const { scheduler } = bench();
    const task = held('same');
    const first = failureOf(scheduler.submit(task.task, never));
    task.fail('refused');
    expect((await first).kind).toBe('refused');
    const second = scheduler.submit(task.task, never);
    task.succeed();
    await second;
    expect(task.sent()).toBe(2);
  });
});

describe('limits of a minute', () => {
  it('spreads requests over the window', async () => {
    const { scheduler, clock } = bench({ concurrency: 9, limits: { requestsPerMinute: 2 } });
    const tasks = ['a', 'b', 'c'].map((key) => held(key));
    const done = tasks.map((each) => scheduler.submit(each.task, never));
    await clock.advance(59_000);
    expect(tasks.map((each) => each.sent())).toEqual([1, 1, 0]);
    await clock.advance(1000);
    expect(tasks.map((each) => each.sent())).toEqual([1, 1, 1]);
    for (const task of tasks) task.succeed();
    await Promise.all(done);
  });

  it('counts tokens, and what a request really used once it is known', async () => {
    const { scheduler, clock } = bench({ concurrency: 9, limits: { tokensPerMinute: 30 } });
    const tasks = ['a', 'b', 'c', 'd'].map((key) => held(key));
    const done = tasks.map((each) => scheduler.submit(each.task, never));
    expect(tasks.map((each) => each.sent())).toEqual([1, 1, 0, 0]);
    tasks[0]!.succeed(answer(0, 1));
    await clock.advance(0);
    expect(tasks.map((each) => each.sent())).toEqual([1, 1, 0, 0]);
    tasks[1]!.succeed(answer(0, 1));
    await clock.advance(0);
    expect(tasks.map((each) => each.sent())).toEqual([1, 1, 1, 0]);
    await clock.advance(60_000);
    expect(tasks[3]!.sent()).toBe(1);
    tasks[2]!.succeed();
    tasks[3]!.succeed();
    await Promise.all(done);
  });

  it('sends a request that is larger than the window once the window is empty', async () => {
    const { scheduler, clock } = bench({ concurrency: 9, limits: { tokensPerMinute: 10 } });
    const tasks = ['a', 'b'].map((key) => held(key));
    const done = tasks.map((each) => scheduler.submit(each.task, never));
    expect(tasks.map((each) => each.sent())).toEqual([1, 0]);
    await clock.advance(60_000);
    expect(tasks[1]!.sent()).toBe(1);
    for (const task of tasks) task.succeed();
    await Promise.all(done);
  });

  it('follows limits that the provider names later', async () => {
    const { scheduler } = bench({ concurrency: 9, limits: { requestsPerMinute: 1 } });
    const tasks = ['a', 'b'].map((key) => held(key));
    const done = tasks.map((each) => scheduler.submit(each.task, never));
    expect(tasks[1]!.sent()).toBe(0);
    scheduler.limits = { requestsPerMinute: 100 };
    expect(tasks[1]!.sent()).toBe(1);
    for (const task of tasks) task.succeed();
    await Promise.all(done);
  });
});

describe('retries', () => {
  it('sends nothing at all before retry-after has passed', async () => {
    const { scheduler, clock } = bench({ concurrency: 2 });
    const [limited, other] = [held('limited'), held('other', 'hover')];
    const first = scheduler.submit(limited.task, never);
    limited.fail('rateLimited', 20_000);
    await clock.advance(0);
    const second = scheduler.submit(other.task, never);
    await clock.advance(19_999);
    expect([limited.sent(), other.sent()]).toEqual([1, 0]);
    await clock.advance(1);
    expect([limited.sent(), other.sent()]).toEqual([2, 1]);
    limited.succeed();
    other.succeed();
    await Promise.all([first, second]);
  });

  it('tells the reader instead of waiting longer than anyone would', async () => {
    const { scheduler, clock } = bench();
    const task = held('a', 'hover');
    const result = failureOf(scheduler.submit(task.task, never));
    task.fail('rateLimited', 3_600_000);
    expect(await result).toMatchObject({ kind: 'rateLimited', retryAfterMs: 3_600_000 });
    const later = await failureOf(scheduler.submit(held('b', 'hover').task, never));
    expect(later.kind).toBe('rateLimited');
    await clock.advance(3_600_000);
    const after = held('c', 'hover');
    const answered = scheduler.submit(after.task, never);
    after.succeed();
    await answered;
  });

  it('doubles its delay from one second, and gives up after six tries', async () => {
    const { scheduler, clock } = bench();
    const task = held('a');
    const result = failureOf(scheduler.submit(task.task, never));
    for (const delay of [1000, 2000, 4000, 8000, 16_000]) {
      task.fail('overloaded');
      const before = task.sent();
      await clock.advance(delay - 1);
      expect(task.sent()).toBe(before);
      await clock.advance(1);
      expect(task.sent()).toBe(before + 1);
    }
    task.fail('overloaded');
    expect((await result).kind).toBe('overloaded');
  });

  it('lets others pass while one waits for its retry', async () => {
    const { scheduler, clock } = bench();
    const [broken, other] = [held('broken', 'hover'), held('other', 'background')];
    const first = scheduler.submit(broken.task, never);
    const second = scheduler.submit(other.task, never);
    broken.fail('network');
    await clock.advance(0);
    expect(other.sent()).toBe(1);
    other.succeed();
    await second;
    await clock.advance(1000);
    broken.succeed();
    await first;
  });

  it.each(['refused', 'tooLarge', 'unavailable', 'budget', 'blocked'] as const)('never repeats %s', async (kind) => {
    const { scheduler } = bench();
    const task = held('a');
    const result = failureOf(scheduler.submit(task.task, never));
    task.fail(kind);
    expect((await result).kind).toBe(kind);
    expect(task.sent()).toBe(1);
  });
});

describe('the circuit breaker', () => {
  it.each(['auth', 'noKey'] as const)('stops everything after %s, with one notification, until reset', async (kind) => {
    const { scheduler, clock, blocked } = bench({ concurrency: 2 });
    const tasks = ['a', 'b', 'c'].map((key) => held(key));
    const results = tasks.map((each) => failureOf(scheduler.submit(each.task, never)));
    tasks[0]!.fail(kind);
    tasks[1]!.fail(kind);
    expect((await Promise.all(results)).map((error) => error.kind)).toEqual([kind, kind, kind]);
    expect((await failureOf(scheduler.submit(held('d').task, never))).kind).toBe(kind);
    expect(blocked).toHaveLength(1);
    expect(tasks[2]!.sent()).toBe(0);
    expect(scheduler.blockedBy?.kind).toBe(kind);
    scheduler.reset();
    const again = held('a');
    const answered = scheduler.submit(again.task, never);
    again.succeed();
    await answered;
    await clock.advance(0);
    expect(scheduler.blockedBy).toBeUndefined();
  });

  it('does not open for a request that was sent with the key before', async () => {
    const { scheduler, blocked } = bench();
    const old = held('old');
    const result = failureOf(scheduler.submit(old.task, never));
    scheduler.reset();
    old.fail('auth');
    await result;
    expect([scheduler.blockedBy, blocked]).toEqual([undefined, []]);
  });
});

describe('the daily budget', () => {
  const dime = { worst: 0.1, metered: true, model: 'm' } as const;

  it('reserves the worst case, settles what was spent, and refuses what does not fit, naming the setting', async () => {
    const { scheduler, ledger, clock } = bench({}, 0.15);
    const first = held('a', 'file', dime);
    const answered = scheduler.submit(first.task, never);
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    expect(ledger.read(day).nanodollars).toBe(100_000_000);
    first.succeed(answer(0.06));
    await answered;
    expect(ledger.read(day)).toEqual({ input: 10, cached: 0, output: 5, nanodollars: 60_000_000 });
    const refused = await failureOf(scheduler.submit(held('b', 'file', dime).task, never));
    expect(refused.kind).toBe('budget');
    expect(refused.message).toContain('codegloss.budget.daily');
  });

  it('waits for running requests to settle before it refuses', async () => {
    const { scheduler, clock } = bench({ concurrency: 2 }, 0.15);
    const [first, second] = [held('a', 'file', dime), held('b', 'file', dime)];
    const done = [scheduler.submit(first.task, never), scheduler.submit(second.task, never)];
    expect(second.sent()).toBe(0);
    first.succeed(answer(0.01));
    await clock.advance(0);
    expect(second.sent()).toBe(1);
    second.succeed(answer(0.01));
    await Promise.all(done);
  });

  it('starts anew with the next day', async () => {
    const { scheduler, clock } = bench({}, 0.15);
    const first = held('a', 'file', dime);
    const answered = scheduler.submit(first.task, never);
    first.succeed(answer(0.1));
    await answered;
    await clock.advance(24 * 3600 * 1000);
    const second = held('b', 'file', dime);
    const tomorrow = scheduler.submit(second.task, never);
    second.succeed(answer(0.1));
    await tomorrow;
  });

  it('keeps the worst case of a request whose bill is unknown, and gives it back where nothing can have been billed', async () => {
    const { scheduler, ledger, clock } = bench({}, null);
    const day = new Date(clock.now()).toISOString().slice(0, 10);
    const lost = held('a', 'file', dime);
    const controller = new AbortController();
    const first = failureOf(scheduler.submit(lost.task, controller.signal));
    controller.abort();
    await first;
    await clock.advance(0);
    expect(ledger.read(day).nanodollars).toBe(100_000_000);
    const refused = held('b', 'file', dime);
    const second = failureOf(scheduler.submit(refused.task, never));
    refused.fail('tooLarge');
    await second;
    expect(ledger.read(day).nanodollars).toBe(100_000_000);
  });

  it('refuses a metered model without a price under a limit, and lets it pass without one or where nobody bills', async () => {
    const unknown = { worst: null, metered: true, model: 'mystery-1' } as const;
    const refused = await failureOf(bench({}, 1).scheduler.submit(held('a', 'file', unknown).task, never));
    expect(refused).toMatchObject({
      kind: 'budget',
      message: expect.stringMatching(/mystery-1.*codegloss\.prices.*codegloss\.budget\.daily/),
    });
    for (const [charge, limit] of [
      [unknown, null],
      [{ ...unknown, metered: false }, 1],
    ] as const) {
      const task = held('b', 'file', charge);
      const answered = bench({}, limit).scheduler.submit(task.task, never);
      task.succeed();
      await answered;
    }
  });
});

describe('the end', () => {
  it('cancels what runs and what waits, and refuses what comes later', async () => {
    const { scheduler } = bench();
    const [running, waiting] = [held('a'), held('b')];
    const results = [running, waiting].map((each) => failureOf(scheduler.submit(each.task, never)));
    scheduler.dispose();
    expect((await Promise.all(results)).map((error) => error.kind)).toEqual(['cancelled', 'cancelled']);
    expect(running.signals[0]!.aborted).toBe(true);
    expect((await failureOf(scheduler.submit(held('c').task, never))).kind).toBe('cancelled');
  });

  it('turns an unexpected exception into an error value', async () => {
    const { scheduler } = bench();
    const broken: Task = {
      ...held('a').task,
      run: () => {
        throw new TypeError('bug');
      },
    };
    expect((await failureOf(scheduler.submit(broken, never))).kind).toBe('unavailable');
  });
});

describe('requests that begin alike', () => {
  /** A task that tells when its answer begins. */
  function begins(key: string, prefixes: readonly string[], priority: Priority = 'background') {
    const inner = held(key, priority);
    const begun: (() => void)[] = [];
    const task: Task = {
      ...inner.task,
      prefixes,
      run(signal, onBegun) {
        begun.push(onBegun);
        return inner.task.run(signal, onBegun);
      },
    };
    return { ...inner, task, begin: () => begun.at(-1)?.() };
  }

  it('sends one first, what begins otherwise beside it, and the others once its answer has begun', async () => {
    const { scheduler } = bench({ concurrency: 4 });
    const tasks = ['1', '2', '3'].map((key) => begins(key, ['repository', 'file']));
    const other = begins('other', ['else']);
    const done = [...tasks, other].map(({ task }) => scheduler.submit(task, never));
    expect([...tasks, other].map((each) => each.sent())).toEqual([1, 0, 0, 1]);
    tasks[0]!.begin();
    expect(tasks.map((each) => each.sent())).toEqual([1, 1, 1]);
    for (const each of [...tasks, other]) each.succeed();
    await Promise.all(done);
  });

  it('sends the next one first when the first has failed', async () => {
    const { scheduler, clock } = bench({ concurrency: 4 });
    const tasks = ['1', '2', '3'].map((key) => begins(key, ['file']));
    const done = tasks.map(({ task }) => scheduler.submit(task, never));
    const failed = expect(done[0]).rejects.toThrow('refused');
    tasks[0]!.fail('refused');
    await failed;
    await clock.advance(0);
    expect(tasks.map((each) => each.sent())).toEqual([1, 1, 0]);
    tasks[1]!.succeed();
    await clock.advance(0);
    expect(tasks.map((each) => each.sent())).toEqual([1, 1, 1]);
    tasks[2]!.succeed();
    await Promise.all(done.slice(1));
  });

  it('never lets a hover wait for a cache', async () => {
    const { scheduler } = bench({ concurrency: 4 });
    const [first, hover] = [begins('1', ['file']), begins('2', ['file'], 'hover')];
    const done = [first, hover].map(({ task }) => scheduler.submit(task, never));
    expect(hover.sent()).toBe(1);
    first.succeed();
    hover.succeed();
    await Promise.all(done);
  });
});
