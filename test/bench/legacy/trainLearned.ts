import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { boundaryFeatures, featureCount } from '../../../server/src/partition/boundaryFeatures.ts';
import type { LanguageId } from '../../../server/src/types/outline.ts';
import { randomFrom } from './metrics.ts';
import { hasPack, type MaskedFile, maskedFiles, type PackSet } from './pack.ts';
import { openInput, syntax } from './partitions.ts';

/**
 * Trains the weights of the strategy `learned` on the tuning half of the open data and writes them into the sources:
 * `node test/bench/legacy/trainLearned.ts`. NASM, zUID and zECS are left out whole, so that they measure what carries over.
 */
const trainingSets: Partial<Record<LanguageId, readonly PackSet[]>> = {
  mumps: ['mumps'],
  hlasm: ['zfam'],
  asm: ['masm', 'gas'],
};
/** One cut between plain statements in so many is learnt from; it then counts for all of them. */
const plainSample = 8;
const rounds = 400;
const decay = 2e-4;

interface Example {
  readonly row: Float32Array;
  readonly isBoundary: boolean;
  readonly weight: number;
}

async function examplesOf(files: readonly MaskedFile[]): Promise<readonly Example[]> {
  const next = randomFrom(7);
  const examples: Example[] = [];
  for (const file of files) {
    const gold = new Set(file.gold);
    await openInput(file, (input) => {
      boundaryFeatures(input).forEach((row, index) => {
        const cut = input.cuts[index];
        if (cut === undefined) return;
        const isBoundary = gold.has(cut.line);
        const isPlain = cut.strength === 0 && !isBoundary;
        if (isPlain && next() * plainSample >= 1) return;
        examples.push({ row, isBoundary, weight: isPlain ? plainSample : 1 });
      });
    });
  }
  return examples;
}

/** Batch gradient descent with Adam on the log loss with weight decay. */
function train(examples: readonly Example[]): readonly number[] {
  const weights = new Float64Array(featureCount);
  const mean = new Float64Array(featureCount);
  const square = new Float64Array(featureCount);
  const total = examples.reduce((sum, { weight }) => sum + weight, 0);
  for (let round = 1; round <= rounds; round += 1) {
    const gradient = new Float64Array(featureCount);
    for (const { row, isBoundary, weight } of examples) {
      const error = (weight * (probability(row, weights) - (isBoundary ? 1 : 0))) / total;
      for (let feature = 0; feature < featureCount; feature += 1) {
        const value = row[feature] ?? 0;
        if (value !== 0) gradient[feature] = (gradient[feature] ?? 0) + error * value;
      }
    }
    for (let feature = 0; feature < featureCount; feature += 1) {
      const slope = (gradient[feature] ?? 0) + decay * (weights[feature] ?? 0);
      mean[feature] = 0.9 * (mean[feature] ?? 0) + 0.1 * slope;
      square[feature] = 0.999 * (square[feature] ?? 0) + 0.001 * slope * slope;
      const step =
        (mean[feature] ?? 0) / (1 - 0.9 ** round) / (Math.sqrt((square[feature] ?? 0) / (1 - 0.999 ** round)) + 1e-8);
      weights[feature] = (weights[feature] ?? 0) - 0.05 * step;
    }
  }
  return [...weights].map((weight) => Math.round(weight * 1000) / 1000);
}

function probability(row: Float32Array, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let feature = 0; feature < featureCount; feature += 1) sum += (row[feature] ?? 0) * (weights[feature] ?? 0);
  return 1 / (1 + Math.exp(-sum));
}

/** The probability with the best F1 on the training examples. */
function bestThreshold(examples: readonly Example[], weights: readonly number[], gold: number): number {
  const scored = examples.map((each) => ({ ...each, p: probability(each.row, weights) })).sort((a, b) => b.p - a.p);
  let best = 0;
  let threshold = 0.5;
  let hits = 0;
  let predicted = 0;
  for (const { p, isBoundary, weight } of scored) {
    predicted += weight;
    if (isBoundary) hits += 1;
    const f1 = (2 * hits) / (predicted + gold);
    if (f1 > best) [best, threshold] = [f1, p];
  }
  console.log(`  F1 on the training examples: ${best.toFixed(3)} at ${threshold.toFixed(2)}`);
  return Math.round(threshold * 100) / 100;
}

if (!hasPack()) {
  console.log('skipped: the data pack is not beside the repository');
} else {
  const trained: Record<string, unknown> = {};
  for (const [language, sets] of Object.entries(trainingSets)) {
    const files = sets
      .flatMap((set) => maskedFiles(set))
      .filter(({ split, path }) => split === 'tune' && !/ZUIDSTCK/.test(path));
    const examples = await examplesOf(files);
    console.log(`${language}: ${files.length} files, ${examples.length} examples`);
    const weights = train(examples);
    const gold = files.reduce((sum, file) => sum + file.gold.length, 0);
    trained[language] = { threshold: bestThreshold(examples, weights, gold), weights };
  }
  syntax.dispose();
  const target = fileURLToPath(new URL('../../../server/src/partition/learnedWeights.json', import.meta.url));
  const text = Object.entries(trained)
    .map(([language, value]) => `  "${language}": ${JSON.stringify(value)}`)
    .join(',\n');
  writeFileSync(target, `{\n${text}\n}\n`);
}
