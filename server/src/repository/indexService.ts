import { Worker } from 'node:worker_threads';
import { indexThreadFile } from './indexLocation.ts';
import type { IndexNotice, IndexRequest, IndexThreadData, TeamAddress } from './indexMessages.ts';
import type { IndexReport } from './indexRepository.ts';

export type IndexState =
  /** Nothing was asked for yet. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'indexing'; readonly files: number }
  | { readonly kind: 'ready'; readonly report: IndexReport }
  | { readonly kind: 'failed'; readonly message: string };

export interface IndexServiceOptions extends IndexThreadData {
  /** Told when `state` changed. */
  readonly onState?: (state: IndexState) => void;
  /** The team whose facts spare the parsing, asked before each run over the whole repository; undefined where there is none. */
  readonly team?: () => Promise<TeamAddress | undefined>;
  /** Told that the team's facts cannot be used for now. */
  readonly onProblem?: (message: string) => void;
  /** Gives up the first run. */
  readonly signal?: AbortSignal;
}

/** The thread that reads, parses and writes for one index, so that whoever asks the index never waits for that work. */
export interface IndexService {
  readonly state: IndexState;
  readonly ready: Promise<IndexReport | undefined>;
  update(paths: readonly string[], signal: AbortSignal): Promise<void>;
  refresh(signal: AbortSignal): Promise<void>;
  dispose(): Promise<void>;
}

/** From so many paths on, a walk over the repository is cheaper than looking at each. */
const maxPaths = 200;
const maxThreadMemoryMb = 512;
/** Grown freely, the young generation holds 100 MB of garbage and more while calls are resolved, and is no faster for it. */
const youngThreadMemoryMb = 24;
/** A thread that dies so often meets something that kills it: it is not started again. */
const maxDeaths = 3;

interface Pending {
  readonly resolve: (report: IndexReport | undefined) => void;
  readonly reject: (error: Error) => void;
}

export function createIndexService({
  onState,
  team,
  onProblem,
  signal: first,
  ...data
}: IndexServiceOptions): IndexService {
  const pending = new Map<number, Pending>();
  let state: IndexState = { kind: 'waiting' };
  let thread: Worker | undefined;
  let lastId = 0;
  let deaths = 0;
  let disposed = false;

  const setState = (next: IndexState): void => {
    state = next;
    if (!disposed) onState?.(next);
  };
  const listen = (notice: IndexNotice): void => {
    if (notice.kind === 'progress') {
      setState({ kind: 'indexing', files: notice.files });
      return;
    }
    if (notice.kind === 'problem') {
      onProblem?.(notice.message);
      return;
    }
    const waiting = pending.get(notice.id);
    pending.delete(notice.id);
    // An idle thread must not keep a process alive that has nothing else to do.
    if (pending.size === 0) thread?.unref();
    if (notice.kind === 'failed') waiting?.reject(new Error(notice.message));
    else waiting?.resolve(notice.report);
  };
  const lose = (error: Error): void => {
    thread = undefined;
    deaths += 1;
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  const threadNow = (): Worker => {
    if (thread !== undefined) return thread;
    if (disposed || deaths >= maxDeaths) throw new Error('The index thread ended; restart the server to index again.');
    const { bundled, root } = data.assets;
    const started = new Worker(indexThreadFile({ bundled, root }), {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: maxThreadMemoryMb, maxYoungGenerationSizeMb: youngThreadMemoryMb },
    });
    started.on('message', listen);
    started.on('error', () => undefined);
    started.on('exit', () => lose(new Error('The index thread ended.')));
    thread = started;
    return started;
  };
  const send = (request: IndexRequest): void => {
    const to = threadNow();
    to.ref();
    to.postMessage(request);
  };

  const run = (
    work: { readonly paths: readonly string[] } | { readonly team?: TeamAddress },
    signal?: AbortSignal,
  ): Promise<IndexReport | undefined> => {
    lastId += 1;
    const id = lastId;
    const stop = (): void => thread?.postMessage({ kind: 'stop', id } satisfies IndexRequest);
    const answered = new Promise<IndexReport | undefined>((resolve, reject) => pending.set(id, { resolve, reject }));
    try {
      signal?.throwIfAborted();
      send({ kind: 'run', id, ...work });
    } catch (error) {
      pending.delete(id);
      return Promise.reject(error);
    }
    signal?.addEventListener('abort', stop, { once: true });
    return answered.finally(() => signal?.removeEventListener('abort', stop));
  };
  const all = async (signal?: AbortSignal): Promise<IndexReport | undefined> => {
    setState({ kind: 'indexing', files: 0 });
    try {
      // Who keeps the password may not answer; the index does not wait for a team to be useful.
      const found = await team?.().catch(() => undefined);
      const report = await run(found === undefined ? {} : { team: found }, signal);
      if (report !== undefined) setState({ kind: 'ready', report });
      return report;
    } catch (error) {
      setState({ kind: 'failed', message: (error as Error).message });
      throw error;
    }
  };

  const ready = all(first).catch(() => undefined);
  return {
    get state() {
      return state;
    },
    ready,
    async update(paths, signal) {
      if (paths.length === 0) return;
      if (paths.length > maxPaths) await all(signal);
      else await run({ paths }, signal);
      signal.throwIfAborted();
    },
    async refresh(signal) {
      await all(signal);
    },
    async dispose() {
      disposed = true;
      await thread?.terminate();
    },
  };
}
