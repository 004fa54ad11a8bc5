import { describe, expect, it } from 'vitest';
import { TokenTally } from '../../../server/src/summary/tokenTally.ts';

describe('the tally of tokens', () => {
  it('says what was sent, what a cache served, and what kept summaries saved', () => {
    const tally = new TokenTally();
    expect(tally.line()).toBeUndefined();
    tally.add({ path: 'a.ts', sent: 900, cached: 600, saved: 0 });
    tally.add({ path: 'a.ts', symbol: 'f', sent: 0, cached: 0, saved: 250 });
    expect(tally.line()).toBe(
      "900 tokens sent, 600 of them from the provider's cache; 250 saved by summaries that were kept",
    );
  });
});
