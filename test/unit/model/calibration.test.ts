import { describe, expect, it } from 'vitest';
import { TokenCalibration } from '../../../server/src/model/calibration.ts';
import { estimateTokens } from '../../../server/src/types/tokens.ts';
import { never } from './failures.ts';
import { requestFor } from './requests.ts';

const request = requestFor({ prompt: [{ role: 'subject', text: 'x'.repeat(320) }] });
const plain = estimateTokens('x'.repeat(320));

describe('the estimate of tokens', () => {
  it('is by characters until the provider said what it counts, and follows it then', () => {
    const calibration = new TokenCalibration(undefined);
    expect(calibration.estimate(request)).toBe(plain);
    calibration.learn(request, plain * 1.5);
    expect(calibration.estimate(request)).toBe(plain * 1.5);
    for (let answer = 0; answer < 40; answer += 1) calibration.learn(request, plain * 1.2);
    expect(calibration.estimate(request)).toBeCloseTo(plain * 1.2, -1);
  });

  it('believes no provider that is off by more than four times', () => {
    const calibration = new TokenCalibration(undefined);
    calibration.learn(request, 0);
    expect(calibration.estimate(request)).toBe(plain);
    calibration.learn(request, plain * 1000);
    expect(calibration.estimate(request)).toBe(plain * 4);
  });

  it('has one request counted exactly, and no second one, whatever comes of it', async () => {
    let asked = 0;
    const failing = new TokenCalibration(async () => {
      asked += 1;
      throw new Error('no such endpoint');
    });
    for (let round = 0; round < 3; round += 1) failing.begin(request, never);
    await new Promise((resolve) => setImmediate(resolve));
    expect([asked, failing.estimate(request)]).toEqual([1, plain]);
    const counting = new TokenCalibration(async () => plain * 2);
    counting.begin(request, never);
    await new Promise((resolve) => setImmediate(resolve));
    expect(counting.estimate(request)).toBe(plain * 2);
  });
});
