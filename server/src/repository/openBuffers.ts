import type { DatabaseSync } from 'node:sqlite';
import type { SyntaxDocument } from '../syntax/document.ts';
import { rankRecord } from './bufferRank.ts';
import { type FileRecord, recordOf, type SymbolRecord } from './fileRecord.ts';
import { type SearchHit, searchIndex } from './searchIndex.ts';
import type { IndexedSymbol, Neighbour, SymbolGraph } from './symbolGraph.ts';

/** An open document of the repository as the editor has it. */
export interface OpenBuffer {
  /** Relative to the root, `/` between parts. */
  readonly path: string;
  readonly syntax: SyntaxDocument;
}

/** Lays the open documents over what the database says of their files. */
export interface BufferOverlay {
  search(query: string, limit: number): readonly SearchHit[];
  graph(of: SymbolGraph): SymbolGraph;
}

/** Hits of the database that open buffers may hide, beyond those that were asked for. */
const maxHiddenHits = 500;

/** @param buffers asked for at each question; its documents are parsed and follow their edits */
export function bufferOverlay(database: DatabaseSync, buffers: () => readonly OpenBuffer[]): BufferOverlay {
  const records = new WeakMap<
    SyntaxDocument,
    { readonly text: string; readonly path: string; readonly record: FileRecord }
  >();
  const recordIn = ({ path, syntax }: OpenBuffer): FileRecord => {
    const known = records.get(syntax);
    if (known !== undefined && known.text === syntax.text && known.path === path) return known.record;
    const record = recordOf(syntax, path);
    records.set(syntax, { text: syntax.text, path, record });
    return record;
  };
  const countSymbols = database.prepare(
    'SELECT count(*) AS n FROM symbols s JOIN files f ON f.id = s.file WHERE f.path = ?',
  );
  return {
    search(query, limit) {
      const open = buffers();
      if (open.length === 0) return searchIndex(database, query, limit);
      const paths = new Set(open.map(({ path }) => path));
      const hidden = [...paths].reduce((sum, path) => sum + Number(countSymbols.get(path)?.['n'] ?? 0), 0);
      const onDisk = searchIndex(database, query, limit + Math.min(maxHiddenHits, hidden));
      return [
        ...onDisk.filter(({ path }) => !paths.has(path)),
        ...open.flatMap((buffer) => rankRecord(database, buffer.path, recordIn(buffer), query)),
      ]
        .sort((left, right) => right.score - left.score)
        .slice(0, limit);
    },
    graph: (of) => overlaid(of, buffers, recordIn),
  };
}

function overlaid(
  of: SymbolGraph,
  buffers: () => readonly OpenBuffer[],
  recordIn: (buffer: OpenBuffer) => FileRecord,
): SymbolGraph {
  const bufferAt = (path: string): OpenBuffer | undefined => buffers().find((each) => each.path === path);
  const place = (symbol: IndexedSymbol): IndexedSymbol => {
    const buffer = bufferAt(symbol.path);
    const now =
      buffer &&
      recordIn(buffer).symbols.find(({ symbolPath, kind }) => symbolPath === symbol.symbolPath && kind === symbol.kind);
    return now === undefined ? symbol : asInBuffer(symbol, now);
  };
  const placed = <N extends { readonly symbol: IndexedSymbol }>(neighbour: N): N => ({
    ...neighbour,
    symbol: place(neighbour.symbol),
  });
  return {
    ...of,
    symbolAt(path, line) {
      const buffer = bufferAt(path);
      if (buffer === undefined) return of.symbolAt(path, line);
      const index = buffer.syntax.symbolAt(line);
      const now = index === undefined ? undefined : recordIn(buffer).symbols[index];
      const known = now && of.named(path, now.symbolPath);
      return known && now && asInBuffer(known, now);
    },
    symbol(id) {
      const known = of.symbol(id);
      return known && place(known);
    },
    named(path, symbolPath) {
      const known = of.named(path, symbolPath);
      return known && place(known);
    },
    typesNamed: (names) => of.typesNamed(names).map(place),
    imports(path) {
      const buffer = bufferAt(path);
      return buffer === undefined ? of.imports(path) : recordIn(buffer).imports;
    },
    members: (id) => of.members(id).map(place),
    callees: (symbol) => of.callees(symbol).map(placed<Neighbour>),
    callers: (symbol) => of.callers(symbol).map(placed<Neighbour>),
    relatives: (symbol) => of.relatives(symbol).map(placed),
  };
}

function asInBuffer(known: IndexedSymbol, { kind, range, signature, doc, docLines }: SymbolRecord): IndexedSymbol {
  return { ...known, kind, range, signature, doc, docLines };
}
