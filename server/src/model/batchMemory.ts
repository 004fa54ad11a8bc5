import { ModelError } from '../types/errors.ts';
import type { BatchModel } from './batches.ts';

/** Where open batches are noted: see `store/batchLedger.ts`. */
export interface BatchMemory {
  open(owner: string): readonly {
    readonly number: number;
    readonly id: string | undefined;
    readonly requests: readonly string[];
    readonly createdAt: number;
  }[];
  intend(owner: string, requests: readonly string[]): number;
  submitted(number: number, id: string): void;
  answered(number: number): void;
  forget(number: number): void;
}

/** Throws when the list cannot be read now: what may be there already must not be sent again. A server without a list has none to read. */
export async function recentBatches(model: BatchModel, signal: AbortSignal): ReturnType<BatchModel['recent']> {
  try {
    return await model.recent(signal);
  } catch (error) {
    if (ModelError.is(error, 'unavailable')) return [];
    throw error;
  }
}

/** Between our clock and the provider's. */
const clockSkewMs = 120_000;

/** The batch of this size since then that is nobody's yet. */
export function matching(
  recent: Awaited<ReturnType<BatchModel['recent']>>,
  { size, createdAt }: { readonly size: number; readonly createdAt: number },
  named: ReadonlySet<string>,
): string | undefined {
  return recent.find((each) => !named.has(each.id) && each.size === size && each.createdAt >= createdAt - clockSkewMs)
    ?.id;
}
