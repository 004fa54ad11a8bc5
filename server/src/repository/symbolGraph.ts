import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { LineSpan, Range } from '../types/text.ts';
import { importance } from './importance.ts';
import { overviewOf, type RepositoryOverview } from './overview.ts';
import { rangeOf } from './searchIndex.ts';

/** A symbol as the index knows it. */
export interface IndexedSymbol {
  readonly id: number;
  readonly path: string;
  readonly language: string;
  readonly name: string;
  readonly symbolPath: string;
  readonly kind: string;
  readonly parent: number | undefined;
  readonly range: Range;
  readonly signature: string;
  readonly doc: string;
  readonly docLines: LineSpan | undefined;
}

/** A symbol at the other end of a call. */
export interface Neighbour {
  readonly symbol: IndexedSymbol;
  /** 0–1: how sure the resolution is. */
  readonly confidence: number;
  /** Line of the call, 0-based, in the caller's file. */
  readonly line: number;
}

/** Questions about symbols and the calls between them. */
export interface SymbolGraph {
  /** The innermost symbol around a line of a file. */
  symbolAt(path: string, line: number): IndexedSymbol | undefined;
  symbol(id: number): IndexedSymbol | undefined;
  /** The symbol of a file by its symbol path. */
  named(path: string, symbolPath: string): IndexedSymbol | undefined;
  /** Classes and the like that bear one of these names, in the order of paths; at most so many as prompts need. */
  typesNamed(names: readonly string[]): readonly IndexedSymbol[];
  /** Symbols of a file that have a doc comment, in order. */
  documentedIn(path: string): readonly IndexedSymbol[];
  /** Imports of a file as they are written. */
  imports(path: string): readonly string[];
  /** SHA-256 of the file's bytes as they were indexed; undefined for a file that the index does not have. */
  fileHash(path: string): string | undefined;
  members(id: number): readonly IndexedSymbol[];
  /** Symbols that the symbol, or one in it, calls; surest first, each once. */
  callees(of: IndexedSymbol): readonly Neighbour[];
  /** Symbols that call the symbol; surest first, each once. */
  callers(of: IndexedSymbol): readonly Neighbour[];
  /** How near symbols are to a symbol by calls, as shares of a walk that starts there; the nearest ones only. */
  near(of: IndexedSymbol): ReadonlyMap<number, number>;
  /** The method of the same name in a base class, and those in classes that derive from the method's own class. */
  relatives(of: IndexedSymbol): readonly Relative[];
  /** What the repository is made of, as it is now. Takes longer than the other questions. */
  overview(): RepositoryOverview;
}

/** A method of the same name along the line of inheritance. */
export interface Relative {
  readonly symbol: IndexedSymbol;
  readonly relation: 'overridden' | 'overrides';
}

/** Enough for any prompt; a function that half the repository calls has more. */
const maxNeighbours = 100;
const maxTypes = 200;
const maxRelatives = 8;
/** Each costs two look-ups. */
const maxNear = 80;

const columns = `s.id, f.path, f.language, s.name, s.symbol_path, s.kind, s.parent, s.start_line, s.start_character, s.end_line,
  s.end_character, s.signature, s.doc, s.doc_start_line, s.doc_end_line`;
const from = 'FROM symbols s JOIN files f ON f.id = s.file';

