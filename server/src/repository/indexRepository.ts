import { statSync } from 'node:fs';
import { extname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { knownEndings } from '../syntax/detect.ts';
import { type ExchangeCounts, FactsExchange } from './factsExchange.ts';
import { IgnoreRules } from './ignoreRules.ts';
import { inTransaction, isCorruption, openIndexDatabase, removeIndexDatabase } from './indexDatabase.ts';
import type { IndexLocation } from './indexLocation.ts';
import type { IndexAnswer, IndexSkipReason, IndexTask } from './indexTasks.ts';
import { createIndexWriter, type FileState, type IndexWriter } from './indexWriter.ts';
import { resolveCalls } from './resolveCalls.ts';
import type { SharedFacts } from './sharedFacts.ts';
import { type WalkedFile, type WalkLimits, walk } from './walk.ts';
import { createWorkerPool, type PoolOptions, type WorkerPool } from './workerPool.ts';

export interface IndexRun {
  readonly location: IndexLocation;
  readonly pool: PoolOptions;
  /** The setting `codegloss.ignore`. */
  readonly ignore?: readonly string[];
  readonly limits?: WalkLimits;
  readonly signal: AbortSignal;
  /** The facts of a team's files: what somebody has parsed is not parsed again, and what is parsed here is handed over. */
  readonly facts?: { readonly remote: SharedFacts; readonly onProblem: (message: string) => void };
  /** Told after each batch: files looked at so far. */
  readonly onProgress?: (files: number) => void;
}

/** What the index holds after a run. */
export interface IndexReport {
  readonly files: number;
  readonly skipped: readonly { readonly reason: IndexSkipReason; readonly count: number }[];
  readonly symbols: number;
  readonly edges: number;
  /** Source bytes of the files in the index. */
  readonly bytes: number;
  readonly databaseBytes: number;
  /** What the team's facts had to do with it; absent where there is no team. */
  readonly shared?: ExchangeCounts;
}

/** A batch ends at so many files or bytes, whichever comes first. */
const batchFiles = 32;
const batchBytes = 1 << 20;
/** Answers are written when their sources hold so many bytes: each transaction costs as much as some hundred symbols. */
const transactionBytes = 4 << 20;

/**
 * Brings the index of a repository up to date. A file whose time and size the index knows is not read; one whose content it knows is not
 * parsed; files that are gone are taken out. Each batch is one transaction, so that a kill at any moment leaves a sound, if incomplete,
 * index that the next run completes. A damaged database is made anew.
 */
export async function indexRepository(run: IndexRun): Promise<IndexReport> {
  try {
    return await indexOnce(run);
  } catch (error) {
    if (!isCorruption(error)) throw error;
    removeIndexDatabase(run.location.database);
    return indexOnce(run);
  }
}

async function indexOnce(run: IndexRun): Promise<IndexReport> {
  const database = openIndexDatabase(run.location.database);
  const { facts } = run;
  const exchange =
    facts === undefined
      ? undefined
      : new FactsExchange(facts.remote, { sharing: 'use', clock: Date.now, onProblem: facts.onProblem });
  const pool = createWorkerPool(run.pool, exchange);
  try {
    const update = new IndexUpdate(database, run, pool);
    await update.all();
    // What the threads hold is not needed beside what resolving takes.
    await pool.close();
    inTransaction(database, () => resolveCalls(database));
    database.exec('PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)');
    await exchange?.settle();
    const report = reportOf(database, update.skipped, run.location.database);
    return exchange === undefined ? report : { ...report, shared: exchange.counts };
  } finally {
    await pool.close();
    database.close();
  }
}

/** One run over the files of a repository. */
class IndexUpdate {
  readonly skipped = new Map<IndexSkipReason, number>();
  readonly #database: DatabaseSync;
  readonly #run: IndexRun;
  readonly #pool: WorkerPool;
  readonly #writer: IndexWriter;
  readonly #known: ReadonlyMap<string, FileState>;
  readonly #walked = new Map<string, WalkedFile>();
  readonly #pending = new Set<Promise<void>>();
  #unwritten: IndexAnswer[] = [];
  #unwrittenBytes = 0;
  #failure: unknown;

  constructor(database: DatabaseSync, run: IndexRun, pool: WorkerPool) {
    this.#database = database;
    this.#run = run;
    this.#pool = pool;
    this.#writer = createIndexWriter(database);
    this.#known = this.#writer.known();
  }

  async all(): Promise<void> {
    try {
      await this.#readAll();
      if (this.#failure !== undefined) throw this.#failure;
    } catch (error) {
      // What threads still answer is no longer written.
      this.#failure ??= error;
      throw error;
    }
    this.#removeGone();
  }

  async #readAll(): Promise<void> {
    let batch: IndexTask[] = [];
    let bytes = 0;
    for await (const file of this.#files()) {
      this.#walked.set(file.path, file);
      const known = this.#known.get(file.path);
      if (known !== undefined && known.mtime === file.modifiedMs && known.size === file.bytes) continue;
      batch.push(taskOf(file, known));
      bytes += file.bytes;
      if (batch.length < batchFiles && bytes < batchBytes) continue;
      await this.#send(batch);
      batch = [];
      bytes = 0;
    }
    if (batch.length > 0) await this.#send(batch);
    await Promise.all(this.#pending);
    this.#write();
  }

  #files(): AsyncGenerator<WalkedFile> {
    const { location, ignore, limits, signal } = this.#run;
    const endings = knownEndings();
    return walk(location.root, {
      ignore: new IgnoreRules(location.root, ignore),
      wanted: (path) => endings.has(extname(path).toLowerCase()),
      skip: (reason) => this.#skip(reason),
      ...(limits === undefined ? {} : { limits }),
      signal,
    });
  }

  async #send(batch: readonly IndexTask[]): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const { done } = await this.#pool.run(batch);
    this.#run.signal.throwIfAborted();
    const settled = done
      .then((answers) => this.#take(answers))
      .catch((error: unknown) => {
        this.#failure ??= error;
      });
    this.#pending.add(settled);
    void settled.then(() => this.#pending.delete(settled));
  }

  #take(answers: readonly IndexAnswer[]): void {
    if (this.#failure !== undefined) return;
    this.#run.signal.throwIfAborted();
    for (const answer of answers) {
      this.#unwritten.push(answer);
      this.#unwrittenBytes += this.#walked.get(answer.path)?.bytes ?? 0;
    }
    if (this.#unwrittenBytes >= transactionBytes) this.#write();
    this.#run.onProgress?.(this.#walked.size);
  }

  #write(): void {
    const answers = this.#unwritten;
    this.#unwritten = [];
    this.#unwrittenBytes = 0;
    if (this.#failure !== undefined || answers.length === 0) return;
    inTransaction(this.#database, () => {
      this.#writer.begin();
      for (const answer of answers) this.#writeOne(answer);
    });
  }

  #writeOne(answer: IndexAnswer): void {
    const file = this.#walked.get(answer.path);
    if (file === undefined) return;
    if (answer.kind === 'record') {
      const state = { hash: answer.hash, mtime: file.modifiedMs, size: file.bytes };
      this.#writer.replace(answer.path, state, answer.record);
    } else if (answer.kind === 'same') {
      this.#writer.touch(answer.path, file.modifiedMs, file.bytes);
    } else {
      this.#skip(answer.reason);
      this.#writer.remove(answer.path);
    }
  }

  #removeGone(): void {
    const gone = [...this.#known.keys()].filter((path) => !this.#walked.has(path));
    if (gone.length === 0) return;
    inTransaction(this.#database, () => {
      this.#writer.begin();
      for (const path of gone) this.#writer.remove(path);
    });
  }

  #skip(reason: IndexSkipReason): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
  }
}

function taskOf(file: WalkedFile, known: FileState | undefined): IndexTask {
  const task = { file: file.file, path: file.path, bytes: file.bytes };
  return known === undefined ? task : { ...task, knownHash: known.hash };
}

function reportOf(database: DatabaseSync, skipped: ReadonlyMap<IndexSkipReason, number>, file: string): IndexReport {
  const count = (sql: string): number => Number(database.prepare(sql).get()?.['n'] ?? 0);
  return {
    files: count('SELECT count(*) AS n FROM files'),
    skipped: [...skipped].map(([reason, n]) => ({ reason, count: n })).sort((a, b) => b.count - a.count),
    symbols: count('SELECT count(*) AS n FROM symbols'),
    edges: count('SELECT count(*) AS n FROM edges'),
    bytes: count('SELECT coalesce(sum(size), 0) AS n FROM files'),
    databaseBytes: statSync(file).size,
  };
}
