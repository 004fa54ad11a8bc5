import type { Node, Tree } from 'web-tree-sitter';
import type { CallSite, LanguageId, Outline, SymbolFacts } from '../types/outline.ts';
import type { Range, TextChange } from '../types/text.ts';
import type { Highlight } from './highlights.ts';

/** A comment of the file, as the tree sees it. */
export interface CommentSpan {
  readonly range: Range;
  /** UTF-16 offsets into the text, half-open. */
  readonly start: number;
  readonly end: number;
  /** `data` for lines that look like comments but are read by the program (`;;` in MUMPS): never stripped. */
  readonly kind: 'line' | 'block' | 'doc' | 'data';
}

/**
 * A parsed text that follows its edits. Owned by who opened it: call `dispose`, or the tree leaks in WebAssembly memory.
 * All methods are synchronous; offsets and columns are UTF-16.
 */
export interface SyntaxDocument {
  readonly language: LanguageId;
  readonly text: string;
  readonly outline: Outline;
  /** Tree for layers above that read structure (partition, repository). Valid until the next `update` or `dispose`. */
  readonly tree: Tree;
  /** Applies edits in order (each relative to the text after the one before) and re-parses incrementally. */
  update(changes: readonly TextChange[]): void;
  offsetAt(position: { readonly line: number; readonly character: number }): number;
  positionAt(offset: number): { line: number; character: number };
  textIn(range: Range): string;
  comments(): readonly CommentSpan[];
  /** Index of the innermost symbol whose range (or doc comment) covers the line; undefined outside all. */
  symbolAt(line: number): number | undefined;
  facts(symbolIndex: number): SymbolFacts;
  /** As `facts` has them, without a look at what the symbol does. */
  bases(symbolIndex: number): readonly string[];
  calls(within: Range): readonly CallSite[];
  /** Imports, includes, COPY members of the whole file. */
  imports(): readonly CallSite[];
  /**
   * Canonical text of a stretch: tokens joined by one blank, comments and white space left out, so that formatting and comments do not
   * change its hash. Names of local variables and parameters are replaced by their order of appearance when `renameLocals` is set.
   */
  canonical(range: Range, options?: { readonly renameLocals?: boolean }): string;
  /** Every identifier-like token in the range, as written. */
  identifiers(range: Range): ReadonlySet<string>;
  /** Coloured stretches between two UTF-16 offsets, by place; none where the language has no `highlights.scm`. */
  highlights(start: number, end: number): readonly Highlight[];
  dispose(): void;
}

/** Loads grammars lazily and parses. One per thread; `dispose` frees its parsers and queries. */
export interface Syntax {
  /**
   * Parses a text. Throws `SyntaxUnavailable` when the grammar cannot be loaded; a text over the limits (see `parseLimits`) gives an empty outline.
   */
  open(language: LanguageId, text: string, signal?: AbortSignal): Promise<SyntaxDocument>;
  /** As `open`, for who asks for the outline, all calls and imports, and no more: they come from one walk over the tree. */
  openWhole(language: LanguageId, text: string, signal?: AbortSignal): Promise<SyntaxDocument>;
  /** Grammars with their state, for `doctor`. */
  grammars(): readonly { readonly language: LanguageId; readonly file: string; readonly loaded: boolean }[];
  dispose(): void;
}

export type { Node, Tree };
