import { lowerBound } from './squeeze.ts';

/** What one file adds to the score of a strategy. */
export interface FileScore {
  readonly hits: number;
  /** Hits within one line. */
  readonly near: number;
  readonly predicted: number;
  readonly gold: number;
  readonly lines: number;
  /** Probability that two lines half a mean section apart are wrongly held to be in one or two sections. */
  readonly pk: number;
  readonly windowDiff: number;
}

export interface Score {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly f1Near: number;
  readonly pk: number;
  readonly windowDiff: number;
  /** Mean lines of a partition. */
  readonly meanLines: number;
}

/** Scores predicted boundaries; line 0 and the end are free and never listed. Matching and WindowDiff as in the pack's check_pack.py. */
export function scoreFile(predicted: readonly number[], gold: readonly number[], lines: number): FileScore {
  return {
    hits: matches(predicted, gold, 0),
    near: matches(predicted, gold, 1),
    predicted: predicted.length,
    gold: gold.length,
    lines,
    pk: windowError(predicted, gold, lines, (a, b) => a > 0 !== b > 0),
    windowDiff: windowError(predicted, gold, lines, (a, b) => a !== b),
  };
}

/** Precision, recall and F1 over all boundaries; Pk and WindowDiff as means over the files that have a boundary. */
export function totalScore(files: readonly FileScore[]): Score {
  const sum = (pick: (file: FileScore) => number) => files.reduce((total, file) => total + pick(file), 0);
  const [hits, near, predicted, gold] = [
    sum((f) => f.hits),
    sum((f) => f.near),
    sum((f) => f.predicted),
    sum((f) => f.gold),
  ];
  const counted = files.filter((file) => file.gold > 0);
  const mean = (pick: (file: FileScore) => number) =>
    counted.reduce((total, file) => total + pick(file), 0) / Math.max(1, counted.length);
  return {
    precision: hits / Math.max(1, predicted),
    recall: hits / Math.max(1, gold),
    f1: (2 * hits) / Math.max(1, predicted + gold),
    f1Near: (2 * near) / Math.max(1, predicted + gold),
    pk: mean((file) => file.pk),
    windowDiff: mean((file) => file.windowDiff),
    meanLines: sum((file) => file.lines) / (predicted + files.length),
  };
}

/** The middle 95 % of a statistic over files drawn with replacement; the same every run. */
export function interval(
  files: readonly FileScore[],
  statistic: (files: readonly FileScore[]) => number,
  rounds = 1000,
  seed = 1,
): readonly [number, number] {
  const next = randomFrom(seed);
  const values = Array.from({ length: rounds }, () =>
    statistic(files.map(() => files[Math.floor(next() * files.length)] as FileScore)),
  ).sort((a, b) => a - b);
  return [values[Math.floor(rounds * 0.025)] ?? 0, values[Math.ceil(rounds * 0.975) - 1] ?? 0];
}

/** The middle 95 % of the difference of F1 of two strategies on the same files. */
export function pairedInterval(a: readonly FileScore[], b: readonly FileScore[], seed = 1): readonly [number, number] {
  const f1 = (files: readonly FileScore[], picks: readonly number[]) => {
    let hits = 0;
    let both = 0;
    for (const pick of picks) {
      hits += files[pick]?.hits ?? 0;
      both += (files[pick]?.predicted ?? 0) + (files[pick]?.gold ?? 0);
    }
    return (2 * hits) / Math.max(1, both);
  };
  const next = randomFrom(seed);
  const values = Array.from({ length: 1000 }, () => {
    const picks = a.map(() => Math.floor(next() * a.length));
    return f1(a, picks) - f1(b, picks);
  }).sort((x, y) => x - y);
  return [values[25] ?? 0, values[974] ?? 0];
}

function matches(predicted: readonly number[], gold: readonly number[], tolerance: number): number {
  const used = new Set<number>();
  for (const line of predicted) {
    let best: number | undefined;
    for (
      let at = lowerBound(gold, line - tolerance);
      at < gold.length && (gold[at] ?? 0) <= line + tolerance;
      at += 1
    ) {
      const candidate = gold[at] ?? 0;
      if (used.has(candidate)) continue;
      if (best === undefined || Math.abs(candidate - line) < Math.abs(best - line)) best = candidate;
    }
    if (best !== undefined) used.add(best);
  }
  return used.size;
}

function windowError(
  predicted: readonly number[],
  gold: readonly number[],
  lines: number,
  differ: (predicted: number, gold: number) => boolean,
): number {
  const width = Math.max(2, Math.round(lines / (2 * (gold.length + 1))));
  if (lines <= width) return 0;
  const within = (boundaries: readonly number[], from: number) =>
    lowerBound(boundaries, from + width + 1) - lowerBound(boundaries, from + 1);
  let errors = 0;
  for (let from = 0; from < lines - width; from += 1) {
    if (differ(within(predicted, from), within(gold, from))) errors += 1;
  }
  return errors / (lines - width);
}

/** Mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
