import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { modelDescription } from '../../../../server/src/model/embedded/description.ts';
import { trustIn } from '../../../../server/src/model/embedded/trust.ts';
import { root } from './realModel.ts';

/** A verdict of the blind reading of test outputs (training/README.md, Results kept). */
interface Verdict {
  readonly reading: number;
  readonly producer: string;
  readonly lang: string;
  readonly name: string;
  readonly output: string;
  readonly verdict: 'right' | 'partly' | 'wrong';
  readonly fit: number;
  readonly lowest: number;
  /** `shown`: by the gate; the others were read to know what it holds back. */
  readonly band: 'shown' | 'before' | 'held';
}

const { calibration } = modelDescription.parse(JSON.parse(readFileSync(path.join(root, 'models/model.json'), 'utf8')));
const blindTest = gunzipSync(readFileSync(path.join(root, 'training/results/reading.jsonl.gz')))
  .toString('utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Verdict)
  .filter(({ reading, producer }) => reading === 5 && producer === 'model');

function passes({ output, fit, lowest, lang, name }: Verdict): boolean {
  const sentence = { text: output, confidence: 1, fit, lowest, inputTokens: 0, cachedTokens: 0, outputTokens: 0 };
  return trustIn(sentence, name) >= (calibration[lang]?.trust ?? 1);
}

describe('the gate, on what was read blind', () => {
  it('shows what the recipe says that it shows, and nothing else', () => {
    const unlike = blindTest.filter((verdict) => passes(verdict) !== (verdict.band === 'shown'));
    expect(blindTest).toHaveLength(216);
    expect(unlike).toEqual([]);
  });

  it('lets through few false sentences, and holds back many', () => {
    const wrongIn = (rows: readonly Verdict[]): number =>
      rows.filter(({ verdict }) => verdict === 'wrong').length / rows.length;
    expect(wrongIn(blindTest.filter(passes))).toBeLessThan(0.06);
    expect(wrongIn(blindTest.filter((verdict) => !passes(verdict)))).toBeGreaterThan(0.2);
  });
});