export function openSymbolGraph(database: DatabaseSync): SymbolGraph {
  const at = database.prepare(`
    SELECT ${columns} ${from} WHERE f.path = ? AND ? BETWEEN min(s.start_line, coalesce(s.doc_start_line, s.start_line)) AND s.end_line
    ORDER BY s.end_line - s.start_line, s.id DESC LIMIT 1`);
  const byId = database.prepare(`SELECT ${columns} ${from} WHERE s.id = ?`);
  const members = database.prepare(
    `SELECT ${columns} ${from} WHERE s.file = (SELECT file FROM symbols WHERE id = ?1) AND s.parent = ?1 ORDER BY s.id`,
  );
  const callees = database.prepare(`
    WITH RECURSIVE inside (id) AS (
      SELECT ?1 UNION ALL SELECT m.id FROM symbols m JOIN inside i ON m.parent = i.id WHERE m.file = (SELECT file FROM symbols WHERE id = ?1)
    )
    SELECT ${columns}, max(e.confidence) AS confidence, min(c.line) AS line
    FROM inside i JOIN calls c ON c.file = (SELECT file FROM symbols WHERE id = ?1) AND c.caller = i.id JOIN edges e ON e.call = c.id JOIN symbols s ON s.id = e.callee JOIN files f ON f.id = s.file
    WHERE s.id NOT IN (SELECT id FROM inside) GROUP BY s.id ORDER BY confidence DESC, line, f.path, s.id LIMIT ${maxNeighbours}`);
  const callers = database.prepare(`
    SELECT ${columns}, max(e.confidence) AS confidence, min(c.line) AS line
    FROM edges e JOIN calls c ON c.id = e.call JOIN symbols s ON s.id = c.caller JOIN files f ON f.id = s.file
    WHERE e.callee = ? AND s.id <> e.callee GROUP BY s.id ORDER BY confidence DESC, f.path, line, s.id LIMIT ${maxNeighbours}`);
  const named = database.prepare(`SELECT ${columns} ${from} WHERE f.path = ? AND s.symbol_path = ? LIMIT 1`);
  const types = database.prepare(`
    SELECT ${columns} ${from} WHERE s.name IN (SELECT value FROM json_each(?))
    AND s.kind IN ('class', 'interface', 'struct', 'enum', 'object') ORDER BY f.path, s.id LIMIT ${maxTypes}`);
  const documented = database.prepare(
    `SELECT ${columns} ${from} WHERE f.path = ? AND s.doc <> '' ORDER BY s.id LIMIT ${maxNeighbours}`,
  );
  const imports = database.prepare('SELECT i.name FROM imports i JOIN files f ON f.id = i.file WHERE f.path = ?');
  const hash = database.prepare('SELECT hash FROM files WHERE path = ?');
  const overridden = database.prepare(`
    SELECT ${columns} ${from} JOIN symbols p ON p.id = s.parent JOIN bases b ON b.name = p.name
    WHERE b.symbol = ? AND s.name = ? AND s.id <> ? ORDER BY f.path, s.id LIMIT ${maxRelatives}`);
  const overrides = database.prepare(`
    SELECT ${columns} ${from} JOIN bases b ON b.symbol = s.parent JOIN symbols p ON p.id = ? AND p.name = b.name
    WHERE s.name = ? AND s.id <> ? ORDER BY f.path, s.id LIMIT ${maxRelatives}`);
  const one = (row: Row | undefined): IndexedSymbol | undefined => (row === undefined ? undefined : symbolOf(row));
  return {
    overview: () => overviewOf(database),
    symbolAt: (path, line) => one(at.get(path, line)),
    symbol: (id) => one(byId.get(id)),
    members: (id) => members.all(id).map(symbolOf),
    callees: ({ id }) => callees.all(id).map(neighbourOf),
    callers: ({ id }) => callers.all(id).map(neighbourOf),
    near: ({ id }) => importance(database, [id], { maxSymbols: maxNear, maxIterations: 30 }),
    named: (path, symbolPath) => one(named.get(path, symbolPath)),
    typesNamed: (names) => types.all(JSON.stringify(names)).map(symbolOf),
    documentedIn: (path) => documented.all(path).map(symbolOf),
    imports: (path) => imports.all(path).map((row) => String(row['name'])),
    fileHash: (path) => {
      const found = hash.get(path)?.['hash'];
      return typeof found === 'string' ? found : undefined;
    },
    relatives: ({ id, name, parent }) =>
      parent === undefined
        ? []
        : [
            ...overridden
              .all(parent, name, id)
              .map((row) => ({ symbol: symbolOf(row), relation: 'overridden' as const })),
            ...overrides
              .all(parent, name, id)
              .map((row) => ({ symbol: symbolOf(row), relation: 'overrides' as const })),
          ],
  };
}

type Row = Readonly<Record<string, SQLOutputValue>>;

function symbolOf(row: Row): IndexedSymbol {
  const docStart = row['doc_start_line'];
  return {
    id: Number(row['id']),
    path: String(row['path']),
    language: String(row['language']),
    name: String(row['name']),
    symbolPath: String(row['symbol_path']),
    kind: String(row['kind']),
    parent: row['parent'] === null ? undefined : Number(row['parent']),
    range: rangeOf(row),
    signature: String(row['signature']),
    doc: String(row['doc']),
    docLines: docStart === null ? undefined : { startLine: Number(docStart), endLine: Number(row['doc_end_line']) },
  };
}

function neighbourOf(row: Row): Neighbour {
  return { symbol: symbolOf(row), confidence: Number(row['confidence']), line: Number(row['line']) };
}
