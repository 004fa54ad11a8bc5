import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { StoredSummary, SummaryKey } from '../types/summary.ts';
import {
  type DatabaseFailure,
  failureOf,
  moveCorruptAside,
  openSummaryDatabase,
  type SummaryDatabase,
} from './database.ts';
import { ensureDataFolder } from './home.ts';
import type { SubjectId, SummaryStore } from './store.ts';
import { decodeSummary, encodeSummary } from './summaryCodec.ts';

/** What the user should hear about the store; the summaries asked for from now on are still kept in memory. */
export type StoreProblem =
  | { readonly kind: 'rebuilt'; readonly movedTo: string; readonly message: string }
  | { readonly kind: 'memoryOnly'; readonly message: string };

export interface SummaryStoreOptions {
  /** Where `summaries.db` lies; undefined keeps everything in memory. */
  readonly folder: string | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Bound of the database in bytes; the least recently used goes first. */
  readonly maxBytes?: number;
  readonly onProblem?: (problem: StoreProblem) => void;
}

const defaultMaxBytes = 200 * 1024 * 1024;
const memoryCharacters = 16 * 1024 * 1024;
const memorySubjects = 50_000;
/** Writes that another window's lock held up; the oldest are given up first. */
const maxPending = 1_000;
/** Uses are noted in batches: noting each would turn every hover into a write. */
const touchBatch = 64;
/** Between two looks at the database's size. */
const writesPerSizeCheck = 64;
/** Eviction frees a tenth, so that it does not run at every write. */
const evictedShare = 10;

interface Write {
  readonly subject: SubjectId;
  readonly key: SummaryKey;
  readonly body: string;
}

/** The store of DESIGN.md: an lru-cache before SQLite. Never throws; what it cannot keep on disk it keeps in memory, and says so once. */
export function createSummaryStore(options: SummaryStoreOptions): SummaryStore {
  return new TwoLevelStore(options);
}

