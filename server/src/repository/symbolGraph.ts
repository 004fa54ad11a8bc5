import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { LineSpan, Range } from '../types/text.ts';
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
  members(id: number): readonly IndexedSymbol[];
  /** Symbols that the symbol, or one in it, calls; surest first, each once. */
  callees(of: IndexedSymbol): readonly Neighbour[];
  /** Symbols that call the symbol; surest first, each once. */
  callers(of: IndexedSymbol): readonly Neighbour[];
}

/** Enough for any prompt; a function that half the repository calls has more. */
const maxNeighbours = 100;

const columns = `s.id, f.path, f.language, s.name, s.symbol_path, s.kind, s.parent, s.start_line, s.start_character, s.end_line,
  s.end_character, s.signature, s.doc, s.doc_start_line, s.doc_end_line`;
const from = 'FROM symbols s JOIN files f ON f.id = s.file';

export function openSymbolGraph(database: DatabaseSync): SymbolGraph {
  const at = database.prepare(`
    SELECT ${columns} ${from} WHERE f.path = ? AND ? BETWEEN min(s.start_line, coalesce(s.doc_start_line, s.start_line)) AND s.end_line
    ORDER BY s.end_line - s.start_line, s.id DESC LIMIT 1`);
  const byId = database.prepare(`SELECT ${columns} ${from} WHERE s.id = ?`);
  const members = database.prepare(`SELECT ${columns} ${from} WHERE s.parent = ? ORDER BY s.id`);
  const callees = database.prepare(`
    WITH RECURSIVE inside (id) AS (SELECT ? UNION ALL SELECT m.id FROM symbols m JOIN inside i ON m.parent = i.id)
    SELECT ${columns}, max(e.confidence) AS confidence, min(c.line) AS line
    FROM inside i JOIN calls c ON c.caller = i.id JOIN edges e ON e.call = c.id JOIN symbols s ON s.id = e.callee JOIN files f ON f.id = s.file
    WHERE s.id NOT IN (SELECT id FROM inside) GROUP BY s.id ORDER BY confidence DESC, line LIMIT ${maxNeighbours}`);
  const callers = database.prepare(`
    SELECT ${columns}, max(e.confidence) AS confidence, min(c.line) AS line
    FROM edges e JOIN calls c ON c.id = e.call JOIN symbols s ON s.id = c.caller JOIN files f ON f.id = s.file
    WHERE e.callee = ? AND s.id <> e.callee GROUP BY s.id ORDER BY confidence DESC, f.path, line LIMIT ${maxNeighbours}`);
  const one = (row: Row | undefined): IndexedSymbol | undefined => (row === undefined ? undefined : symbolOf(row));
  return {
    symbolAt: (path, line) => one(at.get(path, line)),
    symbol: (id) => one(byId.get(id)),
    members: (id) => members.all(id).map(symbolOf),
    callees: ({ id }) => callees.all(id).map(neighbourOf),
    callers: ({ id }) => callers.all(id).map(neighbourOf),
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
