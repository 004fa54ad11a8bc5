import { randomFrom } from '../legacy/metrics.ts';
import { type Comparison, criteria, type Rating } from './questions.ts';

/** The same two sets of comments rated in both orders; undefined where the judge gave no usable answer. */
export interface SwappedPair {
  /** The set of interest first. */
  readonly forward: Comparison | undefined;
  /** The other set first. */
  readonly backward: Comparison | undefined;
}

/** Least agreement of a judge with itself: quadratic-weighted kappa over the two orders ("substantial" by Landis and Koch is above .6). */
export const leastKappa = 0.6;
/** Most that the place in the prompt may move the mean score, in points. */
export const mostPositionBias = 0.25;
/** Most answers that may be unusable. */
export const mostUnusable = 0.1;
/** Fewer files cannot show that human text is rated above wrong text. */
export const leastFiles = 5;

export interface Reliability {
  /** NaN where every rating is the same, so that nothing can be said. */
  readonly kappa: number;
  /** Mean score in the first place less that in the second. */
  readonly positionBias: number;
  readonly unusable: number;
  readonly pairs: number;
}

export function reliabilityOf(pairs: readonly SwappedPair[]): Reliability {
  const usable = pairs.filter(isUsable);
  const ratings = usable.flatMap(({ forward, backward }) =>
    criteria.flatMap((name) => [
      [forward.first[name], backward.second[name]] as const,
      [forward.second[name], backward.first[name]] as const,
    ]),
  );
  const sides = usable.flatMap(({ forward, backward }) => [forward, backward]);
  const bias = mean(sides.flatMap(({ first, second }) => criteria.map((name) => first[name] - second[name])));
  return {
    kappa: weightedKappa(ratings),
    positionBias: bias,
    unusable: pairs.length - usable.length,
    pairs: pairs.length,
  };
}

/** Why the ratings cannot be used; undefined when the judge agrees with itself. */
export function selfDisagreement({ kappa, positionBias, unusable, pairs }: Reliability): string | undefined {
  if (unusable > pairs * mostUnusable) return `${unusable} of ${pairs} comparisons got no usable answer`;
  if (Number.isNaN(kappa)) return 'the judge gave one score to everything';
  if (kappa < leastKappa)
    return `the judge does not agree with itself when the order is swapped (weighted kappa ${kappa.toFixed(2)}, at least ${leastKappa} needed)`;
  if (Math.abs(positionBias) > mostPositionBias)
    return `the place in the prompt moves the judge's score by ${positionBias.toFixed(2)} points (at most ${mostPositionBias})`;
  return undefined;
}

/**
 * Why the judge cannot tell human descriptions (first in `forward`) from another file's; undefined when it can: the lower end of the 95 %
 * bootstrap interval of the difference, over files, is above 0. Readability is left out, because wrong text may read well.
 */
export function humanBlindness(pairs: readonly SwappedPair[], seed: number): string | undefined {
  const usable = pairs.filter(isUsable);
  if (usable.length < leastFiles)
    return `${usable.length} files are too few to hold the judge against human descriptions (at least ${leastFiles})`;
  const differences = usable.map(
    ({ forward, backward }) =>
      (substance(forward.first) + substance(backward.second) - substance(forward.second) - substance(backward.first)) /
      2,
  );
  const low = lowerBoundOfMean(differences, seed);
  return low > 0
    ? undefined
    : `the judge does not rate human descriptions above another file's (difference ${mean(differences).toFixed(2)}, lower bound ${low.toFixed(2)})`;
}

function substance({ completeness, factuality, usefulness }: Rating): number {
  return (completeness + factuality + usefulness) / 3;
}

/** Mean rating of the set of interest over both orders; undefined where either failed. */
export function meanRating(pair: SwappedPair): Rating | undefined {
  if (!isUsable(pair)) return undefined;
  const { forward, backward } = pair;
  const both = (name: keyof Rating): number => (forward.first[name] + backward.second[name]) / 2;
  return {
    completeness: both('completeness'),
    factuality: both('factuality'),
    readability: both('readability'),
    usefulness: both('usefulness'),
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function isUsable(pair: SwappedPair): pair is { readonly forward: Comparison; readonly backward: Comparison } {
  return pair.forward !== undefined && pair.backward !== undefined;
}

/** Cohen's kappa with quadratic weights. */
export function weightedKappa(ratings: readonly (readonly [number, number])[]): number {
  const observed = mean(ratings.map(([a, b]) => (a - b) ** 2));
  const expected = mean(ratings.flatMap(([a]) => ratings.map(([, b]) => (a - b) ** 2)));
  return expected === 0 || ratings.length === 0 ? Number.NaN : 1 - observed / expected;
}

function lowerBoundOfMean(values: readonly number[], seed: number): number {
  const next = randomFrom(seed);
  const means = Array.from({ length: 1000 }, () =>
    mean(values.map(() => values[Math.floor(next() * values.length)] ?? 0)),
  ).sort((a, b) => a - b);
  return means[25] ?? Number.NaN;
}
