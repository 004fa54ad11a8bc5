import { ModelError } from '../types/errors.ts';
import type { Produced, ProduceRequest, Producer } from '../types/produce.ts';
import { noUsage, type Usage } from '../types/summary.ts';
import { estimateTokens } from '../types/tokens.ts';
import { type Price, worstCost } from './prices.ts';

/** Limits that many processes share; each question is one round trip. */
export interface SharedLimits {
  /** Waits until the request may go out, and holds its worst case (US dollars, null where no price is known). Throws `ModelError`. */
  admit(request: { readonly worst: number | null; readonly tokens: number }, signal: AbortSignal): Promise<void>;
  /** Replaces what was held by what was billed; undefined where the bill is unknown. */
  settle(worst: number | null, usage: Usage | undefined): Promise<void>;
}

/** Thinking and the like, which a provider bills beside the answer. */
const besides = 1024;

/** The producer behind limits that it shares with other processes; its own scheduler still stands behind them. */
export function limited(producer: Producer, price: Price | undefined, limits: SharedLimits): Producer {
  const blockOfText = producer.blockOfText?.bind(producer);
  return {
    ...(blockOfText === undefined ? {} : { blockOfText }),
    get identity() {
      return producer.identity;
    },
    get local() {
      return producer.local;
    },
    get promptCache() {
      return producer.promptCache;
    },
    async produce(request: ProduceRequest, signal: AbortSignal): Promise<Produced> {
      const texts = [...request.prompt.map((block) => block.text), JSON.stringify(request.schema)];
      const worst = price === undefined ? null : worstCost(price, texts, request.maxOutputTokens + besides);
      const tokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0) + request.maxOutputTokens;
      await limits.admit({ worst, tokens }, signal);
      let usage: Usage | undefined;
      try {
        const produced = await producer.produce(request, signal);
        usage = produced.usage;
        return produced;
      } catch (error) {
        usage = ModelError.is(error) ? (error.usage ?? (error.kind === 'blocked' ? noUsage : undefined)) : undefined;
        throw error;
      } finally {
        await limits.settle(worst, usage);
      }
    },
  };
}
