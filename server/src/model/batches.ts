import type { Produced, ProduceRequest } from '../types/produce.ts';

/** A request of a batch. */
export interface BatchRequest {
  /** 64 hex digits, unique within the batch: results are matched by it. */
  readonly id: string;
  readonly request: ProduceRequest;
}

/** What came of one request: an answer, an error for good, or something that another try may mend. */
export type BatchResult =
  | { readonly kind: 'answer'; readonly produced: Produced }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'again'; readonly reason: string };

/** A provider that answers many requests within a day, for less. All methods throw `ModelError`. */
export interface BatchModel {
  /** Share of the live price. */
  readonly priceShare: number;
  /** @returns the provider's name of the batch */
  submit(requests: readonly BatchRequest[], signal: AbortSignal): Promise<string>;
  /** Whether it is over, however it ended; `gone` when the provider does not know it. */
  state(batch: string, signal: AbortSignal): Promise<'running' | 'ended' | 'gone'>;
  /** What there is of a batch that ended, in any order; a request that is not among it was not answered. */
  results(batch: string, signal: AbortSignal): AsyncIterable<{ readonly id: string; readonly result: BatchResult }>;
  /** Batches of the last days, newest first, for finding one whose name was not heard. */
  recent(signal: AbortSignal): Promise<readonly RecentBatch[]>;
}

/** A batch as a provider lists it. */
export interface RecentBatch {
  readonly id: string;
  /** Milliseconds since the epoch, by the provider's clock. */
  readonly createdAt: number;
  readonly size: number;
}

/** A batch is over within a day; this leaves room for clocks and for a computer that was off over the weekend. */
const recentMs = 4 * 86_400_000;

/** What a provider lists, newest first, over as many pages as it takes, down to what is too old to be looked for. */
export async function newest<Listed>(
  listed: AsyncIterable<Listed>,
  batchOf: (listed: Listed) => RecentBatch,
  now: number,
): Promise<readonly RecentBatch[]> {
  const batches: RecentBatch[] = [];
  for await (const each of listed) {
    const batch = batchOf(each);
    if (batch.createdAt < now - recentMs) break;
    batches.push(batch);
  }
  return batches;
}
