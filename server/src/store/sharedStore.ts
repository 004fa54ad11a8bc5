import { LRUCache } from 'lru-cache';
import type { StoredSummary, SummaryKey } from '../types/summary.ts';
import type { Outbox } from './outbox.ts';
import { mostRows, type SharedSummaries, sealedRow } from './postgres/summaries.ts';
import type { SummaryStore } from './store.ts';

export interface SharedStoreOptions {
  readonly local: SummaryStore;
  readonly remote: SharedSummaries;
  readonly outbox: Outbox;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Told once each time that the server goes away, in a sentence. */
  readonly onProblem: (message: string) => void;
}

/** A local store with a team's store behind it. */
export interface SharedStore extends SummaryStore {
  /** Tries to hand over what waits. Resolves when nothing waits any more or the server is away. @returns how many still wait */
  flush(): Promise<number>;
  /** Hands over what it can within a few seconds, and closes. What is left waits on disk. */
  finish(): Promise<void>;
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
    // What an earlier process left behind.
    if (options.outbox.size > 0) this.#flushSoon();
  }

  get(key: SummaryKey): StoredSummary | undefined {
    return this.#options.local.get(key);
  }

  latest(...args: Parameters<SummaryStore['latest']>): StoredSummary | undefined {
    return this.#options.local.latest(...args);
  }

  fetch(key: SummaryKey, signal: AbortSignal): Promise<StoredSummary | undefined> {
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
  }

  put(...[subject, summary]: Parameters<SummaryStore['put']>): void {
    this.#options.local.put(subject, summary);
    if (!isShared(summary) || this.#there.has(summary.key)) return;
    this.#there.set(summary.key, true);
    this.#missing.delete(summary.key);
    try {
      this.#options.outbox.add(sealedRow(summary));
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

  async finish(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, finishMs);
    });
    await Promise.race([this.flush(), late]);
    clearTimeout(timer);
    this.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#retry);
    for (const { answer } of this.#questions.splice(0)) answer(undefined);
    this.#options.local.close();
    const { remote, outbox } = this.#options;
    // Whoever hands over still uses the outbox.
    void (this.#flushing ?? Promise.resolve(0)).then(() => outbox.close());
    void remote.close().catch(() => undefined);
  }

  #isAway(now: number): boolean {
    return this.#awayUntil > now;
  }

  async #ask(): Promise<void> {
    const questions = this.#questions.splice(0, mostRows);
    if (this.#questions.length > 0) setImmediate(() => void this.#ask());
    let found: ReadonlyMap<SummaryKey, StoredSummary> = new Map();
    try {
      found = await this.#options.remote.get(questions.map(({ key }) => key));
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
    const { outbox, remote, clock } = this.#options;
    try {
      while (!this.#closed && !this.#isAway(clock())) {
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
