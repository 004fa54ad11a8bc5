import type { KnownLine } from '../context/context.ts';
import { meaningHash } from '../context/meaning.ts';
import type { SummaryStore } from '../store/store.ts';
import type { ContentHash } from '../types/summary.ts';
import { subjectId } from './keys.ts';
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

/** What the store has of a symbol in a file that is not open, with the hash of the code that it was said of: the caller checks that. */
export function saidLineFrom(store: SummaryStore, repositoryOf: (uri: string) => string) {
  return (
    { uri, path }: { readonly uri: string; readonly path: string },
    symbolPath: string,
  ): { readonly line: string; readonly subject: ContentHash } | undefined => {
    const latest = store.latest(subjectId(repositoryOf(uri), path, `symbol ${symbolPath}`));
    return latest?.standsOn === undefined ? undefined : { line: latest.line, subject: latest.standsOn.subject };
  };
}
