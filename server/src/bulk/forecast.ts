import type { SummaryStore } from '../store/store.ts';
import type { Summarizer } from '../summary/summarizer.ts';
import type { CacheRule, ProduceRequest, Producer, SummaryStyle } from '../types/produce.ts';
import type { ProducerIdentity } from '../types/summary.ts';
import { estimateTokens } from '../types/tokens.ts';
import { executeRun } from './execute.ts';
import type { RunPlan, Settled } from './plan.ts';
import { overlay, type Rehearsed, rehearsingProducer } from './rehearsal.ts';
import type { Sources } from './sources.ts';

/** Tokens of a run by how they are billed. */
export interface ForecastTokens {
  readonly plain: number;
  readonly cacheRead: number;
  readonly cacheWritten: number;
  readonly output: number;
}

/** What a run is expected to take. */
export interface Forecast {
  readonly requests: number;
  /** `input` is all input, what comes from the provider's cache included. */
  readonly tokens: { readonly input: number; readonly cached: number; readonly output: number };
  /** US dollars; null where no price is known. */
  readonly cost: number | null;
  /** US dollars if sent as batches; null where there are none or no price is known. */
  readonly batchCost: number | null;
  /** Milliseconds under the known rate limits. */
  readonly ms: number;
}

/** What is known of the provider that a run would ask. */
export interface ProviderTerms {
  readonly identity: ProducerIdentity;
  readonly local: boolean;
  readonly cache: CacheRule;
  /** See `Producer.promptCache`. */
  readonly promptCache?: Producer['promptCache'];
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  /** Requests that are under way at the same time. */
  readonly parallel: number;
  /** US dollars of so many tokens over so many requests; null where no price is known. */
  readonly costOf: (tokens: ForecastTokens, requests: number) => number | null;
  /** Share of the live price that a batch costs; absent where there are no batches. */
  readonly batchShare?: number;
  /** Exact input tokens of a request, where the provider counts. Sends the prompt, so it stands behind the gate. */
  readonly countTokens?: (request: ProduceRequest, signal: AbortSignal) => Promise<number>;
  /** What of the context may not be sent: see `Producer.blockOfText`. */
  readonly blockOfText?: Producer['blockOfText'];
}

export interface ForecastPorts {
  readonly sources: Sources;
  readonly store: SummaryStore;
  /** The run's own summarizer over another store and producer. */
  readonly rehearse: (store: SummaryStore, producer: Producer) => Pick<Summarizer, 'peek' | 'summarize'>;
  readonly settled: Settled;
  readonly style: SummaryStyle;
  readonly terms: ProviderTerms;
  readonly clock: () => number;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Seconds that one answer of a summary's length takes, for the time of a run that no rate limit slows down. */
const secondsPerAnswer = 3;

/**
 * Rehearses the plan with a producer that asks nobody: the same prompts in the same order, counted instead of sent. Characters of prompts become
 * tokens by a ratio that a few exact counts give, where the provider counts.
 */
export async function forecastRun(plan: RunPlan, ports: ForecastPorts): Promise<Forecast> {
  const { terms } = ports;
  const rehearsal = rehearsingProducer(terms.identity, { ...terms, style: ports.style });
  await executeRun(plan, {
    sources: ports.sources,
    settled: ports.settled,
    summarizer: ports.rehearse(overlay(ports.store), rehearsal.producer),
    concurrency: 1,
    clock: ports.clock,
    signal: ports.signal,
    ...(ports.onProgress === undefined ? {} : { onProgress: ports.onProgress }),
  });
  const rehearsed = rehearsal.rehearsed();
  return inTerms(rehearsed, await calibration(rehearsed.samples, terms, ports.signal), terms);
}

/** Exact tokens per estimated token, over a few requests; 1 where nobody counts. */
async function calibration(
  samples: readonly ProduceRequest[],
  { countTokens }: ProviderTerms,
  signal: AbortSignal,
): Promise<number> {
  if (countTokens === undefined) return 1;
  let exact = 0;
  let estimated = 0;
  for (const request of samples) {
    try {
      exact += await countTokens(request, signal);
      estimated += request.prompt.reduce((sum, block) => sum + estimateTokens(block.text), 0);
    } catch {
      signal.throwIfAborted();
      // A forecast from characters is still one; what is wrong with the provider the run itself will say.
    }
  }
  return estimated === 0 ? 1 : exact / estimated;
}

function inTerms(rehearsed: Rehearsed, ratio: number, terms: ProviderTerms): Forecast {
  const { requests } = rehearsed;
  if (terms.local && terms.identity.provider !== 'openai' && terms.identity.provider !== 'anthropic')
    return { requests, tokens: { input: 0, cached: 0, output: 0 }, cost: 0, batchCost: null, ms: 0 };
  const scaled = (tokens: number): number => Math.round(tokens * ratio);
  const tokens = {
    input: scaled(rehearsed.input),
    cached: scaled(rehearsed.cached),
    output: rehearsed.output,
  };
  const cacheWritten = scaled(rehearsed.written);
  const billed = {
    plain: tokens.input - tokens.cached - cacheWritten,
    cacheRead: tokens.cached,
    cacheWritten,
    output: tokens.output,
  };
  const cost = requests === 0 ? 0 : terms.costOf(billed, requests);
  const batchCost = cost === null || terms.batchShare === undefined ? null : cost * terms.batchShare;
  return {
    requests,
    tokens,
    cost,
    batchCost,
    ms: timeOf(requests, tokens.input - tokens.cached + tokens.output, terms),
  };
}

/** The slowest of three: requests a minute, tokens a minute, and answers one after the other. */
function timeOf(requests: number, tokens: number, terms: ProviderTerms): number {
  const minutes = Math.max(
    terms.requestsPerMinute === undefined ? 0 : requests / terms.requestsPerMinute,
    terms.tokensPerMinute === undefined ? 0 : tokens / terms.tokensPerMinute,
    (requests * secondsPerAnswer) / 60 / Math.max(1, terms.parallel),
  );
  return Math.round(minutes * 60_000);
}
