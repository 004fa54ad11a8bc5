import type { LanguageId } from '../types/outline.ts';
import type { Syntax, SyntaxDocument } from './document.ts';
import { freeGrammar, type Grammar, type GrammarUse, type Locate, loadGrammar, SyntaxUnavailable } from './grammar.ts';
import { languages } from './languages.ts';
import { type Clock, type ParseLimits, parseLimits } from './parse.ts';
import { TreeDocument } from './treeDocument.ts';

export interface SyntaxOptions {
  /** Where grammars and queries stand: `repositoryAssets` or `bundledAssets`. */
  readonly locate: Locate;
  /** Macros that define routines, by language (setting `symbols.macros`). */
  readonly macros?: Readonly<Record<string, readonly string[]>>;
  readonly limits?: Partial<ParseLimits>;
  readonly clock?: Clock;
  /** `baseline`: V8 shall not optimize any lexer, for threads of which several load many grammars at once (see `baselineCode.ts`). */
  readonly lexers?: 'optimized' | 'baseline';
  /** `whole`: documents are opened with `openWhole` and asked for what is in them, so that only the query for that is compiled before. */
  readonly use?: GrammarUse;
}

/** After so many crashes of one grammar it is not tried again: the runtime's memory can no longer be trusted. */
const maxCrashes = 3;

/** Opens documents of every language; grammars are loaded when first needed, one parser each. */
export function createSyntax(options: SyntaxOptions): Syntax {
  const loading = new Map<LanguageId, Promise<Grammar>>();
  const loaded = new Map<LanguageId, Grammar>();
  const crashes = new Map<LanguageId, number>();
  const host = { limits: { ...parseLimits, ...options.limits }, clock: options.clock ?? (() => performance.now()) };
  let disposed = false;

  const load = async (id: LanguageId): Promise<Grammar> => {
    const grammar = await loadGrammar(id, options.locate, options.macros?.[id], {
      lexers: options.lexers ?? 'optimized',
      use: options.use ?? 'open',
    });
    if (disposed) {
      freeGrammar(grammar);
      throw new SyntaxUnavailable(id, 'the syntax service is closed');
    }
    loaded.set(id, grammar);
    return grammar;
  };

  const grammarOf = (id: LanguageId): Promise<Grammar> => {
    if (disposed) return Promise.reject(new SyntaxUnavailable(id, 'the syntax service is closed'));
    if ((crashes.get(id) ?? 0) >= maxCrashes) {
      return Promise.reject(new SyntaxUnavailable(id, 'its parser failed repeatedly; restart the server'));
    }
    const known = loading.get(id);
    if (known !== undefined) return known;
    const promise = load(id);
    loading.set(id, promise);
    promise.catch(() => loading.delete(id));
    return promise;
  };

  const onCrash = (id: LanguageId): void => {
    crashes.set(id, (crashes.get(id) ?? 0) + 1);
    loading.delete(id);
  };

  const open = async (id: LanguageId, text: string, signal?: AbortSignal, asksAll = false): Promise<SyntaxDocument> => {
    signal?.throwIfAborted();
    const grammar = await grammarOf(id);
    signal?.throwIfAborted();
    const document = new TreeDocument(
      id,
      text,
      { ...host, grammar: () => loaded.get(id) ?? grammar, onCrash: () => onCrash(id), asksAll },
      signal,
    );
    if (signal?.aborted === true) document.dispose();
    signal?.throwIfAborted();
    return document;
  };

  return {
    open: (id, text, signal) => open(id, text, signal),
    openWhole: (id, text, signal) => open(id, text, signal, true),
    grammars: () =>
      languages.map((row) => ({
        language: row.id,
        file: options.locate(row.grammar.file),
        loaded: loaded.has(row.id),
      })),
    dispose: () => {
      disposed = true;
      for (const grammar of loaded.values()) freeGrammar(grammar);
      loaded.clear();
      loading.clear();
    },
  };
}
