import Anthropic, { BadRequestError } from '@anthropic-ai/sdk';
import { ModelError } from '../types/errors.ts';
import type { Produced, ProduceRequest, PromptBlock } from '../types/produce.ts';
import type { ProducerIdentity, Usage } from '../types/summary.ts';
import { anthropicBatches } from './anthropicBatch.ts';
import { fromAnthropicError } from './anthropicErrors.ts';
import { type Clock, throwIfAborted } from './clock.ts';
import { isLoopback } from './endpoint.ts';
import { type IdleTimer, idleTimer } from './idleTimer.ts';
import { type Answerer, failureMessage } from './messages.ts';
import { isJson, schemaInstruction, unwrapJson } from './plainJson.ts';
import { costOf, type Price } from './prices.ts';
import { anthropicLimits } from './rateHeaders.ts';
import type { RateLimits } from './rateWindow.ts';
import type { ApiKeySource, RemoteModel } from './remoteModel.ts';

export const anthropicEndpoint = 'https://api.anthropic.com';
export const anthropicDefaultModel = 'claude-haiku-5-5';

export interface AnthropicOptions {
  readonly model: string;
  /** Base URL without `/v1`. */
  readonly endpoint: string;
  readonly apiKey: ApiKeySource;
  readonly price: Price | undefined;
  readonly clock: Clock;
  /** Longest silence of a stream, in milliseconds. */
  readonly idleMs: number;
  /** Hears the limits that the provider names in its headers. */
  readonly onLimits?: (limits: RateLimits) => void;
}

/** Also counts tokens, for forecasts. */
export interface AnthropicModel extends RemoteModel {
  /** Exact input tokens of a request. Costs nothing; limited separately by the provider. */
  countTokens(request: ProduceRequest, signal: AbortSignal): Promise<number>;
}

type MessageBody = Anthropic.MessageCreateParamsNonStreaming;

/**
 * How much of the API is used, best first. Gateways and older models do not know all of it and answer 400; the first rung that works is
 * remembered.
 */
const rungs = ['effort', 'schema', 'plain'] as const;
type Rung = (typeof rungs)[number];

/** Models that think by themselves need room for it besides the answer; effort is low, summaries are small. */
const thinkingRoom = 1024;

/**
 * Claude, by the official SDK. Streams, so that a stalled connection is seen; asks for structured output; lays the prompt out so that what
 * many requests share comes first, with a cache breakpoint after each shared part (system, repository, file: three of the four allowed).
 * No temperature: API version 2026-10-21 refuses it.
 */
export function anthropicModel(options: AnthropicOptions): AnthropicModel {
  const identity: ProducerIdentity = { provider: 'anthropic', model: options.model };
  const who: Answerer = { name: 'Anthropic', model: options.model };
  const local = isLoopback(options.endpoint);
  let rung = 0;
  let kept: { readonly key: string; readonly client: Anthropic } | undefined;

  async function clientFor(signal: AbortSignal): Promise<Anthropic> {
    const key = await options.apiKey(signal);
    throwIfAborted(signal);
    if (key === null || key === '') throw new ModelError('noKey', failureMessage('noKey', who));
    if (kept?.key !== key) kept = { key, client: newClient(key, options.endpoint) };
    return kept.client;
  }

  async function attempt(
    client: Anthropic,
    request: ProduceRequest,
    at: Rung,
    signal: AbortSignal,
    onBegun: () => void,
  ): Promise<Produced> {
    const timer = idleTimer(options.clock, options.idleMs, signal);
    const seen: Seen = { onBegun };
    try {
      const message = await receive(client, bodyOf(request, options.model, at), timer, options, seen);
      return answerOf(message, identity, who, usageOf(message.usage, options.price));
    } catch (error) {
      if (error instanceof BadRequestError) throw error;
      const now = options.clock.now();
      throw fromAnthropicError(error, {
        who,
        cancelled: signal.aborted,
        stalled: timer.stalled,
        usage: seen.usage,
        now,
      });
    } finally {
      timer.stop();
    }
  }

  return {
    identity,
    local,
    metered: !local,
    outputLimit: (request) => request.maxOutputTokens + thinkingRoom,
    batches: anthropicBatches({
      clientFor,
      bodyOf: (request) => bodyOf(request, options.model, rungs[rung] ?? 'plain'),
      answerOf: (message) => answerOf(message, identity, who, usageOf(message.usage, options.price)),
      failureOf: (error, signal) =>
        fromAnthropicError(error, {
          who,
          cancelled: signal.aborted,
          stalled: false,
          usage: undefined,
          now: options.clock.now(),
        }),
    }),
    async produce(request, signal, onBegun = () => undefined) {
      const client = await clientFor(signal);
      for (;;) {
        try {
          return await attempt(client, request, rungs[rung] ?? 'plain', signal, onBegun);
        } catch (error) {
          if (!(error instanceof BadRequestError)) throw error;
          const failure = fromAnthropicError(error, {
            who,
            cancelled: false,
            stalled: false,
            usage: undefined,
            now: options.clock.now(),
          });
          if (failure.kind === 'tooLarge' || rung >= rungs.length - 1) throw failure;
          rung += 1;
        }
      }
    },
    async countTokens(request, signal) {
      const client = await clientFor(signal);
      const { model, system, messages } = bodyOf(request, options.model, rungs[rung] ?? 'plain');
      const body = { model, messages, ...(system === undefined ? {} : { system }) };
      try {
        return (await client.messages.countTokens(body, { signal })).input_tokens;
      } catch (error) {
        throw fromAnthropicError(error, {
          who,
          cancelled: signal.aborted,
          stalled: false,
          usage: undefined,
          now: options.clock.now(),
        });
      }
    },
  };
}

