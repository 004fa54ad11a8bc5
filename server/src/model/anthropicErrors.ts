import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from '@anthropic-ai/sdk';
import { ModelError, type ModelErrorKind } from '../types/errors.ts';
import { noUsage, type Usage } from '../types/summary.ts';
import { wasNeverSent } from './connection.ts';
import { type Answerer, failureMessage } from './messages.ts';
import { retryAfterMs } from './retryAfter.ts';

/** What is known of a request that failed. */
export interface FailedRequest {
  readonly who: Answerer;
  readonly cancelled: boolean;
  readonly stalled: boolean;
  /** What the stream had billed before it broke; undefined when it never began. */
  readonly usage: Usage | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type SpokenKind = Exclude<ModelErrorKind, 'blocked' | 'budget'>;

/** Any error of `@anthropic-ai/sdk` as ours. Keys and prompts never get into the message. */
export function fromAnthropicError(error: unknown, request: FailedRequest): ModelError {
  if (ModelError.is(error)) return error;
  const kind = kindOf(error, request);
  const usage = request.usage ?? (neverSent(error) ? noUsage : undefined);
  const wait = error instanceof APIError ? retryAfterMs(error.headers, request.now) : undefined;
  return new ModelError(kind, failureMessage(kind, request.who), {
    cause: error,
    ...(usage === undefined ? {} : { usage }),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function kindOf(error: unknown, request: FailedRequest): SpokenKind {
  if (request.cancelled) return 'cancelled';
  if (request.stalled || error instanceof APIConnectionError || error instanceof APIUserAbortError) return 'network';
  if (error instanceof APIError) return kindOfStatus(error);
  // What the SDK throws besides: a body or stream event that is no JSON, a stream that ends too early.
  return error instanceof SyntaxError ? 'badAnswer' : 'network';
}

/** An error event inside a stream has no status, but the same type. */
function kindOfStatus(error: APIError): SpokenKind {
  switch (error.type) {
    case 'authentication_error':
    case 'permission_error':
      return 'auth';
    case 'rate_limit_error':
      return 'rateLimited';
    case 'overloaded_error':
      return 'overloaded';
    case 'not_found_error':
      return 'unavailable';
    default:
      return kindOfNumber(error);
  }
}

function kindOfNumber(error: APIError): SpokenKind {
  const status = error.status ?? 0;
  if (status === 401 || status === 403) return 'auth';
  if (status === 429) return 'rateLimited';
  if (status === 413) return 'tooLarge';
  if (status === 408 || status === 409) return 'network';
  if (status >= 500 || error.type === 'api_error') return 'overloaded';
  if (status === 400 && isTooLong(error)) return 'tooLarge';
  return status === 0 ? 'network' : 'unavailable';
}

/** The API has no code for a prompt over the context window: its words are the only sign (checked against the SDK 1.13 typings). */
function isTooLong(error: APIError): boolean {
  return /prompt is too long|exceeds? the (?:maximum|context)/i.test(error.apiMessage ?? '');
}

/** A timeout is never one of these. */
function neverSent(error: unknown): boolean {
  return error instanceof APIConnectionError && !(error instanceof APIConnectionTimeoutError) && wasNeverSent(error);
}
