import { availableParallelism, homedir } from 'node:os';
import { findAssets } from '../assets.ts';
import { homeFolder } from '../core.ts';
import { type IndexLocation, indexLocation, indexWorkerFile } from '../repository/indexLocation.ts';
import { type IndexReport, indexRepository } from '../repository/indexRepository.ts';
import { defaultSettings } from '../settings.ts';
import { ensureDataFolder } from '../store/home.ts';
import type { CommandContext } from './arguments.ts';

const maxThreads = 8;

/** Brings the index of a folder up to date, with progress for a person who watches. */
export async function updateIndex(
  context: CommandContext,
  folder: string,
): Promise<{ readonly location: IndexLocation; readonly report: IndexReport }> {
  const home = homeFolder(context.env);
  const location = indexLocation(folder, { home, userHome: homedir() });
  ensureDataFolder(home);
  const assets = findAssets(import.meta.dirname);
  const { isTerminal, err } = context.output;
  const report = await indexRepository({
    location,
    pool: { script: indexWorkerFile(assets), assets, threads: Math.min(maxThreads, availableParallelism()) },
    ignore: defaultSettings.ignore,
    signal: context.signal,
    onProgress: (files) => isTerminal && err(`\r\x1b[K${files} files`),
  });
  if (isTerminal) err('\r\x1b[K');
  return { location, report };
}
