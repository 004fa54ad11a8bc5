import { availableParallelism, homedir } from 'node:os';
import { findAssets } from '../assets.ts';
import { homeFolder } from '../core.ts';
import { type IndexLocation, indexLocation, indexWorkerFile } from '../repository/indexLocation.ts';
import { type IndexReport, type IndexRun, indexRepository } from '../repository/indexRepository.ts';
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
 * Brings the index of a folder up to date, with progress for a person who watches.
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
  const { isTerminal, err } = context.output;
  const facts = await teamFacts(context, store);
  try {
    const report = await indexRepository({
      location,
      pool: parsingThreads(),
      ignore: defaultSettings.ignore,
      signal: context.signal,
      ...(facts === undefined ? {} : { facts }),
      onProgress: (files) => isTerminal && err(`\r\x1b[K${files} files`),
    });
    if (isTerminal) err('\r\x1b[K');
    return { location, report };
  } finally {
    await facts?.remote.close().catch(() => undefined);
  }
}

/** The team's facts where there is a team: an index without them is as good, only later. */
export async function teamFacts(context: CommandContext, store = ''): Promise<IndexRun['facts']> {
  const url = store === '' ? (context.env[storeVariable] ?? '') : store;
  if (url === '') return undefined;
  const onProblem = (message: string): void => context.output.err(`codegloss: ${message}\n`);
  const address = storeAddress(url);
  if (!address.ok) {
    onProblem(`The shared store's URL cannot be used: ${address.problem}`);
    return undefined;
  }
  // Loaded only for who has a team.
  const { connectFacts } = await import('../store/postgres/facts.ts');
  return { remote: connectFacts(address.config), onProblem };
}
