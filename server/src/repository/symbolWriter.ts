import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { SymbolRecord } from './fileRecord.ts';

/** Writes the symbols of a file and what they are found by. Answers ids by place in the file. */
export interface SymbolWriter {
  insert(file: number, symbols: readonly SymbolRecord[]): readonly number[];
  /** Writes what changed of the symbols while they are still the same ones in the same order; undefined, and nothing written, when not. */
  update(file: number, symbols: readonly SymbolRecord[]): readonly number[] | undefined;
  /** New rows for all symbols. Edges that lead to a symbol which is still there lead to its new row. */
  replace(file: number, symbols: readonly SymbolRecord[]): readonly number[];
  remove(file: number): void;
}

interface KnownSymbol {
  readonly id: number;
  /** Path and kind: what makes a symbol the same one after an edit. */
  readonly key: string;
  /** The same with the kind of what is around it, which calls are resolved by too. */
  readonly meaning: string;
  readonly name: string;
  readonly terms: number;
}

const columns =
  'name, symbol_path, kind, parent, start_line, start_character, end_line, end_character, signature, doc, doc_start_line, doc_end_line, terms';

/** @param follows calls have been resolved: which of them mean another symbol now has to be remembered */
export function createSymbolWriter(database: DatabaseSync, follows: () => boolean): SymbolWriter {
  const statements = prepare(database);
  const insert = (
    file: number,
    symbols: readonly SymbolRecord[],
    changed: (name: string) => boolean,
  ): readonly number[] => {
    const ids: number[] = [];
    for (const symbol of symbols) {
      const { lastInsertRowid } = statements.insert.run(file, ...valuesOf(symbol, ids));
      const id = Number(lastInsertRowid);
      ids.push(id);
      statements.find.run(id, symbol.nameTerms, symbol.contextTerms, symbol.bodyTerms);
      if (changed(symbol.name)) statements.stale.run(symbol.name);
    }
    return ids;
  };
  const known = (file: number): readonly KnownSymbol[] =>
    statements.known.all(file).map((row) => ({
      id: Number(row['id']),
      key: keyOf(String(row['symbol_path']), String(row['kind'])),
      meaning: `${row['owner'] ?? ''} ${row['kind']} ${row['symbol_path']}`,
      name: String(row['name']),
      terms: Number(row['terms']),
    }));
  const drop = (file: number): void => {
    statements.lose.run(file);
    statements.removeAll.run(file);
  };
  return {
    insert: (file, symbols) => insert(file, symbols, follows),
    update(file, symbols) {
      const before = known(file);
      const isSame = ({ symbolPath, kind }: SymbolRecord, index: number): boolean =>
        before[index]?.key === keyOf(symbolPath, kind);
      if (before.length !== symbols.length || !symbols.every(isSame)) return undefined;
      const ids = before.map(({ id }) => id);
      for (const [index, symbol] of symbols.entries()) {
        const id = ids[index] ?? 0;
        statements.update.run(...valuesOf(symbol, ids), id);
        if (before[index]?.terms === termsHash(symbol)) continue;
        statements.loseOne.run(id);
        statements.find.run(id, symbol.nameTerms, symbol.contextTerms, symbol.bodyTerms);
      }
      return ids;
    },
    replace(file, symbols) {
      const before = known(file);
      const changed = namesThatMoved(before, symbols);
      for (const name of changed) statements.stale.run(name);
      drop(file);
      const ids = insert(file, symbols, () => false);
      const now = new Map(symbols.map(({ symbolPath, kind }, index) => [keyOf(symbolPath, kind), ids[index]]));
      for (const { id, key } of before) {
        const to = now.get(key);
        if (to === undefined) statements.cut.run(id);
        else statements.lead.run(to, id);
      }
      return ids;
    },
    remove(file) {
      for (const { name, id } of known(file)) {
        statements.stale.run(name);
        statements.cut.run(id);
      }
      drop(file);
    },
  };
}

/** Names that other bearers, or the same in another order, have now: which of them a call means may have changed. */
function namesThatMoved(before: readonly KnownSymbol[], symbols: readonly SymbolRecord[]): ReadonlySet<string> {
  const sequence = (of: readonly Pick<KnownSymbol, 'name' | 'meaning'>[]): ReadonlyMap<string, string> => {
    const meanings = new Map<string, string>();
    for (const { name, meaning } of of) meanings.set(name, `${meanings.get(name) ?? ''}\n${meaning}`);
    return meanings;
  };
  const old = sequence(before);
  const now = sequence(
    symbols.map(({ name, symbolPath, kind, parent }) => {
      const owner = parent === null ? undefined : symbols[parent];
      return { name, meaning: `${owner?.kind ?? ''} ${kind} ${symbolPath}` };
    }),
  );
  return new Set([...old.keys(), ...now.keys()].filter((name) => old.get(name) !== now.get(name)));
}

function keyOf(symbolPath: string, kind: string): string {
  return `${kind} ${symbolPath}`;
}

function valuesOf(symbol: SymbolRecord, ids: readonly number[]): readonly SQLInputValue[] {
  const { start, end } = symbol.range;
  const parent = symbol.parent === null ? null : (ids[symbol.parent] ?? null);
  return [
    ...[symbol.name, symbol.symbolPath, symbol.kind, parent],
    ...[start.line, start.character, end.line, end.character, symbol.signature, symbol.doc],
    ...[symbol.docLines?.startLine ?? null, symbol.docLines?.endLine ?? null, termsHash(symbol)],
  ];
}

/** FNV-1a over the terms, 32 bits twice in different orders, as one safe integer. */
function termsHash({ nameTerms, contextTerms, bodyTerms }: SymbolRecord): number {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (const text of [nameTerms, contextTerms, bodyTerms]) {
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      low = Math.imul(low ^ code, 0x01000193);
      high = Math.imul(high, 31) + code;
    }
    low = Math.imul(low ^ 0xff, 0x01000193);
  }
  return (high & 0x1fffff) * 2 ** 32 + (low >>> 0);
}

function prepare(database: DatabaseSync) {
  const assignments = columns
    .split(', ')
    .map((column) => `${column} = ?`)
    .join(', ');
  const places = columns.replace(/\w+/g, '?');
  return {
    insert: database.prepare(`INSERT INTO symbols (file, ${columns}) VALUES (?, ${places})`),
    update: database.prepare(`UPDATE symbols SET ${assignments} WHERE id = ?`),
    known: database.prepare(
      'SELECT s.id, s.symbol_path, s.kind, s.name, s.terms, p.kind AS owner FROM symbols s LEFT JOIN symbols p ON p.id = s.parent WHERE s.file = ? ORDER BY s.id',
    ),
    removeAll: database.prepare('DELETE FROM symbols WHERE file = ?'),
    find: database.prepare('INSERT INTO search (rowid, name, context, body) VALUES (?, ?, ?, ?)'),
    lose: database.prepare('DELETE FROM search WHERE rowid IN (SELECT id FROM symbols WHERE file = ?)'),
    loseOne: database.prepare('DELETE FROM search WHERE rowid = ?'),
    stale: database.prepare('INSERT OR IGNORE INTO stale_names VALUES (?)'),
    lead: database.prepare('UPDATE OR REPLACE edges SET callee = ? WHERE callee = ?'),
    cut: database.prepare('DELETE FROM edges WHERE callee = ?'),
  };
}
