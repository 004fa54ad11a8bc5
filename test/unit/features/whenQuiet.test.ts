import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WhenQuiet } from '../../../server/src/features/whenQuiet.ts';

describe('work that waits for quiet', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('runs once, with what was asked last, after the pause', () => {
    const ran: number[] = [];
    const quiet = new WhenQuiet(1000);
    for (const keystroke of [1, 2, 3]) {
      quiet.run('total', () => ran.push(keystroke));
      vi.advanceTimersByTime(999);
    }
    expect(ran).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(ran).toEqual([3]);
    vi.advanceTimersByTime(5000);
    expect(ran).toEqual([3]);
  });

  it('keeps names apart', () => {
    const ran: string[] = [];
    const quiet = new WhenQuiet(1000);
    for (const name of ['total', 'cheapest']) quiet.run(name, () => ran.push(name));
    vi.advanceTimersByTime(1000);
    expect(ran).toEqual(['total', 'cheapest']);
  });
});
