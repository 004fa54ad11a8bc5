import type { IncomingHttpHeaders } from 'node:http';

/** What the loopback server does with one request. */
export type Behaviour =
  /** Answers with this document (or with what the server composes from schema and prompt), streamed in small chunks. */
  | {
      readonly kind: 'answer';
      readonly document?: unknown;
      readonly text?: string;
      readonly delayMs?: number;
      /** Answers when this has resolved. */
      readonly until?: Promise<void>;
    }
  /** Sends the first chunks and then nothing more, until the client leaves. With 0 chunks not even headers. */
  | { readonly kind: 'stall'; readonly afterChunks: number }
  /** Sends the first chunks and then destroys the connection. */
  | { readonly kind: 'cut'; readonly afterChunks: number }
  /** Answers with an error in the format of the API. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfterSeconds?: number;
      readonly message?: string;
      readonly code?: string;
    }
  /** An error event inside a stream that began well. */
  | { readonly kind: 'errorInStream'; readonly type: string }
  /** Declines, as the API says it. */
  | { readonly kind: 'refuse' }
  /** A complete answer whose text is no JSON. */
  | { readonly kind: 'brokenJson' }
  /** A stream whose events are no JSON. */
  | { readonly kind: 'brokenWire' }
  /** Stops in the middle because of the output limit. */
  | { readonly kind: 'outOfTokens' }
  /** Valid JSON with lines that do not exist and identifiers that nobody wrote. */
  | { readonly kind: 'lie' }
  /** JSON in a code fence between sentences, as small local models do. */
  | { readonly kind: 'wrapped' };

export type Wire = 'anthropic' | 'openai';

/** One request as the server saw it. */
export interface LoopbackRequest {
  readonly wire: Wire;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed body; null for GET. */
  readonly body: Readonly<Record<string, unknown>> | null;
  /** All text that the model would read, in order. */
  readonly prompt: string;
  readonly model: string;
  /** When the client left before the answer was complete. */
  readonly abandoned: boolean;
}

/** A script: one behaviour for all requests, a list (the last one repeats), or a function of the request and its number (from 0). */
export type Script = Behaviour | readonly Behaviour[] | ((request: LoopbackRequest, index: number) => Behaviour);

/** The behaviour of the `index`-th request that asks a model. */
export function behaviourOf(script: Script | undefined, request: LoopbackRequest, index: number): Behaviour {
  if (script === undefined) return { kind: 'answer' };
  if (typeof script === 'function') return script(request, index);
  if (!isList(script)) return script;
  return script[Math.min(index, script.length - 1)] ?? { kind: 'answer' };
}

function isList(script: Behaviour | readonly Behaviour[]): script is readonly Behaviour[] {
  return Array.isArray(script);
}
