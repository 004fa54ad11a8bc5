import { existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type FilePlace, type RepositorySource, readableIndex, repositorySource } from '../context/repositorySource.ts';
import { openIndexDatabase } from '../repository/indexDatabase.ts';
import { decodeSource } from '../repository/sourceText.ts';
import type { CommandContext } from './arguments.ts';
import { printedPath } from './files.ts';
import { updateIndex } from './indexing.ts';

/** The repositories of the files that a command names, each with its index. */
export interface Repositories {
  /**
   * Brings the index of the repository around a file up to date, once per repository and command. When that takes longer than `limitMs`,
   * it says so, leaves what was done for the next time, and the repository has no source in this run.
   */
  prepare(file: string, limitMs?: number): Promise<void>;
  /** The repository of a file; undefined unless it was prepared. */
  sourceOf(place: FilePlace): RepositorySource | undefined;
  dispose(): void;
}

/** How long a command that can do without an index waits for it. */
export const indexPatienceMs = 10_000;

export function openRepositories(context: CommandContext): Repositories {
  const cwd = realpathSync(context.cwd);
  const databases: DatabaseSync[] = [];
  const sources = new Map<string, Promise<RepositorySource | undefined>>();
  const ready = new Map<string, RepositorySource>();
  const open = async (root: string, limitMs: number | undefined): Promise<RepositorySource | undefined> => {
    const limit = limitMs === undefined ? undefined : AbortSignal.timeout(limitMs);
    const signal = limit === undefined ? context.signal : AbortSignal.any([context.signal, limit]);
    try {
      const { location } = await updateIndex({ ...context, signal }, root);
      const database = openIndexDatabase(location.database);
      databases.push(database);
      const source = repositorySource(readableIndex(database), placesIn(location.root, cwd));
      ready.set(location.root, source);
      return source;
    } catch (error) {
      if (context.signal.aborted || limitMs === undefined) throw error;
      const reason = limit?.aborted === true ? 'its index is not finished' : (error as Error).message;
      context.output.err(`codegloss: context is that of each file alone: ${reason}.\n`);
      return undefined;
    }
  };
  return {
    async prepare(file, limitMs) {
      const root = repositoryAround(realOf(file), cwd);
      const source = sources.get(root) ?? open(root, limitMs);
      sources.set(root, source);
      await source;
    },
    sourceOf({ uri }) {
      if (!uri.startsWith('file:')) return undefined;
      const file = realOf(fileURLToPath(uri));
      const roots = [...ready.keys()].filter((root) => file.startsWith(root + path.sep));
      return ready.get(roots.sort((a, b) => b.length - a.length)[0] ?? '');
    },
    dispose() {
      for (const database of databases) database.close();
    },
  };
}

/** The nearest folder above the file that holds `.git`, else the working directory, else the file's own folder. */
function repositoryAround(file: string, cwd: string): string {
  for (let folder = path.dirname(file); path.dirname(folder) !== folder; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, '.git'))) return folder;
  }
  const relative = path.relative(cwd, file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? path.dirname(file) : cwd;
}

/** Paths of the index, relative to its root, and those that are printed, relative to the working directory. */
export function placesIn(root: string, cwd: string) {
  return {
    toIndex({ path: printed }: FilePlace): string | undefined {
      const relative = path.relative(root, realOf(path.resolve(cwd, printed)));
      return relative.startsWith('..') || path.isAbsolute(relative) ? undefined : relative.split(path.sep).join('/');
    },
    fromIndex(file: string): FilePlace {
      const absolute = path.join(root, file);
      return { uri: pathToFileURL(absolute).href, path: printedPath(absolute, cwd) };
    },
    async textOf(file: string): Promise<string | undefined> {
      const bytes = await readFile(path.join(root, file)).catch(() => undefined);
      return bytes === undefined ? undefined : decodeSource(bytes)?.text;
    },
  };
}

function realOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}
