import { ModelError, type ModelErrorKind } from '../types/errors.ts';
import { type Priority, type Produced, priorities } from '../types/produce.ts';
import { noUsage, type Usage } from '../types/summary.ts';
import { retryDelay } from './backoff.ts';
import type { Budget, Reservation } from './budget.ts';
import { type Clock, throwIfAborted } from './clock.ts';
import { type Job, newJob, type Task, type Waiter } from './job.ts';
import { PrefixTurns } from './prefixTurns.ts';
import { type RateLimits, RateWindow } from './rateWindow.ts';
import { asModelError, queueFull, stillPaused } from './schedulerErrors.ts';

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly budget: Pick<Budget, 'reserve'>;
  /** Requests that run at the same time. */
  readonly concurrency: number;
  readonly limits: RateLimits;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
  /** Called once when bad or missing credentials stop everything, and not again before `reset`. */
  readonly onBlocked: (error: ModelError) => void;
  /** Called whenever the number of queued or running requests changes. */
  readonly onActivity?: (activity: Activity) => void;
}

export interface Activity {
  readonly queued: number;
  readonly running: number;
}

/** Jobs that wait at most; the next one is refused, so that memory stays bounded. */
export const longestQueue = 10_000;

/** How long a request waits for a provider that asked for a pause, before its reader is told instead. Milliseconds. */
const patience: Readonly<Record<Priority, number>> = {
  hover: 60_000,
  lens: 120_000,
  file: 300_000,
  background: 600_000,
};

/** A provider that failed in these ways has not billed anything. */
const unbilled: ReadonlySet<ModelErrorKind> = new Set([
  'auth',
  'noKey',
  'rateLimited',
  'overloaded',
  'tooLarge',
  'blocked',
  'budget',
  'unavailable',
]);

