import { isCancellation, ModelError } from '../types/errors.ts';
import type { Produced, ProduceRequest } from '../types/produce.ts';
import type { Sending, SharedBatches } from '../types/sharedBatches.ts';
import { noUsage } from '../types/summary.ts';
import type { BatchResult } from './batches.ts';
import type { Batcher, BatchTerms } from './batching.ts';
import { matching, recentBatches } from './batchMemory.ts';
import {
  idOf,
  isPassing,
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

export interface SharedBatchingOptions extends BatchTerms {
  readonly batches: SharedBatches;
  /** Milliseconds between two looks at a batch. */
  readonly pollMs: number;
  /** Milliseconds without a new request after which what waits is sent. */
  readonly quietMs: number;
  /** A batch whose sender died and that the provider does not list so many milliseconds later was never there. */
  readonly graceMs: number;
}

/** A batch that this process looks at, with the questions that somebody here waits for. */
type Followed = Map<string, Pending>;

/**
 * Batches of many workers. Nothing is remembered here that must not be lost: which question went out in which batch, and what is held for it,
 * stands in the team's database before it is sent. A worker that is given a dead one's job asks the same questions, finds them there, and looks
 * after that batch from then on; money is booked once for each question, whoever fetches its answer.
 */
export class SharedBatching implements Batcher {
  readonly #options: SharedBatchingOptions;
  readonly #stop = new AbortController();
  readonly #queue = new Map<string, Pending>();
  readonly #followed = new Map<string, Followed>();
  #sending: Promise<void> = Promise.resolve();
  #cancelTimer: (() => void) | undefined;

  constructor(options: SharedBatchingOptions) {
    this.#options = options;
  }

  async produce(request: ProduceRequest, signal: AbortSignal): Promise<Produced> {
    signal.throwIfAborted();
    const id = idOf(request);
    const known = this.#queue.get(id) ?? [...this.#followed.values()].map((batch) => batch.get(id)).find(Boolean);
    const pending = known ?? { id, request, waiters: new Set(), tries: 0 };
    if (known === undefined) this.#enqueue(pending, this.#options.quietMs);
    return waitFor(pending, [signal, this.#stop.signal], () => this.#queue.delete(id));
  }

  dispose(): void {
    this.#cancelTimer?.();
    this.#stop.abort(shuttingDown());
  }

  #enqueue(pending: Pending, ms: number): void {
    const isAbandoned = pending.tries > 0 && pending.waiters.size === 0;
    if (isAbandoned || this.#stop.signal.aborted) return;
    this.#queue.set(pending.id, pending);
    this.#cancelTimer?.();
    this.#cancelTimer = this.#options.clock.after(this.#queue.size >= mostRequests ? 0 : ms, () => {
      this.#sending = this.#sending.then(() => this.#send());
    });
  }

  async #send(): Promise<void> {
    const chosen = nextBatch([...this.#queue.values()]);
    for (const { id } of chosen) this.#queue.delete(id);
    const open = new Set(chosen);
    try {
      await this.#options.batches.sending(this.#options.owner, async (sending) => {
        await this.#recover(sending);
        const found = await sending.find(chosen.map(({ id }) => id));
        for (const pending of chosen) {
          const name = found.get(pending.id)?.name;
          if (name === undefined) continue;
          open.delete(pending);
          this.#follow(name, [pending]);
        }
        const fresh = chosen.filter(({ id }) => !found.has(id));
        if (fresh.length > 0) await this.#submit(sending, fresh, open);
      });
      // Nobody knows yet whether these were sent, or the run's money is held by others: looked at again.
      for (const pending of open) this.#enqueue(pending, this.#options.pollMs);
    } catch (error) {
      for (const pending of open) this.#failed(pending, error);
    }
    if (this.#queue.size >= mostRequests) await this.#send();
  }

  /** Whether a batch whose name was not heard is there; as long as that cannot be said, its questions wait. */
  async #recover(sending: Sending): Promise<void> {
    const nameless = await sending.nameless();
    if (nameless.length === 0) return;
    const { model, graceMs } = this.#options;
    const recent = await recentBatches(model, this.#stop.signal);
    const named = new Set(await sending.names());
    for (const { number, size, createdAt, ageMs } of nameless) {
      const name = matching(recent, { size, createdAt }, named);
      if (name !== undefined) {
        named.add(name);
        await sending.submitted(number, name);
      } else if (ageMs >= graceMs) await sending.withdraw(number);
    }
  }

  /** Takes what is placed, or failed for good, out of `open`. */
  async #submit(sending: Sending, fresh: readonly Pending[], open: Set<Pending>): Promise<void> {
    const { model, chargeOf } = this.#options;
    const questions = fresh.map(({ id, request }) => {
      const { worst } = chargeOf(request);
      return { id, worst: worst === null ? null : worst * model.priceShare };
    });
    const { number, refused } = await sending.intend(questions);
    const held = fresh.filter(({ id }) => !refused.has(id));
    for (const pending of fresh) {
      if (refused.get(pending.id) !== 'exhausted') continue;
      open.delete(pending);
      settle(pending, exhausted());
    }
    if (held.length === 0) return;
    let name: string;
    try {
      name = await model.submit(held, this.#stop.signal);
    } catch (error) {
      // Only an answer says for sure that there is no batch; else it is looked for before its questions are sent again.
      if (ModelError.is(error) && !['network', 'cancelled'].includes(error.kind)) await sending.withdraw(number);
      throw error;
    }
    // From here on the batch is paid for: should its name not be noted, it is found by time and size.
    for (const pending of held) open.delete(pending);
    this.#follow(name, held);
    await sending.submitted(number, name);
  }

  /** What may go well later is tried again: a database or a server that is away loses nothing. */
  #failed(pending: Pending, error: unknown): void {
    const mayPass = !ModelError.is(error) || isPassing(error);
    if (this.#stop.signal.aborted || isCancellation(error) || !mayPass || ++pending.tries >= mostTries)
      settle(pending, error);
    else this.#enqueue(pending, this.#options.pollMs);
  }

  #follow(name: string, pendings: readonly Pending[]): void {
    const known = this.#followed.get(name);
    const batch = known ?? new Map<string, Pending>();
    for (const pending of pendings) batch.set(pending.id, pending);
    if (known !== undefined) return;
    this.#followed.set(name, batch);
    void this.#look(name, batch);
  }

  async #look(name: string, batch: Followed): Promise<void> {
    const { model, clock, pollMs } = this.#options;
    const { signal } = this.#stop;
    try {
      // Who comes while the answers are read may have missed its own: they are read again.
      while (batch.size > 0) {
        let state = await stateOf(model, name, signal);
        while (state === 'running') {
          await pauseFor(clock, pollMs, signal);
          state = await stateOf(model, name, signal);
        }
        const asked = [...batch.values()];
        if (state === 'ended')
          for await (const { id, result } of model.results(name, signal)) await this.#result(batch, id, result);
        for (const pending of asked) if (batch.delete(pending.id)) await this.#again(pending, 'it was not answered');
      }
    } catch (error) {
      for (const pending of batch.values()) this.#failed(pending, error);
    } finally {
      this.#followed.delete(name);
    }
  }

  async #result(batch: Followed, id: string, result: BatchResult): Promise<void> {
    const pending = batch.get(id);
    if (pending === undefined || !batch.delete(id)) return;
    if (result.kind === 'again') return this.#again(pending, result.reason);
    const { batches, owner } = this.#options;
    const usage =
      result.kind === 'answer' ? result.produced.usage : ModelError.is(result.error) ? result.error.usage : undefined;
    // An answer is worth more than its entry in the books: unbooked, its worst case stays held.
    await batches.settle(owner, id, usage).catch(() => undefined);
    if (result.kind === 'answer') settle(pending, undefined, result.produced);
    else settle(pending, result.error);
  }

  async #again(pending: Pending, reason: string): Promise<void> {
    await this.#options.batches.release(this.#options.owner, pending.id);
    if (++pending.tries < mostTries) this.#enqueue(pending, this.#options.quietMs);
    else settle(pending, unanswered(reason));
  }
}

function exhausted(): ModelError {
  return new ModelError(
    'budget',
    '--max-cost does not cover the next request of this run: run again with more to go on from here.',
    { usage: noUsage },
  );
}
