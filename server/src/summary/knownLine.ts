import type { KnownLine } from '../context/context.ts';
import { meaningHash } from '../context/meaning.ts';
import type { SummaryStore } from '../store/store.ts';
import { idOf } from './subjects.ts';

/**
 * Lines of a file's symbols from the store, for context; only while the symbol's own code is what the summary was made from.
 * `repositoryOf` must give what the documents carry as `repository`.
 */
export function knownLineFrom(store: SummaryStore, repositoryOf: (uri: string) => string): KnownLine {
  return ({ uri, path }, syntax, index) => {
    const symbol = syntax.outline.symbols[index];
    if (symbol === undefined) return undefined;
    const latest = store.latest(idOf({ uri, path, repository: repositoryOf(uri), syntax }, index));
    return latest?.standsOn?.subject === meaningHash(syntax, symbol.range) ? latest.line : undefined;
  };
}
