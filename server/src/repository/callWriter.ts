import type { DatabaseSync } from 'node:sqlite';
import type { FileRecord } from './fileRecord.ts';

/** Writes the calls, imports and base classes of a file. `ids` are those of its symbols, by place in the file. */
export interface CallWriter {
  insert(file: number, record: FileRecord, ids: readonly number[]): void;
  /** Moves calls that are still the same to where they stand now; false, and nothing written, when what the file calls may mean something else. */
  update(file: number, record: FileRecord, ids: readonly number[]): boolean;
  /** To be called before the symbols are removed. */
  remove(file: number): void;
}

const removals = [
  'DELETE FROM edges WHERE call IN (SELECT id FROM calls WHERE file = ?)',
  'DELETE FROM bases WHERE symbol IN (SELECT id FROM symbols WHERE file = ?)',
  'DELETE FROM imports WHERE file = ?',
  'DELETE FROM calls WHERE file = ?',
];

export function createCallWriter(database: DatabaseSync): CallWriter {
  const statements = prepare(database);
  return {
    insert(file, record, ids) {
      for (const { caller, name, receiver, at } of record.calls) {
        const from = caller === null ? null : (ids[caller] ?? null);
        statements.call.run(file, from, name, receiver, at.line, at.character);
      }
      for (const name of record.imports) statements.import.run(file, name);
      for (const { symbol, name } of record.bases) statements.base.run(ids[symbol] ?? null, name);
    },
    update(file, record, ids) {
      const imports = statements.imports.all(file).map((row) => String(row['name']));
      if (!isSameSet(imports, record.imports)) return false;
      const bases = statements.bases.all(file).map((row) => `${row['symbol']} ${row['name']}`);
      const basesNow = record.bases.map(({ symbol, name }) => `${ids[symbol]} ${name}`);
      if (!isSameSet(bases, basesNow)) return false;
      const calls = statements.calls.all(file);
      const isSame = calls.every((row, index) => {
        const now = record.calls[index];
        const caller = now?.caller == null ? null : (ids[now.caller] ?? null);
        return row['name'] === now?.name && row['receiver'] === now?.receiver && row['caller'] === caller;
      });
      if (calls.length !== record.calls.length || !isSame) return false;
      for (const [index, { id, line, character }] of calls.entries()) {
        const at = record.calls[index]?.at;
        if (at !== undefined && (at.line !== line || at.character !== character))
          statements.move.run(at.line, at.character, id ?? null);
      }
      return true;
    },
    remove(file) {
      for (const statement of statements.removals) statement.run(file);
    },
  };
}

function isSameSet(left: readonly string[], right: readonly string[]): boolean {
  const all = new Set(left);
  const others = new Set(right);
  return all.size === others.size && right.every((each) => all.has(each));
}

function prepare(database: DatabaseSync) {
  return {
    call: database.prepare(
      'INSERT INTO calls (file, caller, name, receiver, line, character) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    calls: database.prepare('SELECT id, caller, name, receiver, line, character FROM calls WHERE file = ? ORDER BY id'),
    move: database.prepare('UPDATE calls SET line = ?, character = ? WHERE id = ?'),
    import: database.prepare('INSERT OR IGNORE INTO imports VALUES (?, ?)'),
    imports: database.prepare('SELECT name FROM imports WHERE file = ?'),
    base: database.prepare('INSERT OR IGNORE INTO bases VALUES (?, ?)'),
    bases: database.prepare('SELECT b.symbol, b.name FROM bases b JOIN symbols s ON s.id = b.symbol WHERE s.file = ?'),
    removals: removals.map((sql) => database.prepare(sql)),
  };
}
