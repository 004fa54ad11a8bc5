import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AsmDialect, asmDialectOf, lineCommentOf } from '../../../server/src/syntax/asmDialect.ts';

const cases: readonly (readonly [AsmDialect, string])[] = [
  ['gas-x86', '\t.text\n\t.globl f\nf:\tmovl 16(%rax,%rcx,4), %ebx\n\tret\n'],
  ['gas-x86', '.intel_syntax noprefix\n.globl f\nf: mov eax, dword ptr [rbx]\n'],
  ['gas-arm', '\t.syntax unified\n\t.globl f\nf:\tpush {r4, lr}\n\tldr r0, [r1, #4]\n\tbx lr\n'],
  ['gas-aarch64', '\t.text\nf:\tstp x29, x30, [sp, #-16]!\n\tmov w0, #0\n\tret\n'],
  ['nasm', '; x\nSECTION .text\nglobal f\nf: mov eax, [rdi+rcx*4+8]\n%macro A 1\n%endmacro\n'],
  ['masm', 'CODE SEGMENT\n\tASSUME CS:CODE\nF PROC NEAR\n\tRET\nF ENDP\nCODE ENDS\n\tEND F\n'],
  ['unknown', ''],
  ['unknown', '; nothing but a comment\n'],
];

describe('asmDialectOf', () => {
  it.each(cases)('finds %s', (dialect, text) => {
    expect(asmDialectOf(text)).toBe(dialect);
    expect(asmDialectOf(text.replaceAll('\n', '\r\n'))).toBe(dialect);
  });

  it('answers for any text, the same each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(asmDialectOf(text)).toBe(asmDialectOf(text));
      }),
    );
  });

  it('reads a megabyte on one line in bounded time', () => {
    const start = performance.now();
    asmDialectOf('\t'.repeat(1_000_000));
    asmDialectOf('mov '.repeat(250_000));
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('lineCommentOf', () => {
  it.each([
    ['gas-x86', '#'],
    ['gas-arm', '@'],
    ['gas-aarch64', '//'],
    ['nasm', ';'],
    ['masm', ';'],
  ] as const)('%s comments begin with %s', (dialect, mark) => {
    expect(lineCommentOf(dialect)).toBe(mark);
  });
});
