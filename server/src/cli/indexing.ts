import { availableParallelism, homedir } from 'node:os';
import { findAssets } from '../assets.ts';
import { homeFolder } from '../core.ts';
import { type IndexLocation, indexLocation, indexWorkerFile } from '../repository/indexLocation.ts';
import type { TeamAddress } from '../repository/indexMessages.ts';
import type { IndexReport } from '../repository/indexRepository.ts';
import { createIndexService } from '../repository/indexService.ts';
import type { PoolOptions } from '../repository/workerPool.ts';
import { defaultSettings } from '../settings.ts';
import { ensureDataFolder } from '../store/home.ts';
import { storeAddress } from '../store/postgres/address.ts';
import type { CommandContext } from './arguments.ts';
import { storeVariable } from './session.ts';

const maxThreads = 8;

/** Threads that parse, as many as the machine has cores. */
export function parsingThreads(): PoolOptions {
  const assets = findAssets(import.meta.dirname);
  return { script: indexWorkerFile(assets), assets, threads: Math.min(maxThreads, availableParallelism()) };
}

/**
 * Brings the index of a folder up to date, with progress for a person who watches. In a thread, as in the editor: a thread's memory has limits.
 *
 * @param store URL of the team's database, whose facts spare the parsing; else the environment's, else none
 */
export async function updateIndex(
  context: CommandContext,
  folder: string,
  store?: string,
): Promise<{ readonly location: IndexLocation; readonly report: IndexReport }> {
  const home = homeFolder(context.env);
  const location = indexLocation(folder, { home, userHome: homedir() });
  ensureDataFolder(home);
  const { signal, output } = context;
  signal.throwIfAborted();
  const { assets, threads } = parsingThreads();
  const onProblem = (message: string): void => output.err(`codegloss: ${message}\n`);
  const team = teamOf(context, onProblem, store);
  const service = createIndexService({
    location,
    assets,
    threads,
    ignore: defaultSettings.ignore,
    yields: false,
    team: async () => team,
    onProblem,
    // Asked to stop and not ended: a thread that is ended at work may take the process with it.
    signal,
    onState: (state) => {
      if (output.isTerminal && state.kind === 'indexing') output.err(`\r\x1b[K${state.files} files`);
    },
  });
  try {
    const report = await service.ready;
    signal.throwIfAborted();
    if (output.isTerminal) output.err('\r\x1b[K');
    if (report !== undefined) return { location, report };
    throw new Error(service.state.kind === 'failed' ? service.state.message : 'The index could not be made.');
  } finally {
    await service.dispose();
  }
}

/** The team where there is one: an index without its facts is as good, only later. */
function teamOf(context: CommandContext, onProblem: (message: string) => void, store = ''): TeamAddress | undefined {
  const url = store === '' ? (context.env[storeVariable] ?? '') : store;
  if (url === '') return undefined;
  const address = storeAddress(url);
  if (address.ok) return { url, password: null };
  onProblem(`The shared store's URL cannot be used: ${address.problem}`);
  return undefined;
}
