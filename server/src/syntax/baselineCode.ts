import { setFlagsFromString } from 'node:v8';
import { Edit, type Language, type Parser, Query } from 'web-tree-sitter';

/** A text that makes a parser call its lexer, in any language. */
const probe = 'a b';
const exercise = "A        LR    R1,R2\n         DC    C'OPEN\nB        CSECT\n";

/** Optimizing a function of fewer bytes takes some hundredths of a second and some MB. */
const lightBytes = 20_000;

/**
 * True where optimizing the lexer, which is the largest function of a grammar or nearly so, takes more than it gives to who reads files of many
 * languages. Without optimization a lexer of TypeScript, JavaScript or Python makes all parsing a tenth slower.
 */
export function isDearToOptimize(wasm: Uint8Array): boolean {
  return largestFunction(wasm) > lightBytes;
}

const codeSection = 10;
const headerBytes = 8;

/** Bytes of the largest function of a WebAssembly module. */
function largestFunction(wasm: Uint8Array): number {
  let at = headerBytes;
  const number = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = wasm[at++] ?? 0;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < wasm.length) {
    const id = wasm[at++];
    const length = number();
    if (id !== codeSection) {
      at += length;
      continue;
    }
    let largest = 0;
    for (let count = number(); count > 0; count--) {
      const bytes = number();
      largest = Math.max(largest, bytes);
      at += bytes;
    }
    return largest;
  }
  return 0;
}

/**
 * Compiles the lexer of a grammar with V8's baseline compiler alone. The lexers of some grammars are one function of a megabyte: V8 notices that
 * it is hot, and optimizing it takes seconds of processor time and up to 3 GB, for a few per cent of speed (docs/EVALUATION.md, Speed). Code
 * that is compiled while tiering is off counts no calls and so is never optimized; compilation is lazy, so that one small parse decides it.
 * For these milliseconds that holds for all threads: what another compiles just then stays slower, too.
 *
 * The runtime's own functions, which are worth optimizing, are compiled before, by work with a `small` grammar. Nothing is done in Electron,
 * where the flags may be frozen and setting them would end the process.
 */
export function keepLexerBaseline(parser: Parser, language: Language, small: Language): void {
  if (process.versions['electron'] !== undefined) return;
  exerciseRuntime(parser, small);
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

/** Does once what documents do: a parse, an edit, a comparison and a query. */
function exerciseRuntime(parser: Parser, small: Language): void {
  parser.setLanguage(small);
  const tree = parser.parse(exercise);
  if (tree === null) return;
  const start = { row: 0, column: 0 };
  const newEndPosition = { row: 0, column: 1 };
  tree.edit(
    new Edit({
      startIndex: 0,
      oldEndIndex: 0,
      newEndIndex: 1,
      startPosition: start,
      oldEndPosition: start,
      newEndPosition,
    }),
  );
  const next = parser.parse(`X${exercise}`, tree);
  if (next !== null) {
    tree.getChangedRanges(next);
    const query = new Query(small, '(_ name: (_) @name) @whole');
    query.matches(next.rootNode, { startIndex: 0, endIndex: exercise.length });
    query.delete();
    next.delete();
  }
  tree.delete();
}
