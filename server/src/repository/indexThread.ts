/** The thread of an open index: brings a repository or single paths of it up to date, one request after the other. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { indexWorkerFile } from './indexLocation.ts';
import type { IndexNotice, IndexRequest, IndexThreadData } from './indexMessages.ts';
import { type IndexReport, indexRepository } from './indexRepository.ts';
import { createPathUpdater } from './pathUpdater.ts';

const data = workerData as IndexThreadData;
const running = new Map<number, AbortController>();
const updater = createPathUpdater(data);

/** On Linux a priority belongs to the thread that sets it, and to the threads that it starts; elsewhere it would slow the whole server down. */
const politeness = 10;
if (data.yields && process.platform === 'linux') setPriority(0, politeness);

const tell = (notice: IndexNotice): void => parentPort?.postMessage(notice);

parentPort?.on('message', (request: IndexRequest) => {
  if (request.kind === 'stop') running.get(request.id)?.abort();
  else void handle(request.id, request.paths);
});

async function handle(id: number, paths: readonly string[] | undefined): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    if (paths === undefined) tell({ kind: 'done', id, report: await all(controller.signal) });
    else {
      await updater.update(paths, controller.signal);
      tell({ kind: 'done', id });
    }
  } catch (error) {
    tell({ kind: 'failed', id, message: (error as Error).message });
  } finally {
    running.delete(id);
  }
}

function all(signal: AbortSignal): Promise<IndexReport> {
  const { location, assets, threads, ignore, limits } = data;
  return indexRepository({
    location,
    pool: { script: indexWorkerFile(assets), assets, threads },
    ignore,
    ...(limits === undefined ? {} : { limits }),
    signal,
    onProgress: (files) => tell({ kind: 'progress', files }),
  });
}
