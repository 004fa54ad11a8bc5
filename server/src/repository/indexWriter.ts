import type { DatabaseSync } from 'node:sqlite';
import type { FileRecord, SymbolRecord } from './fileRecord.ts';

/** What the index knows of a file on disk: enough to see whether it changed. */
export interface FileState {
  readonly hash: string;
  readonly mtime: number;
  readonly size: number;
}

/** Writes files into the index. Each call belongs into a transaction of the caller's. */
export interface IndexWriter {
  /** All files in the index by path. */
  known(): ReadonlyMap<string, FileState>;
  state(path: string): FileState | undefined;
  /** Paths in the index that are the named one or lie below it. */
  pathsAt(path: string): readonly string[];
  /** Puts a file in the place of what the index had under its path. */
  replace(path: string, state: FileState, record: FileRecord): void;
  /** Notes that a file was touched without a change. */
  touch(path: string, mtime: number, size: number): void;
  remove(path: string): void;
}

const removals = [
  'INSERT OR IGNORE INTO stale_names SELECT name FROM symbols WHERE file = ?',
  'DELETE FROM edges WHERE callee IN (SELECT id FROM symbols WHERE file = ?)',
  'DELETE FROM edges WHERE call IN (SELECT id FROM calls WHERE file = ?)',
  'DELETE FROM search WHERE rowid IN (SELECT id FROM symbols WHERE file = ?)',
  'DELETE FROM bases WHERE symbol IN (SELECT id FROM symbols WHERE file = ?)',
  'DELETE FROM imports WHERE file = ?',
  'DELETE FROM calls WHERE file = ?',
  'DELETE FROM symbols WHERE file = ?',
  'DELETE FROM files WHERE id = ?',
];

export function createIndexWriter(database: DatabaseSync): IndexWriter {
  const statements = prepare(database);
  const remove = (path: string): void => {
    const id = statements.fileId.get(path)?.['id'];
    if (typeof id === 'number') for (const statement of statements.removals) statement.run(id);
  };
  const insertSymbol = (file: number, symbol: SymbolRecord, ids: readonly number[]): number => {
    const { start, end } = symbol.range;
    const parent = symbol.parent === null ? null : (ids[symbol.parent] ?? null);
    const { lastInsertRowid } = statements.symbol.run(
      ...[file, symbol.name, symbol.symbolPath, symbol.kind, parent],
      ...[start.line, start.character, end.line, end.character, symbol.signature, symbol.doc],
      ...[symbol.docLines?.startLine ?? null, symbol.docLines?.endLine ?? null],
    );
    const id = Number(lastInsertRowid);
    statements.search.run(id, symbol.nameTerms, symbol.contextTerms, symbol.bodyTerms);
    statements.staleName.run(symbol.name);
    return id;
  };
  return {
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
      remove(path);
      const file = Number(statements.file.run(path, record.language, hash, mtime, size).lastInsertRowid);
      const ids: number[] = [];
      for (const symbol of record.symbols) ids.push(insertSymbol(file, symbol, ids));
      for (const { caller, name, receiver, at } of record.calls) {
        const callerId = caller === null ? null : (ids[caller] ?? null);
        statements.call.run(file, callerId, name, receiver, at.line, at.character);
      }
      for (const name of record.imports) statements.import.run(file, name);
      for (const { symbol, name } of record.bases) statements.base.run(ids[symbol] ?? null, name);
    },
    touch: (path, mtime, size) => void statements.touch.run(mtime, size, path),
    remove,
  };
}

function stateOf(row: Readonly<Record<string, unknown>>): FileState {
  return { hash: String(row['hash']), mtime: Number(row['mtime']), size: Number(row['size']) };
}

function prepare(database: DatabaseSync) {
  return {
    state: database.prepare('SELECT hash, mtime, size FROM files WHERE path = ?'),
    pathsAt: database.prepare('SELECT path FROM files WHERE path = ? OR (path >= ? AND path < ?)'),
    fileId: database.prepare('SELECT id FROM files WHERE path = ?'),
    removals: removals.map((sql) => database.prepare(sql)),
    file: database.prepare('INSERT INTO files (path, language, hash, mtime, size) VALUES (?, ?, ?, ?, ?)'),
    symbol: database.prepare(
      'INSERT INTO symbols (file, name, symbol_path, kind, parent, start_line, start_character, end_line, end_character, signature, doc, doc_start_line, doc_end_line) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    search: database.prepare('INSERT INTO search (rowid, name, context, body) VALUES (?, ?, ?, ?)'),
    staleName: database.prepare('INSERT OR IGNORE INTO stale_names VALUES (?)'),
    call: database.prepare(
      'INSERT INTO calls (file, caller, name, receiver, line, character) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    import: database.prepare('INSERT OR IGNORE INTO imports VALUES (?, ?)'),
    base: database.prepare('INSERT OR IGNORE INTO bases VALUES (?, ?)'),
    touch: database.prepare('UPDATE files SET mtime = ?, size = ? WHERE path = ?'),
  };
}
