import { createHash } from 'node:crypto';
import { ModelError } from '../types/errors.ts';
import type { Produced, ProduceRequest } from '../types/produce.ts';
import type { Reservation } from './budget.ts';

/** Requests of one batch; providers take more, but a batch that fails as a whole should not be all. */
export const mostRequests = 10_000;
/** Characters of one batch's prompts; the providers' limits are above 200 MB. */
const mostCharacters = 50_000_000;

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
