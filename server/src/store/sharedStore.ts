import { LRUCache } from 'lru-cache';
import type { StoredSummary, SummaryKey } from '../types/summary.ts';
import type { Outbox } from './outbox.ts';
import { mostRows, type SharedSummaries, sealedRow } from './postgres/sharedSummaries.ts';
import type { SummaryStore } from './store.ts';

/** What stands behind a local store. */
export interface Team {
  readonly remote: SharedSummaries;
  readonly outbox: Outbox;
}

export interface SharedStoreOptions {
  readonly local: SummaryStore;
  /** The team of this moment: the user may name another at any time, or none. Owned by who gives it. */
  readonly team: () => Team | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Told once each time that the server goes away, in a sentence. */
  readonly onProblem: (message: string) => void;
}

/** A local store with a team's store behind it. */
export interface SharedStore extends SummaryStore {
  /** Tries to hand over what waits. Resolves when nothing waits any more or the server is away. @returns how many still wait */
  flush(): Promise<number>;
  /** Hands over what it can within a few seconds. What is left waits on disk. */
  finish(): Promise<void>;
  /** There may be a team now, and something that an earlier process left for it. */
  wake(): void;
}

/** First and longest pause after the server could not be asked, in milliseconds. */
const shortestPause = 1_000;
const longestPause = 60_000;
/** How long `finish` waits. */
const finishMs = 5_000;
/** A question that the team could not answer is not asked again for so long, in milliseconds. */
const missMs = 60_000;

interface Question {
  readonly key: SummaryKey;
  answer(summary: StoredSummary | undefined): void;
}

/**
 * Reads through to the team's store and writes back behind everybody's back. Questions of one moment become one statement. While the server
 * is away everything works as if there were none; what was made meanwhile waits in the outbox. Two writers never conflict: a key's content
 * never changes.
 */
export function createSharedStore(options: SharedStoreOptions): SharedStore {
  return new ReadThroughStore(options);
}

class ReadThroughStore implements SharedStore {
  readonly #options: SharedStoreOptions;
  /** What the server has, as far as we know: not sent again. */
  readonly #there = new LRUCache<SummaryKey, true>({ max: 100_000 });
  readonly #missing = new LRUCache<SummaryKey, number>({ max: 20_000 });
  #questions: Question[] = [];
  #awayUntil = 0;
  #pause = 0;
  #flushing: Promise<number> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: SharedStoreOptions) {
    this.#options = options;
  }

  get(key: SummaryKey): StoredSummary | undefined {
    return this.#options.local.get(key);
  }

  latest(...args: Parameters<SummaryStore['latest']>): StoredSummary | undefined {
    return this.#options.local.latest(...args);
  }

  /** Absent while there is no team, so that nobody waits for nothing. */
  get fetch(): NonNullable<SummaryStore['fetch']> | undefined {
    return this.#options.team() === undefined ? undefined : this.#fetch;
  }

  readonly #fetch = (key: SummaryKey, signal: AbortSignal): Promise<StoredSummary | undefined> => {
    const now = this.#options.clock();
    if (this.#closed || signal.aborted || this.#isAway(now) || (this.#missing.get(key) ?? 0) > now)
      return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const stop = (): void => answer(undefined);
      const answer = (summary: StoredSummary | undefined): void => {
        signal.removeEventListener('abort', stop);
        resolve(summary);
      };
      signal.addEventListener('abort', stop, { once: true });
      if (this.#questions.length === 0) setImmediate(() => void this.#ask());
      this.#questions.push({ key, answer });
    });
  };

  put(...[subject, summary]: Parameters<SummaryStore['put']>): void {
    this.#options.local.put(subject, summary);
    const team = this.#options.team();
    if (team === undefined || !isShared(summary) || this.#there.has(summary.key)) return;
    this.#there.set(summary.key, true);
    this.#missing.delete(summary.key);
    try {
      team.outbox.add(sealedRow(summary));
    } catch (error) {
      this.#options.onProblem(`A summary could not be put down for the shared store (${(error as Error).message}).`);
    }
    this.#flushSoon();
  }

  /** Forgets what is on this machine; the team's summaries are the team's. */
  clear(): void {
    this.#options.local.clear();
    this.#there.clear();
    this.#missing.clear();
  }

  flush(): Promise<number> {
    this.#flushing ??= this.#handOver().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  wake(): void {
    this.#isBack();
    this.#missing.clear();
    this.#flushSoon();
  }

  async finish(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, finishMs);
    });
    await Promise.race([this.flush(), late]);
    clearTimeout(timer);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#retry);
    for (const { answer } of this.#questions.splice(0)) answer(undefined);
    this.#options.local.close();
  }

  #isAway(now: number): boolean {
    return this.#awayUntil > now;
  }

  async #ask(): Promise<void> {
    const questions = this.#questions.splice(0, mostRows);
    if (this.#questions.length > 0) setImmediate(() => void this.#ask());
    let found: ReadonlyMap<SummaryKey, StoredSummary> = new Map();
    try {
      found = (await this.#options.team()?.remote.get(questions.map(({ key }) => key))) ?? found;
      this.#isBack();
      const until = this.#options.clock() + missMs;
      for (const { key } of questions) {
        if (found.has(key)) this.#there.set(key, true);
        else this.#missing.set(key, until);
      }
    } catch (error) {
      this.#goAway(error);
    }
    for (const { key, answer } of questions) answer(found.get(key));
  }

  async #handOver(): Promise<number> {
    const team = this.#options.team();
    if (team === undefined) return 0;
    const { outbox, remote } = team;
    try {
      while (!this.#closed && !this.#isAway(this.#options.clock())) {
        const rows = outbox.first(mostRows);
        if (rows.length === 0) break;
        await remote.put(rows);
        this.#isBack();
        outbox.remove(rows.map(({ id }) => id));
      }
      return outbox.size;
    } catch (error) {
      this.#goAway(error);
      return this.#closed ? 0 : outbox.size;
    }
  }

  #flushSoon(): void {
    if (this.#closed || this.#retry !== undefined) return;
    const wait = Math.max(0, this.#awayUntil - this.#options.clock());
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      void this.flush();
    }, wait);
    // Nothing is lost when the process ends first: the outbox is on disk.
    this.#retry.unref();
  }

  #isBack(): void {
    this.#pause = 0;
    this.#awayUntil = 0;
  }

  #goAway(error: unknown): void {
    if (this.#closed) return;
    if (this.#pause === 0)
      this.#options.onProblem(
        `The shared store cannot be asked (${(error as Error).message || String(error)}): summaries stay on this machine until it can.`,
      );
    this.#pause = Math.min(longestPause, Math.max(shortestPause, this.#pause * 2));
    this.#awayUntil = this.#options.clock() + this.#pause;
    this.#flushSoon();
  }
}

/** The outline is made faster than it is fetched. */
function isShared({ producer }: StoredSummary): boolean {
  return producer.provider !== 'outline';
}
