import type { DatabaseSync } from 'node:sqlite';
import { readLinks } from './fileLinks.ts';
import { hasAny, keyOf, moduleKey, packKeys, starKey, unpackKeys } from './nameKeys.ts';

/** Keys that the calls of each file hang on, gathered while they are resolved. */
export class ConsultedKeys {
  readonly #read;
  readonly #write;
  readonly #remove;
  #files = new Map<number, { readonly keys: Set<number>; readonly before: number }>();

  constructor(database: DatabaseSync) {
    this.#read = database.prepare('SELECT keys FROM consulted WHERE file = ?');
    this.#write = database.prepare('INSERT OR REPLACE INTO consulted (file, keys) VALUES (?, ?)');
    this.#remove = database.prepare('DELETE FROM consulted WHERE file = ?');
  }

  /** The keys of a file, to be added to. */
  of(file: number): Set<number> {
    const known = this.#files.get(file);
    if (known !== undefined) return known.keys;
    if (this.#files.size >= maxFiles) this.flush();
    const stored = this.#read.get(file)?.['keys'];
    const keys = new Set(stored instanceof Uint8Array ? unpackKeys(stored) : []);
    this.#files.set(file, { keys, before: keys.size });
    return keys;
  }

  /** Begins anew with a file of which all calls are resolved. */
  clear(file: number): void {
    this.#remove.run(file);
    this.#files.delete(file);
  }

  flush(): void {
    for (const [file, { keys, before }] of this.#files) if (keys.size > before) this.#write.run(file, packKeys(keys));
    this.#files = new Map();
  }
}

const maxFiles = 64;

/** Leaves the calls of those files to be resolved anew that hang on a name or module which means something else now. */
export function unresolveStale(database: DatabaseSync): void {
  const stale = new Set(
    database
      .prepare('SELECT key FROM stale_keys')
      .all()
      .map((row) => Number(row['key'])),
  );
  for (const row of database.prepare('SELECT name FROM stale_names').all()) stale.add(keyOf(String(row['name'])));
  if (stale.size === 0) return;
  if (handsOnStale(database, stale)) stale.add(starKey);
  const unresolve = database.prepare('UPDATE files SET resolved = 0 WHERE id = ?');
  const files: number[] = [];
  for (const { file, keys } of database.prepare('SELECT file, keys FROM consulted').iterate())
    if (keys instanceof Uint8Array && hasAny(unpackKeys(keys), stale)) files.push(Number(file));
  for (const file of files) unresolve.run(file);
}

/** True when a file hands on all of a module that came or went: who looked through such files did not note each of them. */
function handsOnStale(database: DatabaseSync, stale: ReadonlySet<number>): boolean {
  for (const { text } of database.prepare('SELECT text FROM links WHERE hands_on = 1').iterate()) {
    for (const [name, module] of readLinks(String(text)).bindings) {
      if (name !== '*') continue;
      const target = module.replace(/\.(?:d\.ts|[mc]?[jt]sx?)$/, '').replace(/\/index$/, '');
      const last = /[^./\\]+$/.exec(target)?.[0];
      if (last === undefined || stale.has(moduleKey(last))) return true;
    }
  }
  return false;
}
