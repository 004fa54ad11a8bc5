import { composeAnswer, composeLie, type Schema } from './answers.ts';
import type { Behaviour } from './behaviour.ts';
import { type CacheBlock, countTokens, type InputCount } from './promptCache.ts';
import type { Reply, WireRequest } from './reply.ts';

/** Requests that the real API answers with 400 (API version 2026-10-21); undefined when the body is acceptable. */
export function anthropicComplaint(body: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of ['temperature', 'top_p', 'top_k']) {
    if (body[name] !== undefined) return `${name}: this parameter is no longer supported`;
  }
  if (typeof body['max_tokens'] !== 'number') return 'max_tokens: field required';
  const messages = body['messages'];
  if (!Array.isArray(messages) || messages.length === 0) return 'messages: at least one message is required';
  const breakpoints = cacheBlocks(body).filter((block) => block.breakpoint).length;
  if (breakpoints > 4) return `A maximum of 4 blocks with cache_control may be provided. Found ${breakpoints}.`;
  if (cacheBlocks(body).some((block) => block.text === '')) return 'text content blocks must be non-empty';
  const schema = schemaOf(body);
  return schema !== undefined && !isClosed(schema)
    ? 'output_config.format.schema: additionalProperties must be false'
    : undefined;
}

function isClosed(schema: unknown): boolean {
  if (schema === null || typeof schema !== 'object') return true;
  const node = schema as Schema;
  if (node['type'] === 'object' && node['additionalProperties'] !== false) return false;
  return Object.values(node).every(isClosed);
}

/** The text blocks in the order of the cache: system, then messages. */
export function cacheBlocks(body: Readonly<Record<string, unknown>>): readonly CacheBlock[] {
  const messages = Array.isArray(body['messages']) ? (body['messages'] as readonly { content?: unknown }[]) : [];
  return [body['system'], ...messages.map((message) => message.content)].flatMap(blocksOfContent);
}

function blocksOfContent(content: unknown): readonly CacheBlock[] {
  if (typeof content === 'string') return [{ text: content, breakpoint: false }];
  if (!Array.isArray(content)) return [];
  return (content as readonly { text?: unknown; cache_control?: unknown }[]).map((block) => ({
    text: typeof block.text === 'string' ? block.text : '',
    breakpoint: block.cache_control !== undefined && block.cache_control !== null,
  }));
}

/** The format of the answer as text: another one is another cache (the provider puts it before the prompt). */
export function formatOf(body: Readonly<Record<string, unknown>>): string {
  return JSON.stringify((body['output_config'] as { format?: unknown } | undefined)?.format ?? null);
}

function schemaOf(body: Readonly<Record<string, unknown>>): Schema | undefined {
  const config = body['output_config'] as { format?: { schema?: Schema } } | undefined;
  return config?.format?.schema;
}

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
};

/** An error as the API words it. */
export function anthropicError(status: number, message: string): unknown {
  return { type: 'error', error: { type: errorTypes[status] ?? 'api_error', message }, request_id: 'req_loopback' };
}

/** The stream for one behaviour, as server-sent events. */
export function anthropicReply(request: WireRequest, behaviour: Behaviour, input: InputCount): Reply {
  const text = answerText(behaviour, request);
  const output = countTokens(text);
  const usage = {
    input_tokens: input.plain,
    cache_creation_input_tokens: input.written,
    cache_read_input_tokens: input.read,
    output_tokens: 1,
  };
  const start = { type: 'message_start', message: emptyMessage(request.model, usage) };
  const stop = stopOf(behaviour);
  const events = [
    start,
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: null } },
    ...chunksOf(text).map((chunk) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: chunk },
    })),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: stop, stop_sequence: null, ...stopDetails(stop) },
      usage: { output_tokens: output },
    },
    { type: 'message_stop' },
  ];
  if (behaviour.kind === 'errorInStream') {
    const failure = { type: 'error', error: { type: behaviour.type, message: 'Loopback says no.' } };
    return { chunks: [frame(start), frame(failure)] };
  }
  return { chunks: events.map(frame) };
}

/** The whole message at once, for clients that do not stream. */
export function anthropicWhole(request: WireRequest, behaviour: Behaviour, input: InputCount): unknown {
  const text = answerText(behaviour, request);
  const usage = {
    input_tokens: input.plain,
    cache_creation_input_tokens: input.written,
    cache_read_input_tokens: input.read,
    output_tokens: countTokens(text),
  };
  const stop = stopOf(behaviour);
  const content = [{ type: 'text', text, citations: null }];
  return { ...emptyMessage(request.model, usage), content, stop_reason: stop, ...stopDetails(stop) };
}

function emptyMessage(model: string, usage: Readonly<Record<string, number>>): Record<string, unknown> {
  return {
    id: 'msg_loopback',
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    usage,
  };
}

function stopOf(behaviour: Behaviour): string {
  if (behaviour.kind === 'refuse') return 'refusal';
  return behaviour.kind === 'outOfTokens' ? 'max_tokens' : 'end_turn';
}

function stopDetails(stop: string): Record<string, unknown> {
  return stop === 'refusal' ? { stop_details: { type: 'refusal', category: 'cyber', explanation: null } } : {};
}

function frame(event: { readonly type: string }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** What the model says, by behaviour; the schema comes from the request. */
function answerText(behaviour: Behaviour, request: WireRequest): string {
  return textFor(behaviour, schemaOf(request.body), request.prompt);
}

/** Shared by both wires. */
export function textFor(behaviour: Behaviour, schema: Schema | undefined, prompt: string): string {
  switch (behaviour.kind) {
    case 'lie':
      return JSON.stringify(composeLie(schema));
    case 'brokenJson':
      return '{"line": "Broken on purpose", "paragraph": ';
    case 'outOfTokens':
      return JSON.stringify(composeAnswer(schema, prompt)).slice(0, 12);
    case 'refuse':
      return '';
    case 'wrapped':
      return `Here it is:\n\`\`\`json\n${JSON.stringify(composeAnswer(schema, prompt), null, 2)}\n\`\`\`\nI hope this helps.`;
    case 'answer':
      return behaviour.text ?? JSON.stringify(behaviour.document ?? composeAnswer(schema, prompt));
    default:
      return JSON.stringify(composeAnswer(schema, prompt));
  }
}

/** Pieces of about 16 characters, so that even short answers stream. */
export function chunksOf(text: string): readonly string[] {
  return text.match(/[\s\S]{1,16}/g) ?? [];
}
