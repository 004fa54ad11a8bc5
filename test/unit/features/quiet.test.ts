import { describe, expect, it } from 'vitest';
import { Quiet } from '../../../server/src/features/quiet.ts';

describe('quiet', () => {
  it('begins so long after what was noted last', () => {
    let now = 100;
    const quiet = new Quiet(5000, () => now);
    expect(quiet.isQuiet).toBe(false);
    now += 5000;
    expect(quiet.isQuiet).toBe(true);
    quiet.note();
    expect(quiet.isQuiet).toBe(false);
    now += 4999;
    expect(quiet.isQuiet).toBe(false);
    now += 1;
    expect(quiet.isQuiet).toBe(true);
  });
});