/**
 * Orders and limits everything that is sent to one provider: urgent first, each key once at a time, within requests and tokens a minute
 * and the day's budget, with pauses where the provider asks for them, and not at all after it refused the credentials.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #window: RateWindow;
  readonly #turns = new PrefixTurns();
  /** Jobs that new waiters may join, by key. */
  readonly #jobs = new Map<string, Job>();
  readonly #queue = new Set<Job>();
  readonly #running = new Set<Job>();
  #blockedBy: ModelError | undefined;
  #pausedUntil = 0;
  #generation = 0;
  #arrivals = 0;
  #cancelTimer: (() => void) | undefined;
  #disposed = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#window = new RateWindow(options.limits);
  }

  /** The error that stopped everything, until `reset`. */
  get blockedBy(): ModelError | undefined {
    return this.#blockedBy;
  }

  /** Takes over limits that the provider itself named. */
  set limits(limits: RateLimits) {
    this.#window.limits = limits;
    this.#pump();
  }

  /** Runs the task, or joins the one that already runs for its key. Rejects with `ModelError` only. */
  async submit(task: Task, signal: AbortSignal): Promise<Produced> {
    throwIfAborted(signal);
    if (this.#disposed) throw new ModelError('cancelled', 'CodeGloss is shutting down.');
    if (this.#blockedBy !== undefined) throw this.#blockedBy;
    let job = this.#jobs.get(task.key);
    if (job === undefined) {
      if (this.#queue.size >= longestQueue) throw queueFull(longestQueue);
      this.#arrivals += 1;
      job = newJob(task, this.#arrivals);
      this.#jobs.set(task.key, job);
      this.#queue.add(job);
    }
    if (priorities[task.priority] < priorities[job.priority]) job.priority = task.priority;
    const answer = this.#join(job, signal);
    this.#changed();
    return answer;
  }

  /** Closes the circuit again, after the credentials changed. */
  reset(): void {
    this.#generation += 1;
    this.#blockedBy = undefined;
    this.#changed();
  }

  /** Cancels everything; later submissions are refused. */
  dispose(): void {
    this.#disposed = true;
    const error = new ModelError('cancelled', 'CodeGloss is shutting down.');
    for (const job of [...this.#queue]) this.#fail(job, error);
    for (const job of this.#running) {
      this.#fail(job, error);
      job.controller.abort(error);
    }
    this.#cancelTimer?.();
  }

  #join(job: Job, signal: AbortSignal): Promise<Produced> {
    return new Promise((resolve, reject) => {
      const leave = (): void => this.#leave(job, waiter, signal.reason);
      const waiter: Waiter = { resolve, reject, stopListening: () => signal.removeEventListener('abort', leave) };
      job.waiters.add(waiter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #leave(job: Job, waiter: Waiter, reason: unknown): void {
    job.waiters.delete(waiter);
    waiter.reject(new ModelError('cancelled', 'Cancelled.', { cause: reason }));
    if (job.waiters.size > 0) return;
    this.#forget(job);
    job.controller.abort(reason);
    this.#changed();
  }

  #changed(): void {
    this.#pump();
    this.#options.onActivity?.({ queued: this.#queue.size, running: this.#running.size });
  }

  /** Starts what may start now, and sets one timer for the rest. */
  #pump(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    while (this.#running.size < this.#options.concurrency) {
      const now = this.#options.clock.now();
      const job = this.#mostUrgent(now);
      if (job === undefined) {
        this.#wakeAt(this.#nextRetry(), now);
        return;
      }
      const pause = this.#pausedUntil - now;
      if (pause > patience[job.priority]) {
        this.#fail(job, stillPaused(pause));
        continue;
      }
      const wait = Math.max(pause, this.#window.waitFor(job.task.tokens, now));
      if (wait > 0) {
        this.#wakeAt(now + wait, now);
        return;
      }
      const reservation = this.#reserve(job);
      if (reservation === 'wait') return;
      if (reservation !== undefined) this.#start(job, reservation, now);
    }
  }

  /**
   * Of the jobs that need not wait for a retry, for the end of an abandoned twin or for the beginning of an answer that makes theirs cheaper: by
   * priority, then by arrival. Who hovers does not wait for a cache.
   */
  #mostUrgent(now: number): Job | undefined {
    const busy = new Set([...this.#running].map((job) => job.task.key));
    let best: Job | undefined;
    for (const job of this.#queue) {
      if (job.notBefore > now || busy.has(job.task.key)) continue;
      if (job.priority !== 'hover' && this.#turns.mustWait(job.task.prefixes ?? [])) continue;
      if (best === undefined || isBefore(job, best)) best = job;
    }
    return best;
  }

  #nextRetry(): number | undefined {
    const now = this.#options.clock.now();
    const later = [...this.#queue].map((job) => job.notBefore).filter((time) => time > now);
    return later.length === 0 ? undefined : later.reduce((left, right) => Math.min(left, right));
  }

  #wakeAt(time: number | undefined, now: number): void {
    if (time === undefined) return;
    this.#cancelTimer = this.#options.clock.after(time - now, () => this.#changed());
  }

  #reserve(job: Job): Reservation | 'wait' | undefined {
    try {
      return this.#options.budget.reserve(job.task.charge);
    } catch (error) {
      this.#fail(job, asModelError(error));
      return undefined;
    }
  }

  #start(job: Job, reservation: Reservation, now: number): void {
    this.#queue.delete(job);
    this.#running.add(job);
    job.tried += 1;
    const generation = this.#generation;
    const correct = this.#window.record(job.task.tokens, now);
    const { prefixes = [] } = job.task;
    // A try of a job, not the job: one that is sent again does not own what its last try wrote.
    const turn = {};
    this.#turns.send(turn, prefixes, now);
    const begun = (): void => {
      if (this.#turns.begin(turn, prefixes, this.#options.clock.now())) this.#changed();
    };
    const settle = (usage: Usage | undefined): void => {
      this.#running.delete(job);
      this.#turns.end(turn, prefixes);
      reservation.settle(usage);
    };
    run(job, begun).then(
      (produced) => {
        // Who does not stream shows only an end.
        this.#turns.begin(turn, prefixes, this.#options.clock.now());
        settle(produced.usage);
        // Only an answer is sure to say what the provider counted: a failed request keeps its estimate in the window.
        correct(produced.usage.input - produced.usage.cached + produced.usage.output);
        this.#answer(job, produced);
      },
      (thrown: unknown) => {
        const error = asModelError(thrown);
        settle(error.usage ?? (unbilled.has(error.kind) ? noUsage : undefined));
        this.#failed(job, error, generation);
      },
    );
  }

  #answer(job: Job, produced: Produced): void {
    this.#forget(job);
    for (const waiter of job.waiters) {
      waiter.stopListening();
      waiter.resolve(produced);
    }
    job.waiters.clear();
    this.#changed();
  }

  #failed(job: Job, error: ModelError, generation: number): void {
    if (error.kind === 'auth' || error.kind === 'noKey') this.#block(error, generation);
    const now = this.#options.clock.now();
    if (error.kind === 'rateLimited' && error.retryAfterMs !== undefined) {
      this.#pausedUntil = Math.max(this.#pausedUntil, now + error.retryAfterMs);
    }
    const delay = retryDelay(error, job.tried, this.#options.random);
    if (job.waiters.size === 0 || this.#disposed) this.#fail(job, error);
    else if (this.#blockedBy !== undefined) this.#fail(job, this.#blockedBy);
    else if (delay === undefined || delay > patience[job.priority]) this.#fail(job, error);
    else {
      job.notBefore = now + delay;
      this.#queue.add(job);
    }
    this.#changed();
  }

  /** Opens the circuit; a request that started before the last `reset` used older credentials and does not count. */
  #block(error: ModelError, generation: number): void {
    if (this.#blockedBy !== undefined || generation !== this.#generation || this.#disposed) return;
    this.#blockedBy = error;
    for (const job of [...this.#queue]) this.#fail(job, error);
    this.#options.onBlocked(error);
  }

  #fail(job: Job, error: ModelError): void {
    this.#forget(job);
    for (const waiter of job.waiters) {
      waiter.stopListening();
      waiter.reject(error);
    }
    job.waiters.clear();
  }

  /** From here on the key is free: failures are never kept, and answers are the store's to keep. */
  #forget(job: Job): void {
    this.#queue.delete(job);
    if (this.#jobs.get(job.task.key) === job) this.#jobs.delete(job.task.key);
  }
}

/** Also a task that throws at once, instead of rejecting, fails as a promise. */
async function run(job: Job, onBegun: () => void): Promise<Produced> {
  return job.task.run(job.controller.signal, onBegun);
}

function isBefore(left: Job, right: Job): boolean {
  const urgency = priorities[left.priority] - priorities[right.priority];
  return urgency < 0 || (urgency === 0 && left.arrival < right.arrival);
}
