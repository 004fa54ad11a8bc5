import type { LanguageId } from '../types/outline.ts';
import { boundaryFeatures, featureCount } from './boundaryFeatures.ts';
import learnedWeights from './learnedWeights.json' with { type: 'json' };
import type { ChosenCut, PartitionInput, PartitionStrategy } from './strategy.ts';
import { bestCuts, type CutInput, limitedPrice, structureStrategy } from './structure.ts';

/** Weights of one language, and from which probability on a cut is made at natural size. */
export interface BoundaryWeights {
  readonly weights: readonly number[];
  readonly threshold: number;
}

const known = learnedWeights as Partial<Record<string, BoundaryWeights>>;

/** Under a limit a certain boundary is worth as much as a new routine to structure: less than the price of one more partition. */
const certainWorth = 1.8;

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
    const probabilities = boundaryProbabilities(input, trained);
    const chosen = likelyCuts(input, probabilities, options.maxTokens, trained.threshold);
    const chances = new Map(input.cuts.map(({ line }, index) => [line, probabilities[index] ?? 0]));
    return Promise.resolve(
      chosen.map((cut) => ({ ...cut, reason: `${cut.reason} (${Math.round(100 * (chances.get(cut.line) ?? 0))} %)` })),
    );
  },
};

/** The cuts that are likely enough; under a limit the best ones that keep it. */
export function likelyCuts(
  input: CutInput,
  probabilities: readonly number[],
  maxTokens: number | undefined,
  threshold: number,
): readonly ChosenCut[] {
  if (maxTokens === undefined) return bestCuts(input, { worth: probabilities, maxTokens, price: threshold });
  const worth = probabilities.map((probability) => probability * certainWorth);
  return bestCuts(input, { worth, maxTokens, price: limitedPrice });
}

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
