import type { Candidate, SymbolsOfName } from './bearers.ts';
import type { Scope } from './callSite.ts';

/** What an expression is. `class` is the class itself (its static members), `instance` an object of it. */
export type Value =
  | { readonly kind: 'class' | 'instance'; readonly symbol: Candidate }
  | { readonly kind: 'functions'; readonly symbols: readonly Candidate[]; readonly self: Candidate | undefined }
  | { readonly kind: 'module'; readonly file: number }
  | { readonly kind: 'foreign' };

/** What else is asked of symbols. */
export interface SymbolFacts {
  signature(symbol: Candidate): string;
  /** Base classes as written. */
  bases(symbol: Candidate): readonly string[];
  /** The symbols around a symbol, itself first. */
  scopes(symbol: Candidate): readonly Scope[];
  named(name: string): SymbolsOfName;
}

export const classKinds: ReadonlySet<string> = new Set(['class', 'interface', 'struct', 'enum', 'object']);
export const holderKinds: ReadonlySet<string> = new Set([...classKinds, 'module', 'namespace']);

/** What some symbols of one name are. @param self the object that they are members of */
export function valueOfSymbols(symbols: readonly Candidate[], self: Candidate | undefined): Value | undefined {
  const holder = symbols.find(({ kind }) => holderKinds.has(kind));
  const functions = symbols.filter(({ kind }) => !holderKinds.has(kind));
  if (functions.length > 0) return { kind: 'functions', symbols: functions, self };
  return holder === undefined ? undefined : { kind: 'class', symbol: holder };
}
