/**
 * `npm run bench:model -- surprisal [files]`: `surprisal` partitions with the n-gram scorer against the embedded model, on a seeded sample
 * of the tuning half of the legacy data pack (files of 40 to 250 lines, so that the model is done this side of tomorrow).
 */

import type { EmbeddedModel } from '../../../server/src/model/embedded/embeddedModel.ts';
import { embeddedScorer } from '../../../server/src/model/embedded/embeddedScorer.ts';
import { NgramScorer } from '../../../server/src/partition/ngramScorer.ts';
import type { PartitionInput } from '../../../server/src/partition/strategy.ts';
import { structureStrategy } from '../../../server/src/partition/structure.ts';
import { surprisalWorth, surprisingCuts } from '../../../server/src/partition/surprisal.ts';
import { type FileScore, pairedInterval, randomFrom, scoreFile, totalScore } from '../legacy/metrics.ts';
import { hasPack, type MaskedFile, maskedFiles, packFolder } from '../legacy/pack.ts';
import { openInput } from '../legacy/partitions.ts';

const groups = [
  { title: 'MUMPS', sets: ['mumps'] },
  { title: 'HLASM', sets: ['zfam'] },
  { title: 'MASM', sets: ['masm'] },
] as const;
const [fewestLines, mostLines] = [40, 250];
const signal = new AbortController().signal;
const rows = ['structure', 'n-gram', 'embedded'] as const;
/** Natural size, and limits at which surprise chooses among places that structure finds alike. */
const limits = [undefined, 512, 256] as const;

export async function compareScorers(model: EmbeddedModel, count: number): Promise<void> {
  if (!hasPack()) {
    console.log(`skipped: the legacy data pack is not at ${packFolder}`);
    return;
  }
  console.log(
    '\n| sample | tokens at most | scorer | F1 | Pk | WindowDiff | difference of F1 to n-gram [95 %] | s |\n|---|---|---|---|---|---|---|---|',
  );
  for (const { title, sets } of groups) {
    const all = sets.flatMap((set) => maskedFiles(set));
    const sample = sampleOf(all, count);
    const scores = new Map<string, FileScore[]>();
    const seconds = new Map<string, number>(rows.map((row) => [row, 0]));
    const ngrams = new NgramScorer();
    for (const file of all) ngrams.learn(file.lines.join('\n'));
    for (const file of sample) {
      ngrams.unlearn(file.lines.join('\n'));
      await openInput(file, async (input) => {
        for (const row of rows) {
          const start = performance.now();
          const scorer = row === 'n-gram' ? ngrams : embeddedScorer(model, file.language);
          const worth = row === 'structure' ? undefined : await surprisalWorth(input, scorer, signal);
          seconds.set(row, (seconds.get(row) ?? 0) + (performance.now() - start) / 1000);
          for (const limit of limits) {
            const score = scoreFile(await cutsOf(input, worth, limit), file.gold, file.lines.length);
            scores.set(keyOf(row, limit), [...(scores.get(keyOf(row, limit)) ?? []), score]);
          }
        }
      });
      ngrams.learn(file.lines.join('\n'));
    }
    for (const limit of limits) {
      const reference = scores.get(keyOf('n-gram', limit)) ?? [];
      for (const row of rows) {
        const own = scores.get(keyOf(row, limit)) ?? [];
        const { f1, pk, windowDiff } = totalScore(own);
        const [low, high] = pairedInterval(own, reference);
        const shown = [f1, pk, windowDiff].map((value) => value.toFixed(3)).join(' | ');
        console.log(
          `| ${title}, ${sample.length} files | ${limit ?? 'natural'} | ${row} | ${shown} | ${low.toFixed(3)} … ${high.toFixed(3)} | ${(seconds.get(row) ?? 0).toFixed(1)} |`,
        );
      }
    }
  }
}

function keyOf(row: string, limit: number | undefined): string {
  return `${row} ${limit}`;
}

/** @param worth of each possible cut, surprise counted; without it structure alone chooses */
async function cutsOf(
  input: PartitionInput,
  worth: readonly number[] | undefined,
  maxTokens: number | undefined,
): Promise<readonly number[]> {
  const cuts =
    worth === undefined
      ? await structureStrategy.choose(input, { maxTokens, signal })
      : surprisingCuts(input, worth, maxTokens);
  return cuts.map(({ line }) => line);
}

function sampleOf(files: readonly MaskedFile[], count: number): readonly MaskedFile[] {
  const next = randomFrom(5);
  return files
    .filter(({ split, lines }) => split === 'tune' && lines.length >= fewestLines && lines.length <= mostLines)
    .map((file) => ({ file, key: next() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ file }) => file);
}
