import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { ModelError, type ModelErrorKind } from '../types/errors.ts';
import { noUsage } from '../types/summary.ts';
import { wasNeverSent } from './connection.ts';
import { type Answerer, failureMessage } from './messages.ts';
import { openAiResetMs } from './rateHeaders.ts';
import { retryAfterMs } from './retryAfter.ts';

/** What is known of a request that failed. */
export interface FailedRequest {
  readonly who: Answerer;
  readonly hasKey: boolean;
  readonly cancelled: boolean;
  readonly stalled: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type SpokenKind = Exclude<ModelErrorKind, 'blocked' | 'budget'>;

/** Any error of the `openai` package, from whichever compatible server, as ours. Keys and prompts never get into the message. */
export function fromOpenAiError(error: unknown, request: FailedRequest): ModelError {
  if (ModelError.is(error)) return error;
  const kind = kindOf(error, request);
  const isConnection = error instanceof APIConnectionError && !(error instanceof APIConnectionTimeoutError);
  const wait = error instanceof APIError ? waitOf(error, request.now) : undefined;
  return new ModelError(kind, failureMessage(kind, request.who), {
    cause: error,
    ...(isConnection && wasNeverSent(error) ? { usage: noUsage } : {}),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function waitOf({ headers, status }: APIError, now: number): number | undefined {
  return retryAfterMs(headers, now) ?? (status === 429 ? openAiResetMs(headers) : undefined);
}

function kindOf(error: unknown, request: FailedRequest): SpokenKind {
  if (request.cancelled) return 'cancelled';
  if (request.stalled || error instanceof APIConnectionError || error instanceof APIUserAbortError) return 'network';
  if (error instanceof APIError) return kindOfResponse(error, request.hasKey);
  return error instanceof SyntaxError ? 'badAnswer' : 'network';
}

function kindOfResponse(error: APIError, hasKey: boolean): SpokenKind {
  const status = error.status ?? 0;
  if (error.code === 'context_length_exceeded' || status === 413) return 'tooLarge';
  // An exhausted quota comes as 429 too, but waiting does not mend it.
  if (error.code === 'insufficient_quota') return 'auth';
  if (error.code === 'content_filter') return 'refused';
  if (status === 401 || status === 403) return hasKey ? 'auth' : 'noKey';
  if (status === 429) return 'rateLimited';
  if (status === 408 || status === 409) return 'network';
  if (status >= 500) return 'overloaded';
  return status === 0 ? 'network' : 'unavailable';
}
