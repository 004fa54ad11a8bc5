import type { DatabaseSync } from 'node:sqlite';
import { type CallWriter, createCallWriter } from './callWriter.ts';
import type { FileRecord } from './fileRecord.ts';
import { createLinkWriter } from './linkWriter.ts';
import { createSymbolWriter, type SymbolWriter } from './symbolWriter.ts';

/** What the index knows of a file on disk: enough to see whether it changed. */
export interface FileState {
  readonly hash: string;
  readonly mtime: number;
  readonly size: number;
}

/** Writes files into the index. Each call belongs into a transaction of the caller's. */
export interface IndexWriter {
  /** To be called at the beginning of each transaction: another process may have written since the last. */
  begin(): void;
  /** All files in the index by path. */
  known(): ReadonlyMap<string, FileState>;
  state(path: string): FileState | undefined;
  /** Paths in the index that are the named one or lie below it. */
  pathsAt(path: string): readonly string[];
  /**
   * Puts a file in the place of what the index had under its path. What is the same stays as it is: calls from other files keep their edges to
   * symbols that are still there, and only calls that may mean something else now are left to be resolved.
   */
  replace(path: string, state: FileState, record: FileRecord): void;
  /** Notes that a file was touched without a change. */
  touch(path: string, mtime: number, size: number): void;
  remove(path: string): void;
}

export function createIndexWriter(database: DatabaseSync): IndexWriter {
  const statements = prepare(database);
  let hasResolved = false;
  const isFollowed = (): boolean => hasResolved;
  const symbols = createSymbolWriter(database, isFollowed);
  const calls = createCallWriter(database);
  const links = createLinkWriter(database, isFollowed);
  const remove = (path: string): void => {
    const file = statements.id.get(path)?.['id'];
    if (typeof file !== 'number') return;
    links.remove(file, path);
    calls.remove(file);
    symbols.remove(file);
    statements.remove.run(file);
  };
  return {
    begin() {
      hasResolved ||= statements.resolved.get() !== undefined;
    },
    known() {
      const rows = database.prepare('SELECT path, hash, mtime, size FROM files').all();
      return new Map(rows.map((row) => [String(row['path']), stateOf(row)]));
    },
    state(path) {
      const row = statements.state.get(path);
      return row === undefined ? undefined : stateOf(row);
    },
    // '0' follows '/' in code order.
    pathsAt: (path) => statements.pathsAt.all(path, `${path}/`, `${path}0`).map((row) => String(row['path'])),
    replace(path, { hash, mtime, size }, record) {
      const known = statements.id.get(path);
      const file = known?.['id'];
      if (typeof file === 'number' && known?.['language'] === record.language) {
        statements.update.run(hash, mtime, size, file);
        const before = links.before(file);
        const isOther = replaceParts(file, record, symbols, calls);
        if (links.write(file, path, record, before) || isOther) statements.unresolve.run(file);
        return;
      }
      remove(path);
      const made = Number(statements.insert.run(path, record.language, hash, mtime, size).lastInsertRowid);
      calls.insert(made, record, symbols.insert(made, record.symbols));
      links.write(made, path, record, undefined);
    },
    touch: (path, mtime, size) => void statements.touch.run(mtime, size, path),
    remove,
  };
}

/** True when calls of the file have to be resolved anew. */
function replaceParts(file: number, record: FileRecord, symbols: SymbolWriter, calls: CallWriter): boolean {
  const inPlace = symbols.update(file, record.symbols);
  if (inPlace !== undefined && calls.update(file, record, inPlace)) return false;
  calls.remove(file);
  calls.insert(file, record, inPlace ?? symbols.replace(file, record.symbols));
  return true;
}

function stateOf(row: Readonly<Record<string, unknown>>): FileState {
  return { hash: String(row['hash']), mtime: Number(row['mtime']), size: Number(row['size']) };
}

function prepare(database: DatabaseSync) {
  return {
    resolved: database.prepare('SELECT 1 FROM files WHERE resolved = 1 LIMIT 1'),
    id: database.prepare('SELECT id, language FROM files WHERE path = ?'),
    state: database.prepare('SELECT hash, mtime, size FROM files WHERE path = ?'),
    pathsAt: database.prepare('SELECT path FROM files WHERE path = ? OR (path >= ? AND path < ?)'),
    insert: database.prepare('INSERT INTO files (path, language, hash, mtime, size) VALUES (?, ?, ?, ?, ?)'),
    update: database.prepare('UPDATE files SET hash = ?, mtime = ?, size = ? WHERE id = ?'),
    unresolve: database.prepare('UPDATE files SET resolved = 0 WHERE id = ?'),
    touch: database.prepare('UPDATE files SET mtime = ?, size = ? WHERE path = ?'),
    remove: database.prepare('DELETE FROM files WHERE id = ?'),
  };
}
