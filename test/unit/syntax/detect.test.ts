import { describe, expect, it } from 'vitest';
import { languageOf } from '../../../server/src/syntax/detect.ts';

const mumps = 'XUP ;SFISC/RWF - Setup ;1/1/26\n ;;8.0;KERNEL;;\n S X=1 D START^XUP\n Q\n';
const objectiveC = '#import <Foundation/Foundation.h>\n@interface Foo : NSObject\n@end\n';
const matlab = 'function y = square(x)\n% SQUARE of x\ny = x.^2;\nend\n';
const hlasm =
  '***********\n* BANNER  *\nMAIN     CSECT\n         USING MAIN,12\n         LA    1,0\n         BR    14\n         END\n';
const gas = '\t.text\n\t.globl main\nmain:\n\tmovl $1, %eax\n\tret\n';

describe('languageOf', () => {
  it.each([
    ['a/b/x.ts', 'typescript'],
    ['x.TSX', 'typescriptreact'],
    ['x.pyi', 'python'],
    ['Rakefile', 'ruby'],
    ['x.hpp', 'cpp'],
    ['x.kts', 'kotlin'],
    ['C:\\src\\x.cs', 'csharp'],
    ['x.rou', 'mumps'],
    ['x.mlc', 'hlasm'],
    ['x.nasm', 'asm'],
    ['x.unknown', undefined],
    ['README.md', undefined],
  ])('%s is %s by its ending', (path, expected) => expect(languageOf({ path })).toBe(expected));

  it.each([
    ['x.m', mumps, 'mumps'],
    ['x.m', objectiveC, undefined],
    ['x.m', 'DIEQ ;SFISC/XAK - HELP ;5/1/99\n ;;22.0;VA FileMan;\n% S X=1\n Q\n', 'mumps'],
    ['x.m', 'DIEQ(A) ; help\n S X=1\n% S Y=2\n Q\n', 'mumps'],
    ['x.m', '%% Section\nx = 1;\n% plot it\nplot(x)\n', undefined],
    ['x.m', matlab, undefined],
    ['x.asm', '       CBL CICS\n       IDENTIFICATION DIVISION.\n       PROGRAM-ID. X.\n', undefined],
    ['x.asm', 'PAGE 60,132\nCOMMENT #\n* a box *\n* L     of comment\n#\nX SEGMENT\nX ENDS\n', 'asm'],
    ['x.asm', hlasm, 'hlasm'],
    ['x.s', gas, 'asm'],
    ['x.S', gas, 'asm'],
    ['x.mac', hlasm, 'hlasm'],
    ['x.h', 'int f(void);\n', 'c'],
    ['x.h', 'namespace a {\nclass B {\n};\n}\n', 'cpp'],
    ['deploy', '#!/usr/bin/env bash\necho\n', 'shellscript'],
    ['tool', '#!/usr/bin/python3\n', 'python'],
    ['x.inc', "<?php\necho 'x';\n", 'php'],
  ])('%s is told by its content', (path, text, expected) => expect(languageOf({ path, text })).toBe(expected));

  it.each([
    ['M', 'mumps'],
    ['asm-intel-x86-generic', 'asm'],
    ['nasm', 'asm'],
    ['hlasm', 'hlasm'],
    ['bash', 'shellscript'],
  ])("maps another extension's id %s to %s", (languageId, expected) =>
    expect(languageOf({ path: 'untitled', languageId })).toBe(expected),
  );

  it('lets the user override by pattern, also to nothing', () => {
    expect(languageOf({ path: 'a/x.m', text: matlab, overrides: { '*.m': 'mumps' } })).toBe('mumps');
    expect(languageOf({ path: 'legacy/a/x.inc', overrides: { 'legacy/**': 'M' } })).toBe('mumps');
    expect(languageOf({ path: 'x.ts', overrides: { '*.ts': 'none' } })).toBeUndefined();
  });
});
