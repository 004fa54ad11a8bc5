/** The thread of a repository's vectors: finds what lacks one, keeps them, compares them with questions. It asks the server for each vector. */
import { readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { embeddingFile, openEmbeddingStore } from './embeddingStore.ts';
import { embedSymbols } from './embedSymbols.ts';
import { openIndexDatabase } from './indexDatabase.ts';
import { nearSymbols } from './meaningSearch.ts';
import { decodeSource } from './sourceText.ts';
import type { VectorNotice, VectorRequest, VectorThreadData } from './vectorMessages.ts';

/** On Linux a thread has a priority of its own. */
const politeness = 10;
if (process.platform === 'linux') setPriority(0, politeness);

const { location, model } = workerData as VectorThreadData;
const database = openIndexDatabase(location.database);
const store = openEmbeddingStore(embeddingFile(location.database), model);
const tell = (notice: VectorNotice): void => parentPort?.postMessage(notice);

let pass: AbortController | undefined;
let isAskedAgain = false;
let take: ((vector: Float32Array | undefined) => void) | undefined;

async function runPass(): Promise<void> {
  const controller = new AbortController();
  pass = controller;
  try {
    const embedded = await embedSymbols({
      database,
      store,
      embedder: {
        embedCode: (code) =>
          new Promise((resolve, reject) => {
            take = (vector) => {
              if (vector !== undefined) return resolve(vector);
              controller.abort();
              reject(new Error('no vector'));
            };
            tell({ kind: 'code', code });
          }),
      },
      linesOf: async (relative) => {
        const bytes = await readFile(path.join(location.root, relative)).catch(() => undefined);
        return bytes === undefined ? undefined : decodeSource(bytes)?.text.split(/\r\n|\n|\r/);
      },
      signal: controller.signal,
    });
    tell({ kind: 'passed', embedded });
  } catch (error) {
    isAskedAgain = false;
    // The server knows why it gave no vector.
    if (!controller.signal.aborted) tell({ kind: 'failed', message: (error as Error).message });
  } finally {
    pass = undefined;
    if (isAskedAgain) {
      isAskedAgain = false;
      void runPass();
    }
  }
}

parentPort?.on('message', (request: VectorRequest) => {
  if (request.kind === 'vector') take?.(request.vector);
  else if (request.kind === 'near')
    tell({ kind: 'near', id: request.id, found: nearSymbols(store.vectors(), request.query, new Set(request.also)) });
  else if (pass === undefined) void runPass();
  else isAskedAgain = true;
});
