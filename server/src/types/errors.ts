import type { Usage } from './summary.ts';

/** What went wrong between us and a model; turned into words in one place (`model/messages.ts`). */
export type ModelErrorKind =
  | 'auth'
  | 'noKey'
  | 'rateLimited'
  | 'overloaded'
  | 'tooLarge'
  | 'refused'
  | 'network'
  | 'badAnswer'
  | 'budget'
  | 'blocked'
  | 'unavailable'
  | 'cancelled';

/** Why the gate let nothing through, in the order in which it looks. */
export type BlockReason = 'untrusted' | 'notChosen' | 'ignored' | 'secret' | 'tooLarge' | 'notText';

export class ModelError extends Error {
  readonly kind: ModelErrorKind;
  /** Milliseconds until it makes sense to try again, where known. */
  readonly retryAfterMs?: number;
  /** Set when `kind` is `blocked`. */
  readonly reason?: BlockReason;
  /** What the failed request was billed, where known; the budget then counts this instead of the worst case. */
  readonly usage?: Usage;

  constructor(
    kind: ModelErrorKind,
    message: string,
    details: {
      readonly retryAfterMs?: number;
      readonly reason?: BlockReason;
      readonly usage?: Usage;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ModelError';
    this.kind = kind;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
    if (details.reason !== undefined) this.reason = details.reason;
    if (details.usage !== undefined) this.usage = details.usage;
  }

  static is(error: unknown, kind?: ModelErrorKind): error is ModelError {
    return error instanceof ModelError && (kind === undefined || error.kind === kind);
  }
}

/** True for whatever an aborted signal or a cancelled request throws. */
export function isCancellation(error: unknown): boolean {
  return ModelError.is(error, 'cancelled') || (error instanceof Error && error.name === 'AbortError');
}
