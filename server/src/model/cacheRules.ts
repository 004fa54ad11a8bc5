import { contentHash } from '../types/contentHash.ts';
import type { CacheRule, ProduceRequest, Producer } from '../types/produce.ts';
import type { ProducerIdentity } from '../types/summary.ts';
import { estimateTokens } from '../types/tokens.ts';
import type { Prefixes } from './prefixTurns.ts';
import type { Price } from './prices.ts';

/**
 * Shortest beginnings that Anthropic caches, as its prompt caching page had them (read 2026-11). Where sources disagree, or say nothing of a model, the
 * larger number: a beginning that is longer than it had to be costs a little, one that is too short costs its full price at every request.
 */
const leastOfModels: readonly (readonly [name: RegExp, tokens: number])[] = [
  [/haiku-4-5|opus-4-[568]/, 4096],
  [/haiku-3|sonnet-4-6|opus-4-7/, 2048],
];
const leastOfOthers = 1024;

export function cacheRuleOf({ provider, model }: ProducerIdentity): CacheRule {
  switch (provider) {
    case 'anthropic':
      return {
        kind: 'breakpoints',
        leastTokens: leastOfModels.find(([name]) => name.test(model))?.[1] ?? leastOfOthers,
      };
    case 'openai':
      return { kind: 'longestPrefix', leastTokens: leastOfOthers };
    default:
      return { kind: 'none' };
  }
}

/** Reading from the cache must cost at most this share of the plain price, or a longer common beginning would not pay. */
const mostOfPlain = 0.25;

/** What the summarizer needs to know; undefined where no price says that a common beginning can pay. */
export function promptCacheOf(
  identity: ProducerIdentity,
  price: Price | undefined,
  inTurn: boolean,
): Producer['promptCache'] {
  const rule = cacheRuleOf(identity);
  if (rule.kind === 'none' || price === undefined || price.cached > price.input * mostOfPlain) return undefined;
  return { leastTokens: rule.leastTokens, inTurn };
}

/** How a request begins for the provider's cache: up to the repository and up to the file, as far as that is long enough. Another answer format is another cache. */
export function prefixesOf({ prompt, schema }: ProduceRequest, rule: CacheRule): Prefixes {
  if (rule.kind === 'none') return [];
  let tokens = 0;
  let hash = JSON.stringify(schema);
  const prefixes: string[] = [];
  for (const role of ['system', 'repository', 'file'] as const) {
    const blocks = prompt.filter((block) => block.role === role);
    if (blocks.length === 0) continue;
    for (const { text } of blocks) tokens += estimateTokens(text);
    hash = contentHash([hash, ...blocks.map(({ text }) => text)].join('\0'));
    if (tokens >= rule.leastTokens) prefixes.push(hash);
  }
  return prefixes;
}
