import { type Dirent, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IgnoreRules } from './ignoreRules.ts';

export interface WalkedFile {
  /** Absolute. */
  readonly file: string;
  /** Relative to the root, `/` between parts. */
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

export type SkipReason = 'ignored' | 'unreadable' | 'tooLarge' | 'symbolicLink' | 'limit' | 'notSource';

export interface WalkLimits {
  readonly maxFiles: number;
  /** Of all files together. */
  readonly maxBytes: number;
  readonly maxFileBytes: number;
  readonly maxDepth: number;
}

export const defaultWalkLimits: WalkLimits = {
  maxFiles: 200_000,
  maxBytes: 2 * 2 ** 30,
  maxFileBytes: 8 << 20,
  maxDepth: 64,
};

/**
 * All files below a folder that the ignore rules leave and `wanted` accepts, in a fixed order (folders and names by code unit). Symbolic
 * links are not followed: what they point to inside the root is walked in its own place, and what lies outside is not the repository's; so
 * no loop is possible. What is passed over is counted by reason through `skip`.
 */
export async function* walk(
  root: string,
  options: {
    readonly ignore: IgnoreRules;
    readonly wanted: (relativePath: string) => boolean;
    readonly skip: (reason: SkipReason, relativePath: string) => void;
    readonly limits?: WalkLimits;
    readonly signal?: AbortSignal;
    /** A folder below the root to walk instead of all; relative to the root, not ignored itself. */
    readonly from?: string;
  },
): AsyncGenerator<WalkedFile> {
  const limits = options.limits ?? defaultWalkLimits;
  const stack: { readonly relative: string; readonly depth: number }[] = [
    { relative: options.from ?? '', depth: options.from === undefined ? 0 : options.from.split('/').length },
  ];
  let looked = 0;
  let found = 0;
  let bytes = 0;
  for (let folder = stack.pop(); folder !== undefined; folder = stack.pop()) {
    options.signal?.throwIfAborted();
    const entries = await entriesOf(path.join(root, folder.relative));
    if (entries === undefined) {
      options.skip('unreadable', folder.relative);
      continue;
    }
    const folders: { readonly relative: string; readonly depth: number }[] = [];
    for (const entry of entries) {
      const relative = folder.relative === '' ? entry.name : `${folder.relative}/${entry.name}`;
      if (entry.isDirectory()) {
        if (options.ignore.isIgnoredItself(`${relative}/`)) options.skip('ignored', relative);
        else if (folder.depth >= limits.maxDepth) options.skip('limit', relative);
        else folders.push({ relative, depth: folder.depth + 1 });
      } else if (entry.isFile()) {
        if (!options.wanted(relative)) {
          options.skip('notSource', relative);
          continue;
        }
        if (options.ignore.isIgnoredItself(relative)) {
          options.skip('ignored', relative);
          continue;
        }
        looked += 1;
        if (looked % filesPerTurn === 0) await nextTurn();
        const file = fileOf(root, relative, limits, options.skip);
        if (file === undefined) continue;
        if (found >= limits.maxFiles || bytes + file.bytes > limits.maxBytes) {
          options.skip('limit', relative);
          continue;
        }
        found += 1;
        bytes += file.bytes;
        yield file;
      } else if (entry.isSymbolicLink()) options.skip('symbolicLink', relative);
    }
    stack.push(...folders.reverse());
  }
}

async function entriesOf(folder: string): Promise<Dirent[] | undefined> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch {
    return undefined;
  }
}

/** To ask for one file's size without waiting costs a tenth; others get their turn after so many. */
const filesPerTurn = 64;

function fileOf(
  root: string,
  relative: string,
  limits: WalkLimits,
  skip: (reason: SkipReason, relativePath: string) => void,
): WalkedFile | undefined {
  const file = path.join(root, relative);
  try {
    const info = statSync(file);
    if (info.size > limits.maxFileBytes) {
      skip('tooLarge', relative);
      return undefined;
    }
    return { file, path: relative, bytes: info.size, modifiedMs: info.mtimeMs };
  } catch {
    skip('unreadable', relative);
    return undefined;
  }
}
