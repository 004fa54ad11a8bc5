/** What a provider allows in any minute. Absent: no limit. */
export interface RateLimits {
  readonly requestsPerMinute?: number;
  /** Input and expected output together. */
  readonly tokensPerMinute?: number;
}

const minute = 60_000;

interface Entry {
  readonly at: number;
  tokens: number;
}

/** Sliding window of one minute over requests and tokens. Holds at most one entry per request of the last minute. */
export class RateWindow {
  #limits: RateLimits;
  readonly #entries: Entry[] = [];

  constructor(limits: RateLimits) {
    this.#limits = limits;
  }

  /** Follows what a provider says of its own limits. */
  set limits(limits: RateLimits) {
    this.#limits = limits;
  }

  /**
   * Milliseconds until a request of so many tokens fits; 0 when it fits now. A request larger than the whole window waits for an empty
   * one, because else it would wait forever.
   */
  waitFor(tokens: number, now: number): number {
    this.#forget(now);
    return Math.max(this.#waitForRequest(now), this.#waitForTokens(tokens, now));
  }

  /** Counts a request that starts now; the returned function puts the tokens right once they are known. */
  record(tokens: number, now: number): (actual: number) => void {
    const entry = { at: now, tokens };
    this.#entries.push(entry);
    return (actual) => {
      entry.tokens = actual;
    };
  }

  #waitForRequest(now: number): number {
    const limit = this.#limits.requestsPerMinute;
    if (limit === undefined || this.#entries.length < limit) return 0;
    const leaving = this.#entries[this.#entries.length - Math.max(1, limit)];
    return leaving === undefined ? 0 : leaving.at + minute - now;
  }

  #waitForTokens(tokens: number, now: number): number {
    const limit = this.#limits.tokensPerMinute;
    if (limit === undefined) return 0;
    let held = this.#entries.reduce((sum, entry) => sum + entry.tokens, 0);
    let wait = 0;
    for (const entry of this.#entries) {
      if (held + tokens <= limit || held === 0) break;
      held -= entry.tokens;
      wait = entry.at + minute - now;
    }
    return wait;
  }

  #forget(now: number): void {
    let old = 0;
    while ((this.#entries[old]?.at ?? now) + minute <= now) old += 1;
    this.#entries.splice(0, old);
  }
}
