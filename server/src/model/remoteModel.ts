import type { Produced, ProduceRequest, Producer } from '../types/produce.ts';
import type { BatchModel } from './batches.ts';

/**
 * A producer that talks to a server. It sends exactly once: retries, limits and money are the scheduler's, consent is the gate's. Failed
 * requests throw `ModelError`, with `usage` where the bill is known.
 */
export interface RemoteModel extends Producer {
  /** Whether somebody bills the user by token: see `Charge.metered`. */
  readonly metered: boolean;
  /** Calls `onBegun` once when the answer begins, where that can be seen: from then on others can read what this request wrote into a cache. */
  produce(request: ProduceRequest, signal: AbortSignal, onBegun?: () => void): Promise<Produced>;
  /** Tokens that one request may produce at most, thinking included: what the budget must reserve. */
  outputLimit(request: ProduceRequest): number;
  /** Exact input tokens of a request, where the server counts them. */
  countTokens?(request: ProduceRequest, signal: AbortSignal): Promise<number>;
  /** Many requests at once, answered later for less, where the server has that. */
  readonly batches?: BatchModel;
}

/** Gives the key of the user, or null. Asked before each request; who implements it may remember it. */
export type ApiKeySource = (signal: AbortSignal) => Promise<string | null>;
