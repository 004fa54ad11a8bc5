import type { Range } from './text.ts';

/** Languages that CodeGloss reads: VS Code's ids, plus our own three legacy families. */
export const languageIds = [
  'typescript',
  'typescriptreact',
  'javascript',
  'javascriptreact',
  'python',
  'java',
  'c',
  'cpp',
  'csharp',
  'go',
  'rust',
  'ruby',
  'php',
  'kotlin',
  'scala',
  'swift',
  'shellscript',
  'lua',
  'mumps',
  'hlasm',
  'asm',
] as const;
export type LanguageId = (typeof languageIds)[number];

/** LSP's symbol kinds in lower case, plus the trade's words for legacy code. */
export const symbolKinds = [
  'module',
  'namespace',
  'package',
  'class',
  'method',
  'property',
  'field',
  'constructor',
  'enum',
  'interface',
  'function',
  'variable',
  'constant',
  'struct',
  'object',
  'event',
  'operator',
  'typeparameter',
  'routine',
  'section',
  'macro',
  'proc',
  'paragraph',
] as const;
export type SymbolKind = (typeof symbolKinds)[number];

/** A named piece of source. */
export interface OutlineSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** The whole declaration with its decorators and modifiers, without the comment above it. */
  readonly range: Range;
  /** The name itself. */
  readonly selectionRange: Range;
  /** Index of the enclosing symbol in `Outline.symbols`; absent at the top level. Always smaller than the symbol's own index. */
  readonly parent?: number;
  /** The author's doc comment or docstring, markers and indentation removed. */
  readonly doc?: string;
  /** Where that comment stands, markers included. */
  readonly docRange?: Range;
  /** The declaration up to its body, white space folded to single blanks. */
  readonly signature?: string;
}

/** What a file declares, in source order (a parent before its children). */
export interface Outline {
  readonly language: LanguageId;
  /** Number of lines; a text without line end counts as one. */
  readonly lines: number;
  /** ERROR and MISSING nodes of the tree, and what our line grammars could not read; counted when first read, so read it before the next edit. */
  readonly parseErrors: number;
  readonly symbols: readonly OutlineSymbol[];
}

/** A use of another symbol: who is named, and how. */
export interface CallSite {
  readonly name: string;
  /** What stands before the name: `this`, a variable, a module, a MUMPS routine; absent for a bare name. */
  readonly receiver?: string;
  readonly range: Range;
  readonly kind: 'call' | 'new' | 'branch' | 'macro' | 'copy' | 'import';
}

/** What the syntax alone shows about a symbol: enough for a plain, true sentence. */
export interface SymbolFacts {
  readonly parameters: readonly string[];
  /** Declared return type, if the syntax has one. */
  readonly returnType?: string;
  /** Whether some statement returns a value. */
  readonly returnsValue: boolean;
  readonly calls: readonly CallSite[];
  /** Names of thrown or raised types, where the syntax shows them. */
  readonly raises: readonly string[];
  /** Base classes, interfaces, traits. */
  readonly bases: readonly string[];
  /** Names of its own fields and properties, or of its values, in order; absent where there are none. */
  readonly fields?: readonly string[];
}
