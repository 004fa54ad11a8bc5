import { isCancellation, ModelError } from '../types/errors.ts';
import type { Produced, ProduceRequest } from '../types/produce.ts';
import { noUsage } from '../types/summary.ts';
import type { BatchModel, BatchResult } from './batches.ts';
import { type BatchMemory, matching, recentBatches } from './batchMemory.ts';
import {
  idOf,
  mostRequests,
  mostTries,
  nextBatch,
  type Pending,
  pauseFor,
  settle,
  shuttingDown,
  stateOf,
  unanswered,
  waitFor,
} from './batchQuestions.ts';
import type { Charge } from './budget.ts';
import type { Clock } from './clock.ts';
import type { SpendLimit } from './runLimit.ts';

/** What batches of a provider need of it. */
export interface BatchTerms {
  readonly model: BatchModel;
  /** Whose batches these are: provider, model and endpoint. */
  readonly owner: string;
  readonly limit: SpendLimit;
  readonly chargeOf: (request: ProduceRequest) => Charge;
  readonly clock: Clock;
}

/** Something that answers by batches. */
export interface Batcher {
  produce(request: ProduceRequest, signal: AbortSignal): Promise<Produced>;
  /** Stops waiting; what was sent goes on and is found again. */
  dispose(): void;
}

export interface BatchingOptions extends BatchTerms {
  readonly memory: BatchMemory;
  /** Milliseconds between two looks at a batch. */
  readonly pollMs: number;
  /** Milliseconds without a new request after which what waits is sent: everybody who could ask waits for an answer. */
  readonly quietMs: number;
  readonly onSubmitted?: (requests: number) => void;
}

/** A batch that is under way, with those of its requests that somebody waits for. */
interface Running {
  readonly number: number;
  readonly waiting: Map<string, Pending>;
  /** Requests that nobody has fetched yet. */
  readonly left: Set<string>;
}

/**
 * Gathers requests into batches: what is asked at the same time goes out together, in the order of the prompts' beginnings, so that a provider's
 * cache serves them. A batch is noted before it is sent and found again by its name after a restart; its answers go to who asks the same
 * question then. Expired and failed requests go into the next batch.
 */
