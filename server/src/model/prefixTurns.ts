import { LRUCache } from 'lru-cache';

/** How a request begins, from the beginning that most requests share to the one that fewest do; empty where nothing is cached. */
export type Prefixes = readonly string[];

/** Anthropic keeps a prefix for five minutes from its last use; a little less, because our clocks differ. */
const lifeMs = 4.5 * 60_000;
const mostPrefixes = 5_000;

/**
 * Who may go first. A provider's cache can be read once the first answer with a new beginning has begun: requests that go out together with it pay
 * for writing the same beginning once each. So one goes first, and those that begin alike wait until its answer begins, or until it has failed
 * (BatchLLM, arXiv 2412.03594: group by prefix, warm with one, then fan out).
 */
export class PrefixTurns {
  /** When each beginning was used last, in milliseconds since the epoch. */
  readonly #warm = new LRUCache<string, number>({ max: mostPrefixes });
  /** Beginnings that a request is writing now. */
  readonly #leading = new Map<string, object>();

  /** Whether somebody writes one of the beginnings just now. */
  mustWait(prefixes: Prefixes): boolean {
    return prefixes.some((prefix) => this.#leading.has(prefix));
  }

  /** `who` is sent: it leads with the beginnings that nobody has written lately. */
  send(who: object, prefixes: Prefixes, now: number): void {
    for (const prefix of prefixes) {
      const used = this.#warm.get(prefix);
      if (used !== undefined && now - used <= lifeMs) this.#warm.set(prefix, now);
      else if (!this.#leading.has(prefix)) this.#leading.set(prefix, who);
    }
  }

  /** Its answer begins. @returns whether somebody may have waited for that */
  begin(who: object, prefixes: Prefixes, now: number): boolean {
    for (const prefix of prefixes) this.#warm.set(prefix, now);
    return this.end(who, prefixes);
  }

  /** It has ended, whether its answer began or not: a beginning that failed is the next one's to write. */
  end(who: object, prefixes: Prefixes): boolean {
    let led = false;
    for (const prefix of prefixes) {
      if (this.#leading.get(prefix) !== who) continue;
      this.#leading.delete(prefix);
      led = true;
    }
    return led;
  }
}
