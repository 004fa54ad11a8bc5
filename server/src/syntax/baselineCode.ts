import { setFlagsFromString } from 'node:v8';
import type { Language, Parser } from 'web-tree-sitter';

/** A text that makes a parser call its lexer, in any language. */
const probe = 'a b';
/** For every kind of work that a parser does: tokens, nesting, lines, errors. */
const exercise = 'A(B) ;x\n S X=1 D B((\n';

/**
 * Compiles the lexer of a grammar with V8's baseline compiler alone. The lexers of some grammars are one function of a megabyte: V8 notices that
 * it is hot, and optimizing it takes seconds of processor time and up to 3 GB, for a few per cent of speed (docs/EVALUATION.md, Speed). Code
 * that is compiled while tiering is off counts no calls and so is never optimized; compilation is lazy, so that one small parse decides it.
 *
 * The runtime's own functions, which are worth optimizing, are compiled before by parsing with a `small` grammar. Nothing is done in Electron,
 * where the flags may be frozen and setting them would end the process.
 */
export function keepLexerBaseline(parser: Parser, language: Language, small: Language): void {
  if (process.versions['electron'] !== undefined) return;
  parser.setLanguage(small);
  parser.parse(exercise)?.delete();
  parser.setLanguage(language);
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
  try {
    parser.parse(probe)?.delete();
  } finally {
    setFlagsFromString('--wasm-tier-up');
    setFlagsFromString('--wasm-dynamic-tiering');
  }
}
