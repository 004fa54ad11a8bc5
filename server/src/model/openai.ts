import OpenAI, { BadRequestError, UnprocessableEntityError } from 'openai';
import { ModelError } from '../types/errors.ts';
import type { Produced, ProduceRequest } from '../types/produce.ts';
import type { Usage } from '../types/summary.ts';
import { estimateTokens } from '../types/tokens.ts';
import { type Clock, throwIfAborted } from './clock.ts';
import { isLoopback } from './endpoint.ts';
import { type IdleTimer, idleTimer } from './idleTimer.ts';
import { type Answerer, failureMessage } from './messages.ts';
import { openaiBatches } from './openaiBatch.ts';
import { fromOpenAiError } from './openaiErrors.ts';
import { isJson, schemaInstruction, unwrapJson } from './plainJson.ts';
import { costOf, type Price } from './prices.ts';
import { openAiLimits } from './rateHeaders.ts';
import type { RateLimits } from './rateWindow.ts';
import type { ApiKeySource, RemoteModel } from './remoteModel.ts';

/** Where Ollama listens: with an empty setting the provider `openai` means a server on this machine, so that nothing leaves it by default. */
export const openAiEndpoint = 'http://127.0.0.1:11434/v1';

export interface OpenAiOptions {
  /** Empty for the first model that the server lists and that is no embedding model. */
  readonly model: string;
  /** Base URL, `/v1` included. */
  readonly endpoint: string;
  /** Null is fine: servers on the own machine want no key, and whoever wants one says so. */
  readonly apiKey: ApiKeySource;
  readonly price: Price | undefined;
  readonly clock: Clock;
  /** Longest silence of a stream, in milliseconds. A server that loads its model first is silent for long. */
  readonly idleMs: number;
  /** Hears the limits that the server names in its headers. */
  readonly onLimits?: (limits: RateLimits) => void;
}

type Body = OpenAI.ChatCompletionCreateParamsStreaming;

/** How the answer is asked for, best first. Servers know some of these and reject the others; the first that works is remembered. */
const formats = ['json_schema', 'json_object', 'plain'] as const;
type Format = (typeof formats)[number];

interface Received {
  readonly text: string;
  readonly refused: boolean;
  readonly finish: string | null;
  readonly usage: OpenAI.CompletionUsage | undefined;
  readonly model: string;
}

/** Any server that speaks OpenAI's chat completions (Ollama, vLLM, llama.cpp, LM Studio, OpenAI), by the official package. */
export function openAiModel(options: OpenAiOptions): RemoteModel {
  const identity = { provider: 'openai', model: options.model === '' ? 'default' : options.model } as const;
  const who: Answerer = { name: hostOf(options.endpoint), model: options.model === '' ? 'The model' : options.model };
  let format = 0;
  let listed: string | undefined;
  let kept: { readonly key: string | null; readonly client: OpenAI } | undefined;

  async function clientFor(signal: AbortSignal): Promise<OpenAI> {
    const key = (await options.apiKey(signal)) || null;
    throwIfAborted(signal);
    if (kept === undefined || kept.key !== key) kept = { key, client: newClient(key, options.endpoint) };
    return kept.client;
  }

  /** Runs one exchange; whatever it throws becomes ours, except a rejected format, which the caller answers. */
  async function exchange<T>(signal: AbortSignal, send: (client: OpenAI, timer: IdleTimer) => Promise<T>): Promise<T> {
    const client = await clientFor(signal);
    const timer = idleTimer(options.clock, options.idleMs, signal);
    try {
      return await send(client, timer);
    } catch (error) {
      if (isRejectedFormat(error)) throw error;
      throw failure(error, signal, timer.stalled);
    } finally {
      timer.stop();
    }
  }

  function failure(error: unknown, signal: AbortSignal, stalled: boolean): ModelError {
    const hasKey = kept?.key != null;
    return fromOpenAiError(error, { who, hasKey, cancelled: signal.aborted, stalled, now: options.clock.now() });
  }

  async function modelName(signal: AbortSignal): Promise<string> {
    if (options.model !== '') return options.model;
    listed ??= await exchange(signal, async (client, timer) =>
      firstModel(await client.models.list({ signal: timer.signal })),
    );
    if (listed === undefined) throw new ModelError('unavailable', failureMessage('unavailable', who));
    return listed;
  }

  return {
    identity,
    local: isLoopback(options.endpoint),
    metered: !isLoopback(options.endpoint),
    outputLimit: (request) => request.maxOutputTokens,
    batches: openaiBatches({
      clientFor,
      async bodyOf(request, signal) {
        const body = bodyOf(request, await modelName(signal), formats[format] ?? 'plain', options.endpoint);
        const { stream: _, stream_options: __, ...whole } = body;
        return whole;
      },
      answerOf({ choices, usage, model }) {
        const [choice] = choices;
        const text = choice?.message.content ?? '';
        const received = {
          text,
          refused: Boolean(choice?.message.refusal),
          finish: choice?.finish_reason ?? null,
          usage,
          model,
        };
        return answerOf(received, noRequest, who, options.price);
      },
      failureOf: (error, signal) => failure(error, signal, false),
    }),
    async produce(request, signal, onBegun = () => undefined) {
      const model = await modelName(signal);
      for (;;) {
        try {
          const body = bodyOf(request, model, formats[format] ?? 'plain', options.endpoint);
          const received = await exchange(signal, (client, timer) =>
            receive(client, body, timer, { ...options, onBegun }),
          );
          return answerOf(received, request, who, options.price);
        } catch (error) {
          if (!isRejectedFormat(error)) throw error;
          const final = failure(error, signal, false);
          if (final.kind === 'tooLarge' || format >= formats.length - 1) throw final;
          format += 1;
        }
      }
    },
  };
}

