import path from 'node:path';

/*
 * Names and modules that the meaning of a call hangs on, as numbers: a file keeps some hundred of them. Two names that share a number cost a
 * look too many, never an answer that is old.
 */

/** FNV-1a, 32 bits. */
export function keyOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** Any file's list of modules that it hands on as a whole. */
export const starKey = keyOf('*');

/** A file that is or may come to be at a path; `target` without ending. Files of a folder's name stand for the folder. */
export function moduleKey(target: string): number {
  return keyOf(`/${path.posix.basename(target)}`);
}

/** Numbers as bytes, ascending. */
export function packKeys(keys: ReadonlySet<number>): Uint8Array {
  return new Uint8Array(Uint32Array.from(keys).sort().buffer);
}

export function unpackKeys(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.slice().buffer);
}

/** Whether ascending keys hold one of some keys, which are few. */
export function hasAny(ascending: Uint32Array, wanted: ReadonlySet<number>): boolean {
  for (const key of wanted) if (holds(ascending, key)) return true;
  return false;
}

function holds(ascending: Uint32Array, key: number): boolean {
  let from = 0;
  let to = ascending.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const found = ascending[middle] ?? 0;
    if (found === key) return true;
    if (found < key) from = middle + 1;
    else to = middle;
  }
  return false;
}
