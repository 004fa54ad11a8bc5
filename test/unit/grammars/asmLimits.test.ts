import { beforeAll, describe, expect, it } from 'vitest';
import type { Parser } from 'web-tree-sitter';
import { asmParser, withAsmTree } from './asmParser.ts';

let parser: Parser;
beforeAll(async () => {
  ({ parser } = await asmParser());
});

function bestTime(text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    withAsmTree(parser, text, (tree) => expect(tree.rootNode.hasError).toBe(false));
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Makes about `size` characters. */
const inputs: readonly (readonly [string, (size: number) => string])[] = [
  ['100,000 lines', (size) => 'foo:\tmov eax, [ebx+4*ecx] ; c\n'.repeat(size / 30)],
  ['one line of operands', (size) => `mov eax${',ebx'.repeat(size / 4)}`],
  ['one line of labels', (size) => 'a:'.repeat(size / 2)],
  ['one line of statements', (size) => `.text\n${'nop;'.repeat(size / 4)}`],
  ['one line of brackets', (size) => `x ${'['.repeat(size)}`],
  ['one line of angle brackets', (size) => `x ${'<,'.repeat(size / 2)}`],
  ['one line of blanks', (size) => `a${' '.repeat(size)}b`],
  ['one word', (size) => 'a'.repeat(size)],
  ['open comments', (size) => '/* a\n'.repeat(size / 5)],
  ['open COMMENTs', (size) => 'COMMENT *\n'.repeat(size / 10)],
  ['macros in macros', (size) => '.macro a\n'.repeat(size / 9)],
  ['procedures in procedures', (size) => 'a PROC\n'.repeat(size / 7)],
  ['calls that never close', (size) => 'L((((((\n'.repeat(size / 8)],
  ['continued lines', (size) => 'x \\\n'.repeat(size / 4)],
];

describe('time grows with the size', () => {
  it.each(inputs)('%s', { timeout: 120_000 }, (_name, make) => {
    // 32 times the input: 32 × where time is linear, 1,024 × where it is quadratic. A test is no benchmark (`npm run bench:legacy` gives the
    // figures): on a busy machine only growth that no noise explains may fail.
    const small = bestTime(make(31_250));
    const whole = bestTime(make(1_000_000));
    expect(whole).toBeLessThan(200 * Math.max(small, 2));
  });

  it('nesting 10,000 deep closes again', () => {
    const deep = 10_000;
    const text = `${'.rept 2\n'.repeat(deep)}${'.endr\n'.repeat(deep)}after:\n`;
    withAsmTree(parser, text, (tree) => {
      expect(tree.rootNode.hasError).toBe(false);
      expect(tree.rootNode.namedChildren.at(-1)?.type).toBe('label');
      expect(tree.rootNode.namedChildren.at(0)?.type).toBe('repeat_block');
    });
  });

  it('random bytes', () => {
    let seed = 1;
    const bytes = Array.from({ length: 300_000 }, () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return String.fromCharCode(seed >>> 24);
    });
    withAsmTree(parser, bytes.join(''), (tree) => expect(tree.rootNode.hasError).toBe(false));
  });
});
