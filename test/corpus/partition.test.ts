import { afterAll, describe, expect, it } from 'vitest';
import { legalCuts } from '../../server/src/partition/cuts.ts';
import { fixedStrategy } from '../../server/src/partition/fixed.ts';
import { structureStrategy } from '../../server/src/partition/structure.ts';
import { type FileScore, scoreFile, totalScore } from '../bench/legacy/metrics.ts';
import { hasPack, maskedFiles, type PackSet, packFolder, rawFiles } from '../bench/legacy/pack.ts';
import { openInput, syntax } from '../bench/legacy/partitions.ts';
import { everyLabel } from '../bench/legacy/peers.ts';

if (!hasPack()) console.log(`skipped: the legacy data pack is not at ${packFolder}`);

const sets: readonly (readonly PackSet[])[] = [['mumps'], ['zfam', 'zuid', 'zecs'], ['masm'], ['gas'], ['nasm']];
const { signal } = new AbortController();

describe.skipIf(!hasPack())('partitions of the legacy data pack', () => {
  afterAll(() => syntax.dispose());

  it.each(sets.map((names) => [names.join(', '), names] as const))(
    '%s: structure at natural size beats every label; under a limit it beats fixed',
    async (_, names) => {
      const labels: FileScore[] = [];
      const natural: FileScore[] = [];
      const limited: FileScore[] = [];
      const fixed: FileScore[] = [];
      for (const file of names.flatMap((set) => maskedFiles(set))) {
        await openInput(file, async (input) => {
          const score = (cuts: readonly { readonly line: number }[]) =>
            scoreFile(
              cuts.map(({ line }) => line),
              file.gold,
              file.lines.length,
            );
          labels.push(scoreFile(everyLabel(file), file.gold, file.lines.length));
          natural.push(score(await structureStrategy.choose(input, { maxTokens: undefined, signal })));
          limited.push(score(await structureStrategy.choose(input, { maxTokens: 512, signal })));
          fixed.push(score(await fixedStrategy.choose(input, { maxTokens: 512, signal })));
        });
      }
      expect(totalScore(natural).f1).toBeGreaterThan(totalScore(labels).f1);
      expect(totalScore(limited).f1).toBeGreaterThan(totalScore(fixed).f1);
    },
    120_000,
  );

  it('no cut parts dotted lines from their DO, ELSE from its IF, or rows of a text table, in any routine', async () => {
    let cuts = 0;
    for (const [path, text] of rawFiles('mumps')) {
      const document = await syntax.open('mumps', text);
      const lines = text.split('\n');
      for (const { line } of legalCuts(document)) {
        cuts += 1;
        expect(lines[line], `${path}:${line}`).not.toMatch(/^[ \t]+(?:\.|E(?:LSE)? {2})/i);
        if (/^[ \t]+;;/.test(lines[line] ?? '')) expect(lines[line - 1], `${path}:${line}`).not.toMatch(/^\S*[ \t]+;;/);
      }
      document.dispose();
    }
    expect(cuts).toBeGreaterThan(30_000);
  }, 120_000);

  it('no cut parts a continued HLASM statement', async () => {
    for (const set of ['zfam', 'zuid', 'zecs'] as const) {
      for (const [path, text] of rawFiles(set)) {
        const document = await syntax.open('hlasm', text);
        const lines = text.split('\n');
        for (const { line } of legalCuts(document)) {
          const before = lines[line - 1] ?? '';
          const isContinued = /^[^*]/.test(before) && /\S/.test(before[71] ?? ' ') && /^ {15}/.test(lines[line] ?? '');
          expect(isContinued, `${path}:${line}`).toBe(false);
        }
        document.dispose();
      }
    }
  }, 60_000);
});
