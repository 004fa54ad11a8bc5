import { ModelError } from '../types/errors.ts';
import type { Produced, ProduceRequest, Producer } from '../types/produce.ts';
import { noUsage, type Usage } from '../types/summary.ts';

/** Counts what a producer is asked and what its answers were billed. */
export interface Tally {
  readonly requests: number;
  readonly usage: Usage;
}

/** The producer, and what has been asked of it so far; failed requests count with what they are known to have cost. */
export function tallied(producer: Producer): { readonly producer: Producer; tally(): Tally } {
  let requests = 0;
  let usage = noUsage;
  const add = (more: Usage): void => {
    usage = {
      input: usage.input + more.input,
      cached: usage.cached + more.cached,
      output: usage.output + more.output,
      cost: usage.cost === null || more.cost === null ? null : usage.cost + more.cost,
    };
  };
  const blockOfText = producer.blockOfText?.bind(producer);
  return {
    producer: {
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
        requests++;
        try {
          const produced = await producer.produce(request, signal);
          add(produced.usage);
          return produced;
        } catch (error) {
          if (ModelError.is(error) && error.usage !== undefined) add(error.usage);
          throw error;
        }
      },
    },
    tally: () => ({ requests, usage }),
  };
}