/** A batch's answer stands alone; a server that counts nothing leaves its input unknown. */
const noRequest: Pick<ProduceRequest, 'prompt'> = { prompt: [] };

function isRejectedFormat(error: unknown): boolean {
  return error instanceof BadRequestError || error instanceof UnprocessableEntityError;
}

/** Names every option that the SDK would else take from the environment; see the same function for Anthropic. */
function newClient(key: string | null, endpoint: string): OpenAI {
  return new OpenAI({
    apiKey: key ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    baseURL: endpoint,
    maxRetries: 0,
    logLevel: 'off',
    defaultHeaders: {
      Authorization: key === null ? null : `Bearer ${key}`,
      'OpenAI-Organization': null,
      'OpenAI-Project': null,
    },
  });
}

function firstModel(page: OpenAI.ModelsPage): string | undefined {
  const names = page.data.map((model) => model.id);
  return names.find((name) => !/embed|rerank|whisper|tts/i.test(name)) ?? names[0];
}

function bodyOf(request: ProduceRequest, model: string, format: Format, endpoint: string): Body {
  const isOfficial = hostOf(endpoint) === 'api.openai.com';
  const limit = request.maxOutputTokens;
  return {
    model,
    messages: messagesOf(request, format),
    stream: true,
    stream_options: { include_usage: true },
    // OpenAI's newer models know only the first name and refuse a temperature; other servers know the second, and repeat themselves at 0.
    ...(isOfficial ? { max_completion_tokens: limit } : { max_tokens: limit, temperature: 0, seed: 0 }),
    ...responseFormat(request, format),
  };
}

function responseFormat(request: ProduceRequest, format: Format): Pick<Body, 'response_format'> {
  switch (format) {
    case 'json_schema':
      return {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'summary', strict: true, schema: { ...request.schema } },
        },
      };
    case 'json_object':
      return { response_format: { type: 'json_object' } };
    case 'plain':
      return {};
  }
}

/** One system and one user message, in the order of the prompt: servers cache the longest common prefix by themselves. */
function messagesOf(request: ProduceRequest, format: Format): Body['messages'] {
  const join = (roles: readonly string[]): string =>
    roles
      .flatMap((role) => request.prompt.filter((block) => block.role === role && block.text !== ''))
      .map((block) => block.text)
      .join('\n\n');
  const schema = format === 'json_schema' ? '' : schemaInstruction(request.schema);
  const system = [join(['system']), schema].filter((text) => text !== '').join('\n\n');
  const user = join(['repository', 'file', 'subject']);
  return [...(system === '' ? [] : [{ role: 'system', content: system } as const]), { role: 'user', content: user }];
}

async function receive(
  client: OpenAI,
  body: Body,
  timer: IdleTimer,
  { onLimits, onBegun }: Pick<OpenAiOptions, 'onLimits'> & { readonly onBegun: () => void },
): Promise<Received> {
  const { data: stream, response } = await client.chat.completions
    .create(body, { signal: timer.signal })
    .withResponse();
  const limits = openAiLimits(response.headers);
  if (limits !== undefined) onLimits?.(limits);
  let text = '';
  let refused = false;
  let finish: string | null = null;
  let usage: OpenAI.CompletionUsage | undefined;
  let model = body.model;
  let isFirst = true;
  for await (const chunk of stream) {
    timer.touch();
    if (isFirst) onBegun();
    isFirst = false;
    const choice = chunk.choices?.[0];
    text += choice?.delta?.content ?? '';
    refused ||= Boolean(choice?.delta?.refusal);
    finish = choice?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
    model = chunk.model || model;
  }
  return { text, refused, finish, usage, model };
}

function answerOf(
  received: Received,
  request: Pick<ProduceRequest, 'prompt'>,
  who: Answerer,
  price: Price | undefined,
): Produced {
  const usage = usageOf(received.usage, price);
  const billed = usage === undefined ? {} : { usage };
  if (received.refused || received.finish === 'content_filter') {
    throw new ModelError('refused', failureMessage('refused', who), billed);
  }
  // A stream that just ends was cut: servers always say why they stopped.
  if (received.finish === null) throw new ModelError('network', failureMessage('network', who), billed);
  const text = unwrapJson(received.text);
  if (received.finish === 'length' || !isJson(text)) {
    throw new ModelError('badAnswer', failureMessage('badAnswer', who), billed);
  }
  return {
    kind: 'json',
    text,
    producer: { provider: 'openai', model: received.model },
    usage: usage ?? estimatedUsage(request, text),
  };
}

function usageOf(usage: OpenAI.CompletionUsage | undefined, price: Price | undefined): Usage | undefined {
  if (usage === undefined) return undefined;
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
  const tokens = {
    plain: usage.prompt_tokens - cached,
    cacheRead: cached,
    cacheWritten: 0,
    output: usage.completion_tokens,
  };
  return {
    input: usage.prompt_tokens,
    cached,
    output: usage.completion_tokens,
    cost: price === undefined ? null : costOf(price, tokens),
  };
}

/** Some servers count nothing: tokens are estimated, money is not. */
function estimatedUsage(request: Pick<ProduceRequest, 'prompt'>, answer: string): Usage {
  const prompt = request.prompt.reduce((sum, block) => sum + estimateTokens(block.text), 0);
  return { input: prompt, cached: 0, output: estimateTokens(answer), cost: null };
}

function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}
