import { createHash } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Assets } from '../assets.ts';

/** A repository and where its index lies. */
export interface IndexLocation {
  /** Real path of the repository's root. */
  readonly root: string;
  /** Database file: `<home>/index/<sha256 of the real root>.db`. */
  readonly database: string;
}

/**
 * Where the index of a folder lies. Throws when the folder is none, or holds more than a repository: the root of a disk, the user's home
 * folder or a folder above it.
 */
export function indexLocation(
  folder: string,
  { home, userHome }: { readonly home: string; readonly userHome: string },
): IndexLocation {
  const root = realOf(folder);
  if (root === undefined || !statSync(root).isDirectory())
    throw new Error(`${folder} is not a folder: check the path.`);
  if (path.dirname(root) === root) throw new Error('the root of a disk is no repository: name a folder in it.');
  const user = realOf(userHome);
  if (user !== undefined && isInsideOrSame(user, root))
    throw new Error(`${folder} holds your home folder, which is no repository: name a folder in it.`);
  const name = createHash('sha256').update(root).digest('hex');
  return { root, database: path.join(home, 'index', `${name}.db`) };
}

/** The script of the parsing threads: beside the bundle, or the source itself in a checkout. */
export function indexWorkerFile({ bundled, root }: Assets): string {
  return bundled ? path.join(root, 'indexWorker.mjs') : path.join(root, 'server/src/repository/indexWorker.ts');
}

/** The script of the thread that keeps an open index up to date. */
export function indexThreadFile({ bundled, root }: Assets): string {
  return bundled ? path.join(root, 'indexThread.mjs') : path.join(root, 'server/src/repository/indexThread.ts');
}

/** The script of the thread that makes and compares vectors. */
export function vectorThreadFile({ bundled, root }: Assets): string {
  return bundled ? path.join(root, 'vectorThread.mjs') : path.join(root, 'server/src/repository/vectorThread.ts');
}

function realOf(folder: string): string | undefined {
  try {
    return realpathSync(folder);
  } catch {
    return undefined;
  }
}

function isInsideOrSame(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
}
