import type { ProviderTerms } from '../bulk/forecast.ts';
import { costOf } from '../model/prices.ts';
import type { ManagedProducer } from '../model/producers.ts';
import type { Settings } from '../settings.ts';
import { UsageError } from './arguments.ts';

/** Share of the live price at which hosted providers sell batches. */
const batchShare = 0.5;

/** What a forecast needs to know of the producer, whether it bills, and whether at a price that nobody knows. */
export function termsFor(
  producer: ManagedProducer,
  parallel: number,
): { readonly terms: ProviderTerms; readonly isUnpriced: boolean; readonly isMetered: boolean } {
  const { identity, local, terms } = producer;
  if (terms === undefined)
    return {
      terms: { identity, local, cache: { kind: 'none' }, parallel, costOf: () => 0 },
      isUnpriced: false,
      isMetered: false,
    };
  const { price, limits, cache, metered, countTokens } = terms;
  return {
    isUnpriced: price === undefined && metered,
    isMetered: metered,
    terms: {
      identity,
      local,
      cache,
      parallel: terms.parallel,
      ...limits,
      costOf: (tokens, requests) => (price === undefined ? null : costOver(price, tokens, requests)),
      ...(identity.provider === 'anthropic' ? { batchShare } : {}),
      ...(countTokens === undefined ? {} : { countTokens }),
      blockOfText: (path, text) => producer.blockOfText(path, text),
    },
  };
}

/** By the mean request: prices may rise with the size of one. */
function costOver(price: Parameters<typeof costOf>[0], tokens: Parameters<typeof costOf>[1], requests: number): number {
  const share = (count: number): number => count / requests;
  return (
    requests *
    costOf(price, {
      plain: share(tokens.plain),
      cacheRead: share(tokens.cacheRead),
      cacheWritten: share(tokens.cacheWritten),
      output: share(tokens.output),
    })
  );
}

/** `--max-cost`: US dollars. */
export function maxCostOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const dollars = Number(value);
  if (value.trim() === '' || !(dollars >= 0) || !Number.isFinite(dollars))
    throw new UsageError(`--max-cost wants US dollars such as 5.00, not '${value}'.`);
  return dollars;
}

/** `--price IN/OUT`, in US dollars per million tokens, as the setting `codegloss.prices` for the model of this run. */
export function pricesFrom(value: string | undefined, { model, prices }: Settings): Settings['prices'] {
  if (value === undefined) return prices;
  const match = /^(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/.exec(value);
  if (match === null) throw new UsageError(`--price wants INPUT/OUTPUT such as 0.25/1.25, not '${value}'.`);
  if (model === '') throw new UsageError('--price needs --model: a price belongs to a model.');
  return { ...prices, [model]: { input: Number(match[1]), output: Number(match[2]) } };
}
