import { createHash } from 'node:crypto';
import { ModelError } from '../types/errors.ts';
import type { Produced, ProduceRequest } from '../types/produce.ts';
import { noUsage } from '../types/summary.ts';
import type { BatchModel } from './batches.ts';
import type { Reservation } from './budget.ts';
import type { Clock } from './clock.ts';

/** Requests of one batch; providers take more, but a batch that fails as a whole should not be all. */
export const mostRequests = 10_000;
/** Characters of one batch's prompts; the providers' limits are above 200 MB. */
const mostCharacters = 50_000_000;

/** So often a question goes out before it is given up. */
export const mostTries = 3;

/** A question that somebody waits for. */
export interface Pending {
  readonly id: string;
  readonly request: ProduceRequest;
  readonly waiters: Set<{ resolve(produced: Produced): void; reject(error: unknown): void }>;
  tries: number;
  reservation?: Reservation;
}

/** What goes out next of these, in the order of the prompts' beginnings: as much as one batch takes. */
export function nextBatch(pendings: readonly Pending[]): readonly Pending[] {
  const sorted = pendings
    .map((pending) => ({ pending, beginning: beginningOf(pending.request) }))
    .sort((left, right) => (left.beginning < right.beginning ? -1 : left.beginning > right.beginning ? 1 : 0));
  const chosen: Pending[] = [];
  let characters = 0;
  for (const { pending } of sorted) {
    characters += pending.request.prompt.reduce((sum, block) => sum + block.text.length, 0);
    if (chosen.length >= mostRequests || (characters > mostCharacters && chosen.length > 0)) break;
    chosen.push(pending);
  }
  return chosen;
}

/** Tells all who wait for it, and books what it was billed. */
export function settle(pending: Pending, error: unknown, produced?: Produced): void {
  const usage = produced?.usage ?? (ModelError.is(error) ? error.usage : undefined);
  pending.reservation?.settle(usage);
  for (const waiter of pending.waiters) {
    if (produced !== undefined) waiter.resolve(produced);
    else waiter.reject(error);
  }
  pending.waiters.clear();
}

/** What a provider's cache can serve: everything before the subject. */
function beginningOf(request: ProduceRequest): string {
  return request.prompt
    .filter(({ role }) => role !== 'subject')
    .map(({ text }) => text)
    .join('\0');
}

/** The question's key as a name that all providers take. A corrected question has a key of its own. */
export function idOf(request: ProduceRequest): string {
  return createHash('sha256').update(request.key).digest('hex');
}

export function unanswered(reason: string): ModelError {
  return new ModelError('unavailable', `The batch did not answer a request ${mostTries} times: ${reason}.`, {
    usage: noUsage,
  });
}

export function shuttingDown(): ModelError {
  return new ModelError('cancelled', 'CodeGloss is shutting down; the batch goes on and is found again.');
}

/**
 * The question's answer. What is sent is paid for and stays noted, whoever leaves; of what is not yet sent nobody may want any more.
 * @param onAbandoned told when the last who waited has left
 */
export function waitFor(pending: Pending, signals: readonly AbortSignal[], onAbandoned: () => void): Promise<Produced> {
  return new Promise((resolve, reject) => {
    const any = AbortSignal.any([...signals]);
    const waiter = {
      resolve(produced: Produced): void {
        any.removeEventListener('abort', leave);
        resolve(produced);
      },
      reject(error: unknown): void {
        any.removeEventListener('abort', leave);
        reject(error);
      },
    };
    const leave = (): void => {
      pending.waiters.delete(waiter);
      if (pending.waiters.size === 0) onAbandoned();
      reject(new ModelError('cancelled', 'Cancelled; what was sent is found again.', { cause: any.reason }));
    };
    any.addEventListener('abort', leave, { once: true });
    pending.waiters.add(waiter);
    if (any.aborted) leave();
  });
}

/** Throws the signal's reason when it aborts. */
export function pauseFor(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    const stop = (): void => {
      cancel();
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}

/** A server that is away for a while is asked again: the batch goes on without us. */
export async function stateOf(
  model: BatchModel,
  batch: string,
  signal: AbortSignal,
): Promise<'running' | 'ended' | 'gone'> {
  try {
    return await model.state(batch, signal);
  } catch (error) {
    if (isPassing(error)) return 'running';
    throw error;
  }
}

/** Whether the same may go well a little later. */
export function isPassing(error: unknown): boolean {
  return ModelError.is(error) && ['network', 'overloaded', 'rateLimited'].includes(error.kind);
}
