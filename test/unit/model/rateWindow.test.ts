import { describe, expect, it } from 'vitest';
import { RateWindow } from '../../../server/src/model/rateWindow.ts';

describe('the window of a minute', () => {
  it('lets a request larger than the window go when what is in it has turned out to cost nothing', () => {
    const window = new RateWindow({ tokensPerMinute: 10 });
    const correct = window.record(5, 0);
    expect(window.waitFor(1000, 1)).toBe(59_999);
    correct(0);
    expect(window.waitFor(1000, 1)).toBe(0);
  });

  it('names the moment when enough has left it', () => {
    const window = new RateWindow({ tokensPerMinute: 10 });
    window.record(4, 0);
    window.record(4, 10_000);
    expect(window.waitFor(2, 20_000)).toBe(0);
    expect(window.waitFor(6, 20_000)).toBe(40_000);
    expect(window.waitFor(7, 20_000)).toBe(50_000);
    expect(window.waitFor(7, 70_000)).toBe(0);
  });

  it('knows no limit where none is set', () => {
    const window = new RateWindow({});
    for (let n = 0; n < 100; n += 1) window.record(1_000_000, 0);
    expect(window.waitFor(1_000_000, 0)).toBe(0);
  });
});