class TwoLevelStore implements SummaryStore {
  readonly #clock: () => number;
  readonly #maxBytes: number;
  readonly #onProblem: (problem: StoreProblem) => void;
  readonly #file: string | undefined;
  readonly #memory = new LRUCache<string, StoredSummary>({
    maxSize: memoryCharacters,
    sizeCalculation: (summary) => 500 + summary.line.length + summary.paragraph.length + 200 * summary.claims.length,
  });
  /** Newest key by subject: the answer of `latest` while there is no database. */
  readonly #subjects = new LRUCache<string, SummaryKey>({ max: memorySubjects });
  readonly #touched = new Set<string>();
  #pending: Write[] = [];
  #writes = 0;
  #database: SummaryDatabase | undefined;

  constructor(options: SummaryStoreOptions) {
    this.#clock = options.clock;
    this.#maxBytes = options.maxBytes ?? defaultMaxBytes;
    this.#onProblem = options.onProblem ?? (() => undefined);
    this.#file = options.folder === undefined ? undefined : join(options.folder, 'summaries.db');
    if (options.folder !== undefined) this.#open(options.folder);
  }

  get(key: SummaryKey): StoredSummary | undefined {
    const known = this.#memory.get(key);
    const summary = known ?? this.#read((database) => database.get.get(key));
    if (summary === undefined || summary.key !== key) return undefined;
    if (known === undefined) this.#memory.set(key, summary);
    this.#touch(key);
    return summary;
  }

  latest(subject: SubjectId): StoredSummary | undefined {
    // What still waits to be written is newest; then the database, since another window may have written after us.
    const waiting = this.#pending.some((write) => write.subject === subject);
    const stored = waiting ? undefined : this.#read((database) => database.latest.get(subject));
    if (stored !== undefined) {
      this.#touch(stored.key);
      return stored;
    }
    const key = this.#subjects.get(subject);
    return key === undefined ? undefined : this.#memory.get(key);
  }

  put(subject: SubjectId, summary: StoredSummary): void {
    this.#memory.set(summary.key, summary);
    this.#subjects.set(subject, summary.key);
    if (this.#database === undefined) return;
    this.#pending.push({ subject, key: summary.key, body: encodeSummary(summary) });
    if (this.#pending.length > maxPending) this.#pending.shift();
    this.#flush();
  }

  clear(): void {
    this.#memory.clear();
    this.#subjects.clear();
    this.#touched.clear();
    this.#pending = [];
    this.#guard((database) => {
      database.transaction(() => database.exec('DELETE FROM summaries; DELETE FROM subjects'));
      database.exec('PRAGMA incremental_vacuum');
    });
  }

  close(): void {
    this.#flush();
    this.#database?.close();
    this.#database = undefined;
  }

  #open(folder: string): void {
    try {
      ensureDataFolder(folder);
    } catch (error) {
      this.#giveUp(failureOf(error));
      return;
    }
    this.#openFile();
    this.#keepWithinBound();
  }

  #openFile(): void {
    if (this.#file === undefined) return;
    const opened = openSummaryDatabase(this.#file);
    if (opened.ok) this.#database = opened.database;
    else if (opened.kind === 'corrupt') this.#rebuild(opened);
    else this.#giveUp(opened);
  }

  #read(query: (database: SummaryDatabase) => Record<string, unknown> | undefined): StoredSummary | undefined {
    const body = this.#guard((database) => query(database)?.['body']);
    return typeof body === 'string' ? decodeSummary(body) : undefined;
  }

  #touch(key: string): void {
    if (this.#database === undefined) return;
    this.#touched.add(key);
    if (this.#touched.size >= touchBatch) this.#flush();
  }

  /** Writes what waits. A lock held by another window leaves it waiting for the next time. */
  #flush(): void {
    if (this.#pending.length === 0 && this.#touched.size === 0) return;
    const done = this.#guard((database) => {
      const now = this.#clock();
      database.transaction(() => {
        for (const key of this.#touched) database.touch.run(now, key);
        for (const write of this.#pending) {
          database.put.run(write.key, write.body, now);
          database.point.run(write.subject, write.key);
        }
      });
      return true;
    });
    if (done !== true) {
      if (this.#touched.size >= touchBatch) this.#touched.clear();
      return;
    }
    this.#writes += this.#pending.length;
    this.#pending = [];
    this.#touched.clear();
    if (this.#writes >= writesPerSizeCheck) this.#keepWithinBound();
  }

  #keepWithinBound(): void {
    this.#writes = 0;
    this.#guard((database) => {
      for (let round = 0; round < 2 * evictedShare && database.usedBytes() > this.#maxBytes; round++) {
        database.evict(Math.max(1, Math.ceil(database.count() / evictedShare)));
      }
    });
  }

  #guard<T>(work: (database: SummaryDatabase) => T): T | undefined {
    if (this.#database === undefined) return undefined;
    try {
      return work(this.#database);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'corrupt') this.#rebuild(failure);
      else if (failure.kind !== 'busy') this.#giveUp(failure);
      return undefined;
    }
  }

  #rebuild(failure: DatabaseFailure): void {
    this.#drop();
    if (this.#file === undefined) return;
    try {
      const movedTo = moveCorruptAside(this.#file);
      const opened = openSummaryDatabase(this.#file);
      if (!opened.ok) {
        this.#giveUp(opened);
        return;
      }
      this.#database = opened.database;
      if (movedTo !== undefined) this.#onProblem({ kind: 'rebuilt', movedTo, message: failure.message });
    } catch (error) {
      this.#giveUp(failureOf(error));
    }
  }

  #giveUp(failure: DatabaseFailure): void {
    this.#drop();
    const message = `Summaries are kept for this session only, because ${this.#file} cannot be used (${failure.message}): set CODEGLOSS_HOME to a folder that can be written.`;
    this.#onProblem({ kind: 'memoryOnly', message });
  }

  #drop(): void {
    try {
      this.#database?.close();
    } catch {
      // A database that failed may fail to close, too; there is nothing left to save in it.
    }
    this.#database = undefined;
    this.#pending = [];
    this.#touched.clear();
  }
}
