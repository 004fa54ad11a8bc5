import { readFile } from 'node:fs/promises';
import { Language, Parser, Query } from 'web-tree-sitter';
import type { LanguageId } from '../types/outline.ts';
import { keepLexerBaseline } from './baselineCode.ts';
import { type ItemPlan, planItems } from './items.ts';
import { type LanguageRow, languageRow } from './languages.ts';

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
  readonly outline: Query;
  readonly plan: ItemPlan;
  /** Calls, imports, returns and locals; absent where the language has no `calls.scm`. */
  readonly calls: Query | undefined;
  /** Outline and calls in one, the outline's patterns first: one walk over a tree costs a third less than two. */
  readonly whole: LazyQuery;
  readonly highlights: LazyQuery;
}

/** A query that most sessions do without, so that it is compiled when first asked for. */
interface LazyQuery {
  /** Undefined where the language has no such query. */
  get(): Query | undefined;
  free(): void;
}

let runtime: Promise<void> | undefined;

/** Starts the WebAssembly runtime once per thread. A failed start is not kept. */
function startRuntime(locate: Locate): Promise<void> {
  runtime ??= Parser.init({ locateFile: (file: string) => locate(file) }).catch((error: unknown) => {
    runtime = undefined;
    throw error;
  });
  return runtime;
}

/** Loads the grammar and queries of one language. Throws `SyntaxUnavailable`. */
export async function loadGrammar(
  id: LanguageId,
  locate: Locate,
  macros: readonly string[] = [],
  lexers: 'optimized' | 'baseline' = 'optimized',
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
    if (row.hasHugeLexer === true || lexers === 'baseline') {
      const small = await Language.load(await readFile(locate(languageRow('hlasm').grammar.file)));
      keepLexerBaseline(parser, language, small);
    }
    const items = [macroPatterns(row, macros), outlineSource, commentSource ?? ''].join('\n');
    const outline = new Query(language, items);
    const calls = callSource === undefined ? undefined : new Query(language, callSource);
    const whole = lazyQuery(language, callSource === undefined ? undefined : `${items}\n${callSource}`);
    const highlights = lazyQuery(language, highlightSource);
    return { row, language, parser, outline, plan: planItems(outline), calls, whole, highlights };
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
  grammar.outline.delete();
  grammar.calls?.delete();
  grammar.whole.free();
  grammar.highlights.free();
}

function lazyQuery(language: Language, source: string | undefined): LazyQuery {
  let query: Query | undefined;
  return {
    get() {
      if (source !== undefined) query ??= new Query(language, source);
      return query;
    },
    free: () => query?.delete(),
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