/**
 * Every option that the SDK would else take from the environment is named: an editor that inherits variables must not bill another key,
 * send elsewhere, or write logs to standard output, where the language server speaks.
 */
function newClient(key: string, endpoint: string): Anthropic {
  const isOfficial = endpoint === anthropicEndpoint;
  return new Anthropic({
    apiKey: key,
    baseURL: endpoint,
    // The scheduler retries: it knows the other requests, the budget and who still waits.
    maxRetries: 0,
    logLevel: 'off',
    openTelemetry: false,
    defaultHeaders: {
      Authorization: `Bearer ${key}`,
      // Gateways that have not followed API version 2026-10-21 still read this header.
      'x-api-key': isOfficial ? null : key,
    },
  });
}

/** What is known of an answer that is under way. */
interface Seen {
  usage?: Usage;
  readonly onBegun: () => void;
}

async function receive(
  client: Anthropic,
  body: MessageBody,
  timer: IdleTimer,
  options: AnthropicOptions,
  seen: Seen,
): Promise<Anthropic.Message> {
  const stream = client.messages.stream(body, { signal: timer.signal });
  stream.on('connect', () => {
    timer.touch();
    const limits = anthropicLimits(stream.response?.headers);
    if (limits !== undefined) options.onLimits?.(limits);
  });
  stream.on('streamEvent', (_event, snapshot) => {
    timer.touch();
    if (seen.usage === undefined) seen.onBegun();
    seen.usage = usageOf(snapshot.usage, options.price);
  });
  return await stream.finalMessage();
}

function bodyOf(request: ProduceRequest, model: string, rung: Rung): MessageBody {
  const system = blocksOf(request.prompt, ['system'], ['system']);
  const content = blocksOf(request.prompt, ['repository', 'file', 'subject'], ['repository', 'file']);
  if (rung === 'plain') system.push({ type: 'text', text: schemaInstruction(request.schema) });
  const format = { type: 'json_schema', schema: { ...request.schema } } as const;
  return {
    model,
    max_tokens: request.maxOutputTokens + thinkingRoom,
    ...(system.length === 0 ? {} : { system }),
    messages: [{ role: 'user', content }],
    ...(rung === 'plain' ? {} : { output_config: rung === 'effort' ? { effort: 'low', format } : { format } }),
  };
}

/** Blocks of the roles, shared ones first, with a cache breakpoint after the last block of each role in `cached`. */
function blocksOf(
  prompt: readonly PromptBlock[],
  roles: readonly PromptBlock['role'][],
  cached: readonly PromptBlock['role'][],
): Anthropic.TextBlockParam[] {
  return roles.flatMap((role) => {
    const texts = prompt.filter((block) => block.role === role && block.text !== '').map((block) => block.text);
    return texts.map((text, index): Anthropic.TextBlockParam => {
      const isBreakpoint = cached.includes(role) && index === texts.length - 1;
      return { type: 'text', text, ...(isBreakpoint ? { cache_control: { type: 'ephemeral' } } : {}) };
    });
  });
}

/** The provider counts cached input apart; ours is the whole. */
function usageOf(usage: Anthropic.Usage, price: Price | undefined): Usage {
  const tokens = {
    plain: usage.input_tokens,
    cacheRead: usage.cache_read_input_tokens ?? 0,
    cacheWritten: usage.cache_creation_input_tokens ?? 0,
    output: usage.output_tokens,
  };
  return {
    input: tokens.plain + tokens.cacheRead + tokens.cacheWritten,
    cached: tokens.cacheRead,
    output: tokens.output,
    cost: price === undefined ? null : costOf(price, tokens),
  };
}

/** Looks at why the model stopped before it looks at what it said; thoughts are left out. */
function answerOf(message: Anthropic.Message, producer: ProducerIdentity, who: Answerer, usage: Usage): Produced {
  switch (message.stop_reason) {
    case 'refusal':
      throw new ModelError('refused', failureMessage('refused', who), { usage });
    case 'model_context_window_exceeded':
      throw new ModelError('tooLarge', failureMessage('tooLarge', who), { usage });
    case 'max_tokens':
      throw new ModelError('badAnswer', failureMessage('badAnswer', who), { usage });
    default: {
      const text = unwrapJson(message.content.map((block) => (block.type === 'text' ? block.text : '')).join(''));
      if (!isJson(text)) throw new ModelError('badAnswer', failureMessage('badAnswer', who), { usage });
      return { kind: 'json', text, producer, usage };
    }
  }
}
