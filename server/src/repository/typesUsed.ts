import { endsIn, importTargets, placeOf } from './importTargets.ts';
import type { IndexedSymbol, SymbolGraph } from './symbolGraph.ts';

/** A type that a name means. */
export interface UsedType {
  readonly symbol: IndexedSymbol;
  /** 0–1. */
  readonly confidence: number;
}

const maxTypes = 8;

/**
 * Classes, interfaces and the like that names in a symbol mean: of the same file, else imported by it, else the only one of that name in
 * the same language.
 */
export function typesUsed(graph: SymbolGraph, of: IndexedSymbol, names: readonly string[]): readonly UsedType[] {
  const bearers = new Map<string, IndexedSymbol[]>();
  for (const symbol of graph.typesNamed(names)) {
    if (symbol.language !== of.language) continue;
    const same = bearers.get(symbol.name);
    if (same === undefined) bearers.set(symbol.name, [symbol]);
    else same.push(symbol);
  }
  const targets = importTargets(graph.imports(of.path), placeOf(of.path).folder);
  const isImported = ({ path }: IndexedSymbol): boolean => {
    const place = placeOf(path);
    return targets.exact.includes(place.target) || targets.tails.some(({ tail }) => endsIn(place, tail));
  };
  return [...bearers.values()]
    .flatMap((symbols): readonly UsedType[] => {
      const near = symbols.find(({ path }) => path === of.path);
      if (near !== undefined) return [{ symbol: near, confidence: 0.95 }];
      const imported = symbols.find(isImported);
      if (imported !== undefined) return [{ symbol: imported, confidence: 0.9 }];
      const [only] = symbols;
      return only === undefined || symbols.length > 1 ? [] : [{ symbol: only, confidence: 0.6 }];
    })
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, maxTypes);
}
