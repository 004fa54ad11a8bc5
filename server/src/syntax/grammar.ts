import { readFile } from 'node:fs/promises';
import { Language, Parser, Query } from 'web-tree-sitter';
import type { LanguageId } from '../types/outline.ts';
import { isDearToOptimize, keepLexerBaseline } from './baselineCode.ts';
import { type ItemPlan, planItems } from './items.ts';
import { type LanguageRow, languageRow } from './languages.ts';
import { readMatchesFrom } from './matches.ts';
import { patternsIn } from './queryText.ts';
import { saysCalls } from './uses.ts';

/** Finds an asset on disk: `web-tree-sitter.wasm`, a grammar by its file name, or a query by its path below the repository root. */
export type Locate = (asset: string) => string;

/** A grammar or its queries could not be loaded: the file is missing or does not fit the runtime. */
export class SyntaxUnavailable extends Error {
  readonly language: LanguageId;

  constructor(language: LanguageId, cause: unknown) {
    super(`The grammar of ${language} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.name = 'SyntaxUnavailable';
    this.language = language;
  }
}

/** A loaded grammar: one parser and one query of each kind, used again for every file. */
export interface Grammar {
  readonly row: LanguageRow;
  readonly language: Language;
  readonly parser: Parser;
  readonly outline: Lazy<OutlineQuery>;
  /** Calls, imports, returns and locals; absent where the language has no `calls.scm`. */
  readonly calls: Lazy<Query> | undefined;
  /** Outline, calls and imports in one, absent as `calls`: one walk over a tree costs a third less than two. */
  readonly whole: Lazy<WholeQuery> | undefined;
  readonly highlights: Lazy<Query> | undefined;
}

export interface OutlineQuery {
  readonly query: Query;
  readonly plan: ItemPlan;
}

export interface WholeQuery extends OutlineQuery {
  /** The outline's patterns stand before this one, those of calls from here. */
  readonly firstUse: number;
}

/** Compiling a query takes up to a tenth of a second, and hardly anybody needs all of them: each is made when first asked for, or before. */
interface Lazy<T> {
  get(): T;
  free(): void;
}

/** What a thread does with a grammar: `open` documents as an editor does, or ask each document once for all that is in it. */
export type GrammarUse = 'open' | 'whole';

let runtime: Promise<void> | undefined;

/** Starts the WebAssembly runtime once per thread. A failed start is not kept. */
function startRuntime(locate: Locate): Promise<void> {
  const module = { locateFile: (file: string) => locate(file) };
  runtime ??= Parser.init(module).then(
    () => readMatchesFrom(module),
    (error: unknown) => {
      runtime = undefined;
      throw error;
    },
  );
  return runtime;
}

/** Loads the grammar and queries of one language. Throws `SyntaxUnavailable`. */
export async function loadGrammar(
  id: LanguageId,
  locate: Locate,
  macros: readonly string[] = [],
  { lexers = 'optimized', use = 'open' }: { lexers?: 'optimized' | 'baseline'; use?: GrammarUse } = {},
): Promise<Grammar> {
  const row = languageRow(id);
  try {
    await startRuntime(locate);
    const [wasm, outlineSource, commentSource, callSource, highlightSource] = await Promise.all([
      readFile(locate(row.grammar.file)),
      readFile(locate(`${row.queries}/outline.scm`), 'utf8'),
      readOptional(locate(`${row.queries}/comments.scm`)),
      readOptional(locate(`${row.queries}/calls.scm`)),
      readOptional(locate(`${row.queries}/highlights.scm`)),
    ]);
    const language = await Language.load(wasm);
    const parser = new Parser();
    parser.setLanguage(language);
    if (row.hasHugeLexer === true || (lexers === 'baseline' && isDearToOptimize(wasm))) {
      const small = await Language.load(await readFile(locate(languageRow('hlasm').grammar.file)));
      keepLexerBaseline(parser, language, small);
    }
    const items = [macroPatterns(row, macros), outlineSource, commentSource ?? ''].join('\n');
    const freeQuery = (query: Query): void => query.delete();
    const outline = lazy(
      () => {
        const query = new Query(language, items);
        return { query, plan: planItems(query) };
      },
      ({ query }) => freeQuery(query),
    );
    const calls = callSource === undefined ? undefined : lazy(() => new Query(language, callSource), freeQuery);
    const whole =
      callSource === undefined
        ? undefined
        : lazy(
            () => wholeQuery(language, items, callSource),
            ({ query }) => freeQuery(query),
          );
    const highlights =
      highlightSource === undefined ? undefined : lazy(() => new Query(language, highlightSource), freeQuery);
    // A query that does not fit its grammar shall be known now, and no first hover wait for its compilation.
    if (use === 'whole' && whole !== undefined) whole.get();
    else {
      outline.get();
      calls?.get();
    }
    return { row, language, parser, outline, calls, whole, highlights };
  } catch (error) {
    throw new SyntaxUnavailable(id, error);
  }
}

/** Before the grammar's own patterns, so that they win. Names with characters that no macro has are left out: they come from settings. */
function macroPatterns(row: LanguageRow, macros: readonly string[]): string {
  const names = macros
    .filter((name) => /^[\w.@#$%]+$/.test(name))
    .flatMap((name) => [name, name.toUpperCase(), name.toLowerCase()]);
  if (row.macroPatterns === undefined || names.length === 0) return '';
  const quoted = [...new Set(names)].map((name) => `"${name}"`).join(' ');
  return row.macroPatterns.replaceAll('$MACROS', () => quoted);
}

export function freeGrammar(grammar: Grammar): void {
  grammar.parser.delete();
  grammar.outline.free();
  grammar.calls?.free();
  grammar.whole?.free();
  grammar.highlights?.free();
}

function wholeQuery(language: Language, items: string, calls: string): WholeQuery {
  const wanted = patternsIn(calls).filter(saysCalls).join('');
  const query = new Query(language, `${items}\n${wanted}`);
  let firstUse = query.patternCount();
  while (firstUse > 0 && query.startIndexForPattern(firstUse - 1) > items.length) firstUse -= 1;
  return { query, plan: planItems(query), firstUse };
}

function lazy<T>(make: () => T, free: (made: T) => void): Lazy<T> {
  let made: { readonly value: T } | undefined;
  return {
    get() {
      made ??= { value: make() };
      return made.value;
    },
    free() {
      if (made !== undefined) free(made.value);
      made = undefined;
    },
  };
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
