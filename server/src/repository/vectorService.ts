import { Worker } from 'node:worker_threads';
import type { Assets } from '../assets.ts';
import type { Embedder } from './embedder.ts';
import { type IndexLocation, vectorThreadFile } from './indexLocation.ts';
import type { NearSymbol } from './meaningSearch.ts';
import type { VectorNotice, VectorRequest, VectorThreadData } from './vectorMessages.ts';

export interface VectorServiceOptions {
  readonly location: IndexLocation;
  readonly assets: Assets;
  readonly embedder: Embedder;
  /** Resolves when nobody needs the machine more urgently; asked before each symbol. Rejects when the signal aborts. */
  readonly whenIdle: (signal: AbortSignal) => Promise<void>;
  /** Resolves after so many milliseconds. */
  readonly rest: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told of the end of each pass that made vectors, and once of what went wrong. */
  readonly log: (message: string) => void;
}

/** The vectors of one open repository: made in the background, one symbol after the other, and compared with questions. */
export interface VectorService {
  /** The index changed: what has no vector by now gets one when there is time. What is done stays done when the process ends. */
  follow(): void;
  /**
   * Symbols nearest to a question, and those of `also` (`keyOf`) that have a vector, each with its cosine. Empty when there are none, or the
   * thread has failed.
   * @param query unit vector
   */
  near(query: Float32Array, also: readonly string[]): Promise<readonly NearSymbol[]>;
  dispose(): Promise<void>;
}

/** Of the time that a vector took, so much is rested after it: the work takes half of the model's time at most. */
const restShare = 1;
const longestRestMs = 2000;
const maxThreadMemoryMb = 512;

export function createVectorService(options: VectorServiceOptions): VectorService {
  const { embedder, assets, location, log } = options;
  const closing = new AbortController();
  const asked = new Map<number, (found: readonly NearSymbol[]) => void>();
  let thread: Worker | undefined;
  let isBroken = false;
  let lastId = 0;

  const fail = (message: string): void => {
    if (!isBroken && !closing.signal.aborted) log(`No search by meaning in ${location.root}: ${message}`);
    isBroken = true;
    thread = undefined;
    for (const resolve of asked.values()) resolve([]);
    asked.clear();
  };
  const send = (request: VectorRequest): void => thread?.postMessage(request);
  const embed = async (code: Parameters<Embedder['embedCode']>[0]): Promise<void> => {
    const { signal } = closing;
    try {
      await options.whenIdle(signal);
      const start = performance.now();
      const vector = await embedder.embedCode(code, signal);
      await options.rest(Math.min(longestRestMs, restShare * (performance.now() - start)), signal);
      send({ kind: 'vector', vector });
    } catch (error) {
      // A model that fails here fails for the next symbol, too.
      if (signal.aborted) return;
      send({ kind: 'vector', vector: undefined });
      fail((error as Error).message);
    }
  };
  const listen = (notice: VectorNotice): void => {
    if (notice.kind === 'code') void embed(notice.code);
    else if (notice.kind === 'near') {
      asked.get(notice.id)?.(notice.found);
      asked.delete(notice.id);
    } else if (notice.kind === 'failed') log(`The vectors of ${location.root} stand still: ${notice.message}`);
    else if (notice.embedded > 0) log(`${notice.embedded} symbols of ${location.root} can be found by meaning now.`);
  };
  const start = (): void => {
    if (thread !== undefined || isBroken || closing.signal.aborted) return;
    const workerData: VectorThreadData = {
      location,
      model: { name: embedder.name, dimensions: embedder.dimensions },
    };
    const started = new Worker(vectorThreadFile(assets), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: maxThreadMemoryMb },
    });
    started.unref();
    started.on('message', listen);
    started.on('error', (error: unknown) => fail(error instanceof Error ? error.message : String(error)));
    started.on('exit', () => fail('its thread ended.'));
    thread = started;
  };

  return {
    follow() {
      start();
      send({ kind: 'pass' });
    },
    near(query, also) {
      start();
      if (thread === undefined) return Promise.resolve([]);
      lastId += 1;
      const id = lastId;
      return new Promise((resolve) => {
        asked.set(id, resolve);
        send({ kind: 'near', id, query, also });
      });
    },
    async dispose() {
      closing.abort();
      const ended = thread;
      fail('closed');
      await ended?.terminate();
    },
  };
}