export class Batching implements Batcher {
  readonly #options: BatchingOptions;
  readonly #stop = new AbortController();
  /** By id: to be sent with the next batch. */
  readonly #queue = new Map<string, Pending>();
  readonly #running = new Set<Running>();
  /** Answers of batches from before, until somebody asks. */
  readonly #early = new Map<string, { readonly result: BatchResult; readonly batch: Running }>();
  /** Batches whose requests are known. */
  readonly #named = new Set<string>();
  /** Numbers of the batches that this process sends or follows. */
  readonly #ours = new Set<number>();
  #resumed: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(options: BatchingOptions) {
    this.#options = options;
  }

  async produce(request: ProduceRequest, signal: AbortSignal): Promise<Produced> {
    this.#resumed ??= this.#resume();
    const resumed = this.#resumed;
    try {
      await resumed;
    } catch (error) {
      if (this.#resumed === resumed) this.#resumed = undefined;
      throw error;
    }
    signal.throwIfAborted();
    const pending: Pending = { id: idOf(request), request, waiters: new Set(), tries: 0 };
    const early = this.#early.get(pending.id);
    if (early !== undefined) {
      this.#early.delete(pending.id);
      this.#taken(early.batch, pending.id);
      if (early.result.kind === 'answer') return early.result.produced;
    }
    const joined = this.#known(pending.id) ?? this.#add(pending);
    return this.#wait(joined, signal);
  }

  dispose(): void {
    this.#cancelTimer?.();
    this.#stop.abort(shuttingDown());
  }

  #known(id: string): Pending | undefined {
    const queued = this.#queue.get(id);
    if (queued !== undefined) return queued;
    for (const { waiting } of this.#running) {
      const found = waiting.get(id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** To a batch from before that holds it, else to the next one. */
  #add(pending: Pending): Pending {
    for (const batch of this.#running) {
      if (!batch.left.has(pending.id)) continue;
      batch.waiting.set(pending.id, pending);
      return pending;
    }
    this.#enqueue(pending);
    return pending;
  }

  #enqueue(pending: Pending): void {
    this.#queue.set(pending.id, pending);
    this.#cancelTimer?.();
    if (this.#queue.size >= mostRequests) void this.#send();
    else this.#cancelTimer = this.#options.clock.after(this.#options.quietMs, () => void this.#send());
  }

  #wait(pending: Pending, signal: AbortSignal): Promise<Produced> {
    return waitFor(pending, [signal, this.#stop.signal], () => this.#queue.delete(pending.id));
  }

  async #send(): Promise<void> {
    const { memory, owner, onSubmitted } = this.#options;
    const chosen = this.#reserved(this.#choose());
    if (chosen.length === 0) return;
    const ids = chosen.map(({ id }) => id);
    const number = memory.intend(owner, ids);
    this.#ours.add(number);
    let batch: string;
    try {
      batch = await this.#submit(chosen);
    } catch (error) {
      this.#ours.delete(number);
      // Only an answer says for sure that there is no batch; else it is looked for before anything more is sent.
      if (ModelError.is(error) && error.kind !== 'network' && error.kind !== 'cancelled') memory.forget(number);
      else this.#resumed = undefined;
      for (const pending of chosen) settle(pending, error);
      return;
    }
    memory.submitted(number, batch);
    this.#named.add(batch);
    onSubmitted?.(chosen.length);
    const waiting = new Map(chosen.map((pending) => [pending.id, pending]));
    const running: Running = { number, waiting, left: new Set(ids) };
    this.#running.add(running);
    void this.#follow(running, batch);
  }

  /** When the connection breaks the batch may be there all the same: it is looked for before it is sent again. */
  async #submit(chosen: readonly Pending[]): Promise<string> {
    const { model, clock } = this.#options;
    const began = clock.now();
    for (let tries = 1; ; tries++) {
      try {
        return await model.submit(chosen, this.#stop.signal);
      } catch (error) {
        if (!ModelError.is(error, 'network') || tries >= mostTries) throw error;
        await this.#pause();
        const found = matching(
          await model.recent(this.#stop.signal),
          { size: chosen.length, createdAt: began },
          this.#named,
        );
        if (found !== undefined) return found;
      }
    }
  }

  /** The next batch, in the order of the prompts' beginnings. */
  #choose(): readonly Pending[] {
    const chosen = nextBatch([...this.#queue.values()]);
    for (const { id } of chosen) this.#queue.delete(id);
    if (this.#queue.size > 0) this.#cancelTimer = this.#options.clock.after(0, () => void this.#send());
    return chosen;
  }

  /** Worst cases are held until the batch is over; what does not fit fails, and what waits for others is tried with them. */
  #reserved(pendings: readonly Pending[]): readonly Pending[] {
    const { limit, chargeOf, model } = this.#options;
    return pendings.filter((pending) => {
      const charge = chargeOf(pending.request);
      const worst = charge.worst === null ? null : charge.worst * model.priceShare;
      try {
        const reservation = limit.reserve({ ...charge, worst });
        if (reservation === 'wait') {
          // Tried again when a batch has ended and its true cost is known.
          this.#queue.set(pending.id, pending);
          return false;
        }
        pending.reservation = reservation;
        return true;
      } catch (error) {
        settle(pending, error);
        return false;
      }
    });
  }

  async #follow(running: Running, batch: string): Promise<void> {
    const { model } = this.#options;
    const { signal } = this.#stop;
    try {
      let state = await stateOf(model, batch, signal);
      while (state === 'running') {
        await this.#pause();
        state = await stateOf(model, batch, signal);
      }
      if (state === 'ended') {
        for await (const { id, result } of model.results(batch, signal)) this.#result(running, id, result);
      }
      for (const pending of [...running.waiting.values()]) {
        running.waiting.delete(pending.id);
        this.#taken(running, pending.id);
        this.#again(pending, 'it was not answered');
      }
    } catch (error) {
      if (!isCancellation(error) && !signal.aborted)
        for (const pending of running.waiting.values()) settle(pending, error);
    } finally {
      if (!signal.aborted) this.#running.delete(running);
      if (this.#queue.size > 0) this.#cancelTimer = this.#options.clock.after(0, () => void this.#send());
    }
  }

  #result(running: Running, id: string, result: BatchResult): void {
    if (!running.left.has(id)) return;
    const pending = running.waiting.get(id);
    running.waiting.delete(id);
    if (pending === undefined) {
      this.#early.set(id, { result, batch: running });
      return;
    }
    this.#taken(running, id);
    if (result.kind === 'again') this.#again(pending, result.reason);
    else if (result.kind === 'failed') settle(pending, result.error);
    else settle(pending, undefined, result.produced);
  }

  #again(pending: Pending, reason: string): void {
    pending.reservation?.settle(noUsage);
    pending.tries++;
    if (pending.tries < mostTries) this.#enqueue(pending);
    else settle(pending, unanswered(reason));
  }

  #taken(running: Running, id: string): void {
    running.left.delete(id);
    if (running.left.size === 0) this.#options.memory.answered(running.number);
  }

  /** Batches of earlier processes, and what of ours broke off; one whose name was not heard is looked for by its time and size. */
  async #resume(): Promise<void> {
    const { memory, owner, model } = this.#options;
    const open = memory.open(owner).filter(({ number }) => !this.#ours.has(number));
    for (const { id } of open) if (id !== undefined) this.#named.add(id);
    const isNameless = open.some(({ id }) => id === undefined);
    const recent = isNameless ? await recentBatches(model, this.#stop.signal) : [];
    for (const { number, id, requests, createdAt } of open) {
      const found = id ?? matching(recent, { size: requests.length, createdAt }, this.#named);
      if (found === undefined) {
        memory.forget(number);
        continue;
      }
      this.#named.add(found);
      if (id === undefined) memory.submitted(number, found);
      this.#ours.add(number);
      const running: Running = { number, waiting: new Map(), left: new Set(requests) };
      this.#running.add(running);
      void this.#follow(running, found);
    }
  }

  #pause(): Promise<void> {
    return pauseFor(this.#options.clock, this.#options.pollMs, this.#stop.signal);
  }
}
