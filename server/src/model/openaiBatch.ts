import type OpenAI from 'openai';
import { NotFoundError, toFile } from 'openai';
import { z } from 'zod';
import { ModelError } from '../types/errors.ts';
import type { Produced, ProduceRequest } from '../types/produce.ts';
import { noUsage } from '../types/summary.ts';
import { answered } from './anthropicBatch.ts';
import { type BatchModel, type BatchResult, newest } from './batches.ts';

export interface OpenAiBatchPorts {
  readonly clientFor: (signal: AbortSignal) => Promise<OpenAI>;
  readonly bodyOf: (request: ProduceRequest, signal: AbortSignal) => Promise<object>;
  /** The answer to a whole completion at the live price; throws `ModelError`. */
  readonly answerOf: (completion: OpenAI.ChatCompletion) => Produced;
  readonly failureOf: (error: unknown, signal: AbortSignal) => ModelError;
}

const priceShare = 0.5;
const endpoint = '/v1/chat/completions';
const page = 100;
const over = new Set(['completed', 'failed', 'expired', 'cancelled']);

/** One line of a batch's output. */
const lineSchema = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.number(), body: z.unknown() }).nullish(),
  error: z.object({ message: z.string().nullish() }).nullish(),
});

/** Batches as OpenAI and servers like it have them: a file of requests goes up, a file of answers comes down. */
export function openaiBatches({ clientFor, bodyOf, answerOf, failureOf }: OpenAiBatchPorts): BatchModel {
  async function exchange<T>(signal: AbortSignal, send: (client: OpenAI) => Promise<T>): Promise<T> {
    const client = await clientFor(signal);
    try {
      return await send(client);
    } catch (error) {
      throw failureOf(error, signal);
    }
  }
  return {
    priceShare,
    submit: (requests, signal) =>
      exchange(signal, async (client) => {
        const lines: string[] = [];
        for (const { id, request } of requests) {
          const body = await bodyOf(request, signal);
          lines.push(JSON.stringify({ custom_id: id, method: 'POST', url: endpoint, body }));
        }
        const file = await client.files.create(
          { purpose: 'batch', file: await toFile(Buffer.from(`${lines.join('\n')}\n`), 'batch.jsonl') },
          { signal },
        );
        const batch = { input_file_id: file.id, endpoint, completion_window: '24h' } as const;
        return (await client.batches.create(batch, { signal })).id;
      }),
    async state(batch, signal) {
      const client = await clientFor(signal);
      try {
        const { status } = await client.batches.retrieve(batch, { signal });
        return over.has(status) ? 'ended' : 'running';
      } catch (error) {
        if (error instanceof NotFoundError) return 'gone';
        throw failureOf(error, signal);
      }
    },
    async *results(batch, signal) {
      const files = await exchange(signal, async (client) => {
        const { output_file_id, error_file_id } = await client.batches.retrieve(batch, { signal });
        return [output_file_id, error_file_id].flatMap((id) =>
          id === undefined || id === null || id === '' ? [] : [id],
        );
      });
      for (const file of files) {
        const text = await exchange(signal, async (client) => (await client.files.content(file, { signal })).text());
        for (const line of text.split('\n')) {
          const read = lineOf(line, answerOf);
          if (read !== undefined) yield read;
        }
      }
    },
    recent: (signal) =>
      exchange(signal, async (client) => {
        const listed = client.batches.list({ limit: page }, { signal });
        return newest(
          listed,
          ({ id, created_at, request_counts }) => ({
            id,
            createdAt: created_at * 1000,
            size: request_counts?.total ?? 0,
          }),
          Date.now(),
        );
      }),
  };
}

/** Undefined for a line that is none of ours; the request it stood for counts as not answered. */
function lineOf(
  line: string,
  answerOf: OpenAiBatchPorts['answerOf'],
): { readonly id: string; readonly result: BatchResult } | undefined {
  if (line.trim() === '') return undefined;
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  const parsed = lineSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const { custom_id: id, response, error } = parsed.data;
  const status = response?.status_code ?? 0;
  // The body is what the live API answers; whoever reads it looks at each field.
  if (status === 200)
    return { id, result: answered(() => answerOf(response?.body as OpenAI.ChatCompletion), priceShare) };
  if (status >= 400 && status < 500 && status !== 429) {
    const message = `The server refused a request of a batch (${status}).`;
    return { id, result: { kind: 'failed', error: new ModelError('badAnswer', message, { usage: noUsage }) } };
  }
  return { id, result: { kind: 'again', reason: error?.message ?? `status ${status}` } };
}
