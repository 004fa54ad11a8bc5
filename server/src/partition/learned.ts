import type { LanguageId } from '../types/outline.ts';
import { boundaryFeatures, featureCount } from './boundaryFeatures.ts';
import learnedWeights from './learnedWeights.json' with { type: 'json' };
import type { PartitionInput, PartitionStrategy } from './strategy.ts';
import { bestCuts, structureStrategy } from './structure.ts';

/** Weights of one language, and from which probability on a cut is made at natural size. */
export interface BoundaryWeights {
  readonly weights: readonly number[];
  readonly threshold: number;
}

const known = learnedWeights as Partial<Record<string, BoundaryWeights>>;

/** Dearer than any cut under a limit: as few partitions as possible. */
const limitedPrice = 3;

/**
 * Logistic regression on both sides of a cut, trained on the human banners of open legacy sources (see test/bench/legacy/trainLearned.ts).
 * A language without weights is cut by structure.
 */
export const learnedStrategy: PartitionStrategy = {
  name: 'learned',
  choose(input, options) {
    options.signal.throwIfAborted();
    const trained = weightsOf(input.document.language);
    if (trained === undefined) return structureStrategy.choose(input, options);
    const worth = boundaryProbabilities(input, trained);
    const price = options.maxTokens === undefined ? trained.threshold : limitedPrice;
    const chosen = bestCuts(input, { worth, maxTokens: options.maxTokens, price });
    const chances = new Map(input.cuts.map(({ line }, index) => [line, worth[index] ?? 0]));
    return Promise.resolve(
      chosen.map((cut) => ({ ...cut, reason: `${cut.reason} (${Math.round(100 * (chances.get(cut.line) ?? 0))} %)` })),
    );
  },
};

export function weightsOf(language: LanguageId): BoundaryWeights | undefined {
  const trained = known[language];
  return trained?.weights.length === featureCount ? trained : undefined;
}

/** How likely a human would open a section at each of `input.cuts`. */
export function boundaryProbabilities(input: PartitionInput, { weights }: BoundaryWeights): readonly number[] {
  return boundaryFeatures(input).map((row) => {
    let sum = 0;
    for (let feature = 0; feature < featureCount; feature += 1) sum += (row[feature] ?? 0) * (weights[feature] ?? 0);
    return 1 / (1 + Math.exp(-sum));
  });
}
