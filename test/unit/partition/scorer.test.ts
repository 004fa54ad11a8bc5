import { describe, expect, it } from 'vitest';
import { NgramScorer } from '../../../server/src/partition/ngramScorer.ts';
import { lineSurprise } from '../../../server/src/partition/tokenScorer.ts';

const { signal } = new AbortController();
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

async function surpriseOf(scorer: NgramScorer, target: string, context = ''): Promise<number> {
  const { nll } = await scorer.nll(context, target, signal);
  return sum(nll) / nll.length;
}

describe('NgramScorer', () => {
  it('is less surprised by what it has learnt, and by what stands in the context', async () => {
    const scorer = new NgramScorer();
    const before = await surpriseOf(scorer, 'readInputFile(path)');
    scorer.learn('readInputFile(name)\n'.repeat(5));
    const learnt = await surpriseOf(scorer, 'readInputFile(path)');
    expect(learnt).toBeLessThan(before);
    expect(await surpriseOf(scorer, 'readInputFile(path)', 'closeFile(path)\n')).toBeLessThan(learnt);
  });

  it('knows the parts of a name', async () => {
    const scorer = new NgramScorer();
    scorer.learn('read_input_file write_output_file\n'.repeat(5));
    expect(await surpriseOf(scorer, 'readOutputFile')).toBeLessThan(await surpriseOf(scorer, 'zapQuirkyBlob'));
  });

  it('unlearns exactly: a file is scored without itself', async () => {
    const scorer = new NgramScorer();
    scorer.learn('alpha beta gamma\n');
    const before = await surpriseOf(scorer, 'delta epsilon zeta\n');
    scorer.learn('delta epsilon zeta\n');
    expect(await surpriseOf(scorer, 'delta epsilon zeta\n')).toBeLessThan(before);
    scorer.unlearn('delta epsilon zeta\n');
    expect(await surpriseOf(scorer, 'delta epsilon zeta\n')).toBe(before);
  });

  it('gives every line its mean, over windows too, and rises where the text changes', async () => {
    const scorer = new NgramScorer();
    const lines = [...Array.from({ length: 3000 }, () => ' S X=X+1'), 'ZZTOP(QQ) W "never seen"', ' S X=X+1'];
    const surprise = await lineSurprise(scorer, lines, signal);
    expect(surprise).toHaveLength(lines.length);
    expect(surprise.every((value) => Number.isFinite(value) && value > 0)).toBe(true);
    expect(surprise[3000]).toBeGreaterThan(3 * (surprise[2999] ?? 0));
  });
});
