import type { ProviderTerms } from './bulk/forecast.ts';
import { costOf } from './model/prices.ts';
import type { ManagedProducer } from './model/producers.ts';

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
      promptCache: producer.promptCache,
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
