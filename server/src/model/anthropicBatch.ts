import type Anthropic from '@anthropic-ai/sdk';
import { NotFoundError } from '@anthropic-ai/sdk';
import { ModelError } from '../types/errors.ts';
import type { Produced, ProduceRequest } from '../types/produce.ts';
import { noUsage } from '../types/summary.ts';
import { type BatchModel, type BatchResult, newest } from './batches.ts';

export interface AnthropicBatchPorts {
  readonly clientFor: (signal: AbortSignal) => Promise<Anthropic>;
  readonly bodyOf: (request: ProduceRequest) => Anthropic.MessageCreateParamsNonStreaming;
  /** The answer at the live price; throws `ModelError`. */
  readonly answerOf: (message: Anthropic.Message) => Produced;
  readonly failureOf: (error: unknown, signal: AbortSignal) => ModelError;
}

/** Message Batches cost half (platform.claude.com, batch processing). */
const priceShare = 0.5;
/** Batches of one page; more than one owner has under way at a time. */
const page = 100;

/** Anthropic's Message Batches. */
export function anthropicBatches({ clientFor, bodyOf, answerOf, failureOf }: AnthropicBatchPorts): BatchModel {
  async function exchange<T>(signal: AbortSignal, send: (client: Anthropic) => Promise<T>): Promise<T> {
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
        const body = { requests: requests.map(({ id, request }) => ({ custom_id: id, params: bodyOf(request) })) };
        return (await client.messages.batches.create(body, { signal })).id;
      }),
    async state(batch, signal) {
      const client = await clientFor(signal);
      try {
        const { processing_status } = await client.messages.batches.retrieve(batch, {}, { signal });
        return processing_status === 'ended' ? 'ended' : 'running';
      } catch (error) {
        if (error instanceof NotFoundError) return 'gone';
        throw failureOf(error, signal);
      }
    },
    async *results(batch, signal) {
      const lines = await exchange(signal, (client) => client.messages.batches.results(batch, {}, { signal }));
      try {
        for await (const { custom_id, result } of lines) yield { id: custom_id, result: resultOf(result, answerOf) };
      } catch (error) {
        throw failureOf(error, signal);
      }
    },
    recent: (signal) =>
      exchange(signal, async (client) => {
        const listed = client.messages.batches.list({ limit: page }, { signal });
        return newest(
          listed,
          ({ id, created_at, request_counts }) => ({
            id,
            createdAt: Date.parse(created_at),
            size: Object.values(request_counts).reduce((sum, count) => sum + count, 0),
          }),
          Date.now(),
        );
      }),
  };
}

function resultOf(
  result: Anthropic.Messages.MessageBatchResult,
  answerOf: AnthropicBatchPorts['answerOf'],
): BatchResult {
  switch (result.type) {
    case 'succeeded':
      return answered(() => answerOf(result.message));
    case 'errored': {
      const { type, message } = result.error.error;
      // Nothing of a failed item is billed.
      return type === 'invalid_request_error'
        ? {
            kind: 'failed',
            error: new ModelError('badAnswer', `The provider refused a request of a batch: ${message}`, {
              usage: noUsage,
            }),
          }
        : { kind: 'again', reason: type };
    }
    case 'expired':
    case 'canceled':
      return { kind: 'again', reason: `it ${result.type === 'expired' ? 'expired' : 'was cancelled'}` };
  }
}

/** An answer at the price of a batch, or why it is none. */
export function answered(read: () => Produced, share = priceShare): BatchResult {
  try {
    const produced = read();
    const { cost } = produced.usage;
    return {
      kind: 'answer',
      produced: { ...produced, usage: { ...produced.usage, cost: cost === null ? null : cost * share } },
    };
  } catch (error) {
    return { kind: 'failed', error: error as Error };
  }
}
