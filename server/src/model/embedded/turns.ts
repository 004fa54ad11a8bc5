import { setImmediate } from 'node:timers/promises';
import { type Priority, priorities } from '../../types/produce.ts';

/** Work in short steps, each a few dozen milliseconds at most; between two of them another's step may run. */
export type Steps<T> = AsyncGenerator<undefined, T, undefined>;

interface Job<T> {
  readonly id: number;
  readonly priority: Priority;
  readonly steps: Steps<T>;
}

/**
 * Runs one step at a time, always of the most urgent job (of equals, the oldest): a hover overtakes background work after one step of it.
 * A job that is overtaken keeps what it has computed.
 */
export class Turns<T> {
  readonly #jobs = new Map<number, Job<T>>();
  readonly #settle: (id: number, outcome: { readonly result: T } | { readonly error: unknown }) => void;
  #running = false;

  constructor(settle: (id: number, outcome: { readonly result: T } | { readonly error: unknown }) => void) {
    this.#settle = settle;
  }

  add(id: number, priority: Priority, steps: Steps<T>): void {
    this.#jobs.set(id, { id, priority, steps });
    if (!this.#running) void this.#run();
  }

  /** Forgets the job; nothing is settled for it any more. */
  cancel(id: number): void {
    this.#jobs.delete(id);
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let job = this.#next(); job !== undefined; job = this.#next()) {
      try {
        const step = await job.steps.next();
        if (step.done === true) this.#finish(job, { result: step.value });
      } catch (error) {
        this.#finish(job, { error });
      }
      // Lets messages in: a cancellation, or something more urgent.
      await setImmediate();
    }
    this.#running = false;
  }

  #finish(job: Job<T>, outcome: { readonly result: T } | { readonly error: unknown }): void {
    if (this.#jobs.delete(job.id)) this.#settle(job.id, outcome);
  }

  #next(): Job<T> | undefined {
    let best: Job<T> | undefined;
    for (const job of this.#jobs.values()) {
      if (best === undefined || priorities[job.priority] < priorities[best.priority]) best = job;
    }
    return best;
  }
}
