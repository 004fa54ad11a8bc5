/** The thread of an open index: brings a repository or single paths of it up to date, one request after the other. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { storeAddress } from '../store/postgres/address.ts';
import { indexWorkerFile } from './indexLocation.ts';
import type { IndexNotice, IndexRequest, IndexThreadData, TeamAddress } from './indexMessages.ts';
import { type IndexReport, type IndexRun, indexRepository } from './indexRepository.ts';
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
  else if ('paths' in request) void handle(request.id, (signal) => updated(request.paths, signal));
  else void handle(request.id, (signal) => all(signal, request.team));
});

async function handle(id: number, work: (signal: AbortSignal) => Promise<IndexReport | undefined>): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const report = await work(controller.signal);
    tell(report === undefined ? { kind: 'done', id } : { kind: 'done', id, report });
  } catch (error) {
    tell({ kind: 'failed', id, message: (error as Error).message });
  } finally {
    running.delete(id);
  }
}

async function updated(paths: readonly string[], signal: AbortSignal): Promise<undefined> {
  await updater.update(paths, signal);
  return undefined;
}

async function all(signal: AbortSignal, team: TeamAddress | undefined): Promise<IndexReport> {
  const { location, assets, threads, ignore, limits } = data;
  const facts = await teamFacts(team);
  try {
    return await indexRepository({
      location,
      pool: { script: indexWorkerFile(assets), assets, threads },
      ignore,
      ...(limits === undefined ? {} : { limits }),
      ...(facts === undefined ? {} : { facts }),
      signal,
      onProgress: (files) => tell({ kind: 'progress', files }),
    });
  } finally {
    await facts?.remote.close().catch(() => undefined);
  }
}

/** A team whose address cannot be used is told of by who hands over summaries. */
async function teamFacts(team: TeamAddress | undefined): Promise<IndexRun['facts']> {
  if (team === undefined) return undefined;
  const address = storeAddress(team.url, async () => team.password);
  if (!address.ok) return undefined;
  // Loaded only for who has a team.
  const { connectFacts } = await import('../store/postgres/facts.ts');
  return { remote: connectFacts(address.config), onProblem: (message) => tell({ kind: 'problem', message }) };
}
