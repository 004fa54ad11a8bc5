import type { Schema } from './answers.ts';
import { chunksOf, textFor } from './anthropicWire.ts';
import type { Behaviour } from './behaviour.ts';
import { countTokens, type InputCount } from './promptCache.ts';
import type { Reply, WireRequest } from './reply.ts';

/** Ways to ask for JSON that a server knows. */
export type KnownFormats = readonly ('json_schema' | 'json_object')[];

/** Why the server answers 400; undefined when the body is acceptable. */
export function openaiComplaint(body: Readonly<Record<string, unknown>>, known: KnownFormats): string | undefined {
  const messages = body['messages'];
  if (!Array.isArray(messages) || messages.length === 0) return "'messages' must not be empty";
  const format = (body['response_format'] as { type?: string } | undefined)?.type;
  if (format !== undefined && format !== 'text' && !known.some((each) => each === format)) {
    return `response_format.type ${format} is not supported by this server`;
  }
  return undefined;
}

/** All message texts in order. */
export function openaiPrompt(body: Readonly<Record<string, unknown>>): string {
  const messages = Array.isArray(body['messages']) ? (body['messages'] as readonly { content?: unknown }[]) : [];
  return messages.map((message) => (typeof message.content === 'string' ? message.content : '')).join('\n\n');
}

/** An error as compatible servers word it. */
export function openaiError(status: number, message: string, code?: string): unknown {
  return {
    error: { message, type: status === 429 ? 'requests' : 'invalid_request_error', param: null, code: code ?? null },
  };
}

export function openaiReply(request: WireRequest, behaviour: Behaviour, input: InputCount): Reply {
  const text = answerText(behaviour, request);
  const chunk = (delta: unknown, finish: string | null): Record<string, unknown> => ({
    ...envelope(request.model, 'chat.completion.chunk'),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
  const events: unknown[] = [
    chunk({ role: 'assistant', content: '' }, null),
    ...chunksOf(text).map((content) => chunk({ content }, null)),
    ...(behaviour.kind === 'refuse' ? [chunk({ refusal: 'I cannot help with that.' }, null)] : []),
    chunk({}, finishOf(behaviour)),
  ];
  const options = request.body['stream_options'] as { include_usage?: boolean } | undefined;
  if (options?.include_usage === true) {
    events.push({ ...envelope(request.model, 'chat.completion.chunk'), choices: [], usage: usageOf(input, text) });
  }
  if (behaviour.kind === 'errorInStream')
    events.splice(1, events.length, openaiError(500, 'Loopback says no.', behaviour.type));
  return { chunks: [...events.map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n'] };
}

export function openaiWhole(request: WireRequest, behaviour: Behaviour, input: InputCount): unknown {
  const text = answerText(behaviour, request);
  const refusal = behaviour.kind === 'refuse' ? 'I cannot help with that.' : null;
  return {
    ...envelope(request.model, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: text, refusal },
        logprobs: null,
        finish_reason: finishOf(behaviour),
      },
    ],
    usage: usageOf(input, text),
  };
}

function envelope(model: string, object: string): Record<string, unknown> {
  return { id: 'chatcmpl-loopback', object, created: 1_700_000_000, model };
}

function usageOf(input: InputCount, text: string): unknown {
  const prompt = input.plain + input.read;
  const completion = countTokens(text);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: input.read },
  };
}

function finishOf(behaviour: Behaviour): string {
  return behaviour.kind === 'outOfTokens' ? 'length' : 'stop';
}

function answerText(behaviour: Behaviour, request: WireRequest): string {
  const format = request.body['response_format'] as { json_schema?: { schema?: Schema } } | undefined;
  return textFor(behaviour, format?.json_schema?.schema, request.prompt);
}
