import type { IndexedSymbol, Neighbour, SymbolGraph } from '../repository/symbolGraph.ts';
import { roleWeights } from './filePieces.ts';
import type { Find } from './indexFinds.ts';
import { isTestPath } from './pieceText.ts';

/** Symbols of a file that are asked about: a question costs a statement of SQLite or two. */
const mostSymbols = 60;
const maxUsers = 6;
const maxUsed = 12;

/**
 * What the index says about a whole file: one place in each of the files that use it most, and what of other files it builds on. None of it is what the
 * file itself stands on (its parts answer for that), so both are of roles that only help to say it well.
 * @param symbolPaths of the file's symbols, in order
 */
export function findForFile(graph: SymbolGraph, path: string, symbolPaths: readonly string[]): readonly Find[] {
  const own = symbolPaths.slice(0, mostSymbols).flatMap((symbolPath) => graph.named(path, symbolPath) ?? []);
  return [...users(graph, path, own), ...used(graph, path, own)];
}

function users(graph: SymbolGraph, path: string, own: readonly IndexedSymbol[]): readonly Find[] {
  const byFile = new Map<
    string,
    { readonly first: Neighbour; readonly of: IndexedSymbol; readonly names: Set<string> }
  >();
  for (const symbol of own)
    for (const caller of graph.callers(symbol)) {
      const file = caller.symbol.path;
      if (file === path || isTestPath(file)) continue;
      const known = byFile.get(file);
      if (known === undefined) byFile.set(file, { first: caller, of: symbol, names: new Set([symbol.symbolPath]) });
      else known.names.add(symbol.symbolPath);
    }
  return [...byFile]
    .sort(([fileA, a], [fileB, b]) => b.names.size - a.names.size || (fileA < fileB ? -1 : 1))
    .slice(0, maxUsers)
    .map(([, { first, of, names }], index) => ({
      role: 'caller',
      symbol: first.symbol,
      line: first.line,
      score: roleWeights.caller * first.confidence * (1 - index / (2 * maxUsers)),
      why: `uses ${names.size} of its symbols: ${of.name} in line ${first.line + 1}`,
    }));
}

function used(graph: SymbolGraph, path: string, own: readonly IndexedSymbol[]): readonly Find[] {
  const counts = new Map<number, { readonly symbol: IndexedSymbol; sure: number }>();
  for (const symbol of own)
    for (const callee of graph.callees(symbol)) {
      if (callee.symbol.path === path) continue;
      const known = counts.get(callee.symbol.id);
      if (known === undefined) counts.set(callee.symbol.id, { symbol: callee.symbol, sure: callee.confidence });
      else known.sure += callee.confidence;
    }
  return [...counts.values()]
    .sort((a, b) => b.sure - a.sure || a.symbol.id - b.symbol.id)
    .slice(0, maxUsed)
    .map(({ symbol }, index) => ({
      role: 'sibling',
      symbol,
      score: roleWeights.sibling * (1 - index / (2 * maxUsed)),
      why: 'used by the file',
    }));
}
