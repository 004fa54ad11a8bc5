import type { DatabaseSync } from 'node:sqlite';
import { readLinks } from './fileLinks.ts';
import type { FileRecord } from './fileRecord.ts';
import { lastParts, placeOf } from './importTargets.ts';
import { type Binding, isAlias } from './moduleNames.ts';
import { keyOf, moduleKey } from './nameKeys.ts';

/**
 * Writes what a file links, and notes the names whose meaning changed with it: other files' calls may have hung on them. Nothing is noted while
 * no calls have been resolved.
 */
export interface LinkWriter {
  /** What the names of the file mean now; to be taken before anything of it is written. */
  before(file: number): Meanings;
  /** True when the calls of the file may mean something else than before. */
  write(file: number, path: string, record: FileRecord, before: Meanings | undefined): boolean;
  /** To be called before the symbols are removed. */
  remove(file: number, path: string): void;
}

/** What the names of a file mean, and its links as they are written. */
interface Meanings {
  readonly of: ReadonlyMap<string, string>;
  readonly links: string;
}

interface Named {
  readonly name: string;
  readonly kind: string;
  readonly symbolPath: string;
  readonly signature: string;
}

/** @param follows calls have been resolved */
export function createLinkWriter(database: DatabaseSync, follows: () => boolean): LinkWriter {
  const statements = prepare(database);
  const before = (file: number): Meanings => {
    if (!follows()) return { of: new Map(), links: '' };
    const symbols = statements.symbols.all(file);
    const places = new Map(symbols.map(({ id }, index) => [id, index]));
    const bases = statements.bases
      .all(file)
      .map((row) => ({ symbol: places.get(row['symbol'] ?? null) ?? -1, name: String(row['name']) }));
    const named = symbols.map((row) => ({
      name: String(row['name']),
      kind: String(row['kind']),
      symbolPath: String(row['symbol_path']),
      signature: String(row['signature']),
    }));
    return meaningsOf(named, bases, String(statements.links.get(file)?.['text'] ?? ''));
  };
  const note = (names: Iterable<string>): void => {
    for (const name of names) statements.stale.run(keyOf(name));
  };
  // Calls by such a name, which no symbol bears, are found by it alone.
  const noteAliases = (text: string): void => {
    for (const name of aliasesIn(readLinks(text).bindings)) statements.staleName.run(name);
  };
  const notePlace = (path: string): void => {
    for (const part of lastParts(placeOf(path))) statements.stale.run(moduleKey(part));
  };
  return {
    before,
    write(file, path, record, was) {
      const { bindings } = readLinks(record.links);
      // Not `INSERT OR REPLACE`: a statement that may have to undo a part of itself makes FTS5 write out all that it has gathered, file by file.
      statements.remove.run(file);
      if (record.links !== '')
        statements.write.run(file, record.links, bindings.some(([name]) => name === '*') ? 1 : 0);
      statements.removeAliases.run(file);
      for (const name of aliasesIn(bindings)) statements.alias.run(name, file);
      if (!follows()) return false;
      const now = meaningsOf(record.symbols, record.bases, record.links);
      const changed = [...new Set([...(was?.of.keys() ?? []), ...now.of.keys()])].filter(
        (name) => was?.of.get(name) !== now.of.get(name),
      );
      note(changed);
      if (record.links !== was?.links) {
        noteAliases(record.links);
        noteAliases(was?.links ?? '');
      }
      if (was === undefined) notePlace(path);
      // Which of several declarations a call means hangs on their order, too.
      return changed.length > 0 || record.links !== '';
    },
    remove(file, path) {
      if (follows()) {
        const was = before(file);
        note(was.of.keys());
        noteAliases(was.links);
        notePlace(path);
      }
      statements.remove.run(file);
      statements.removeAliases.run(file);
      statements.forget.run(file);
    },
  };
}

function meaningsOf(
  symbols: readonly Named[],
  bases: readonly { readonly symbol: number; readonly name: string }[],
  text: string,
): Meanings {
  const meanings = new Map<string, string>();
  const add = (name: string, meaning: string): void => {
    meanings.set(name, `${meanings.get(name) ?? ''}${meaning}\n`);
  };
  for (const { name, kind, symbolPath, signature } of symbols) add(name, `${kind} ${symbolPath} ${signature}`);
  for (const { symbol, name } of [...bases].sort((a, b) => a.symbol - b.symbol || (a.name < b.name ? -1 : 1)))
    add(symbols[symbol]?.name ?? '', `< ${name}`);
  const { bindings, types } = readLinks(text);
  for (const [name, module, imported] of bindings) add(name, `${module} ${imported}`);
  for (const [owner, name, type] of types) {
    const around = symbols[owner];
    // What a function returns is asked by its own name, and a field set in a method by the field's.
    const asked = name === 'return' ? (around?.name ?? '') : name.replace(/^this\./, '');
    add(asked, `${around?.symbolPath ?? ''}: ${type}`);
  }
  return { of: meanings, links: text };
}

function aliasesIn(bindings: readonly Binding[]): ReadonlySet<string> {
  return new Set(bindings.filter(isAlias).map(([name]) => name));
}

function prepare(database: DatabaseSync) {
  return {
    symbols: database.prepare('SELECT id, name, kind, symbol_path, signature FROM symbols WHERE file = ? ORDER BY id'),
    bases: database.prepare('SELECT b.symbol, b.name FROM symbols s JOIN bases b ON b.symbol = s.id WHERE s.file = ?'),
    links: database.prepare('SELECT text FROM links WHERE file = ?'),
    write: database.prepare('INSERT INTO links (file, text, hands_on) VALUES (?, ?, ?)'),
    remove: database.prepare('DELETE FROM links WHERE file = ?'),
    alias: database.prepare('INSERT OR IGNORE INTO aliases (name, file) VALUES (?, ?)'),
    removeAliases: database.prepare('DELETE FROM aliases WHERE file = ?'),
    staleName: database.prepare('INSERT OR IGNORE INTO stale_names VALUES (?)'),
    forget: database.prepare('DELETE FROM consulted WHERE file = ?'),
    stale: database.prepare('INSERT OR IGNORE INTO stale_keys VALUES (?)'),
  };
}
