import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { modelDescription } from '../../../../server/src/model/embedded/description.ts';
import { shownShare, trustIn } from '../../../../server/src/model/embedded/trust.ts';
import { root } from './realModel.ts';

/** A verdict of the blind reading of test outputs (training/README.md, Results kept). */
interface Verdict {
  readonly reading: number;
  readonly producer: string;
  readonly lang: string;
  readonly verdict: 'right' | 'partly' | 'wrong';
  readonly fit: number;
  /** Natural log probability of the sentence, its end included. */
  readonly total: number;
  /** Its end included. */
  readonly tokens: number;
  readonly shown: number;
}

const description = JSON.parse(readFileSync(path.join(root, 'models/model.json'), 'utf8'));
const { calibration } = modelDescription.parse(description);
/** What the recipe wrote beside each threshold: of so many sentences read above it, so many were wrong. */
const found: readonly { readonly read: number; readonly wrong: number }[] = Object.values(description.calibration);
const readings = gunzipSync(readFileSync(path.join(root, 'training/results/reading.jsonl.gz')))
  .toString('utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Verdict)
  .filter(({ producer }) => producer === 'model');
const blindTest = readings.filter(({ reading }) => reading === 8);

function passes({ fit, total, tokens, shown, lang }: Verdict): boolean {
  const sentence = { fit, logProbability: total, outputTokens: tokens - 1 };
  return trustIn(sentence, shown) >= (calibration[lang]?.trust ?? 1);
}

function wrongIn(rows: readonly Verdict[]): number {
  return rows.filter(({ verdict }) => verdict === 'wrong').length / rows.length;
}

describe('the gate, on what was read blind', () => {
  it('lets through what the recipe says: four in a hundred wrong of what was read on valid', () => {
    const read = found.reduce((sum, each) => sum + each.read, 0);
    const wrong = found.reduce((sum, each) => sum + each.wrong, 0);
    const shown = readings.filter((row) => [7, 9].includes(row.reading) && passes(row));
    expect([shown.length, shown.filter(({ verdict }) => verdict === 'wrong').length]).toEqual([read, wrong]);
    expect(wrong / read).toBeLessThanOrEqual(0.04);
  });

  it('lets through few false sentences of repositories that it was not set by, and holds back many', () => {
    expect(blindTest).toHaveLength(388);
    expect(wrongIn(blindTest.filter(passes))).toBeLessThan(0.07);
    expect(wrongIn(blindTest.filter((verdict) => !passes(verdict)))).toBeGreaterThan(0.2);
  });
});

describe('which share of a sentence the code shows', () => {
  it.each([
    ['all its words, in any form', 'closeIdle(connections) { this.idle.closed() }', 'Closes idle connections.', 1],
    ['words in a name of capitals', 'parse(JSONText)', 'Parses JSON text.', 1],
    ['half of them', 'close_idle()', 'Closes idle TCP sockets of connections.', 0.5],
    ['short words and filler do not count', 'open()', 'Returns whether it is open.', 1],
    ['none', 'x = y', 'Closes idle connections.', 0],
    ['nothing to find', 'x = y', 'Is it so?', 0],
  ])('%s', (_, code, text, share) => {
    expect(shownShare(code, text)).toBe(share);
  });
});
