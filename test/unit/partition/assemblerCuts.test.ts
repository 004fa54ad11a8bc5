import { describe, expect, it } from 'vitest';
import { cutsOf, strengthsOf } from './openPartition.ts';

describe('cuts of HLASM', () => {
  it('grade sections, subroutines, labels and banners', async () => {
    const lines = [
      'PROG     CSECT',
      '         BAS   R14,SUB',
      '         BR    R14',
      '***********************************',
      '* Reads the file                  *',
      '***********************************',
      'SUB      DS    0H',
      '         LA    R1,1',
      '         BR    R14',
      'NEXT     LA    R1,2',
      'WORK     DSECT',
      'A        DS    F',
      '         END',
    ];
    const cuts = await cutsOf('hlasm', lines);
    expect(cuts.filter(({ strength }) => strength >= 2).map(({ line, strength }) => `${line}:${strength}`)).toEqual([
      '3:4',
      '9:3',
      '10:6',
    ]);
  });

  it('never cut a continued statement, a macro definition or a structured IF', async () => {
    const cuts = await cutsOf('hlasm', [
      'PROG     CSECT',
      `         MVC   A,B${' '.repeat(53)}X`,
      '               C',
      '         MACRO',
      '         MINE  &A',
      '         LR    1,2',
      '         MEND',
      '         IF    (CLI,A,EQ,1)',
      '         LR    1,2',
      '         ELSE',
      '         LR    2,1',
      '         ENDIF',
      '         LR    3,4',
    ]);
    expect(cuts.map(({ line }) => line)).toEqual([1, 3, 7, 12]);
  });

  it('keep unnamed data and equates with what they follow', async () => {
    const cuts = await cutsOf('hlasm', [
      'P        CSECT',
      "TAB      DC    C'A'",
      "         DC    C'B'",
      "         DC    C'C'",
      'R0       EQU   0',
      'R1       EQU   1',
      "END1     DC    C'D'",
    ]);
    expect(cuts.map(({ line }) => line)).toEqual([1, 4, 6]);
  });
});

describe('cuts of assembly', () => {
  it('let exports, alignment and comments lead to the function (GAS)', async () => {
    const cuts = await strengthsOf('asm', [
      '    .text',
      '    mov %eax, %ebx',
      '    ret',
      '# adds two numbers',
      '    .globl add',
      '    .type add, @function',
      'add:',
      '    add %eax, %ebx',
      '    ret',
    ]);
    expect(cuts.filter((cut) => !cut.endsWith(':0'))).toEqual(['3:4']);
  });

  it('never cut inside a macro, a repeat or a small conditional (NASM)', async () => {
    const cuts = await cutsOf('asm', [
      'SECTION .text',
      '%macro ADD 2',
      '    add %1, %2',
      '    ret',
      '%endmacro',
      'cglobal sum, 2, 2',
      '%if ARCH_X86_64',
      '    mov rax, rbx',
      '    mov rbx, rcx',
      '%endif',
      '    RET',
    ]);
    expect(cuts.map(({ line }) => line)).toEqual([1, 5, 6, 10]);
  });

  it('take procedures and called labels for units (MASM)', async () => {
    const cuts = await strengthsOf('asm', [
      'CODE SEGMENT',
      'ASSUME CS:CODE',
      'MAIN PROC NEAR',
      '    CALL HELP',
      '    RET',
      'MAIN ENDP',
      'HELP:',
      '    MOV AX,1',
      'AGAIN:',
      '    LOOP AGAIN',
      '    RET',
      'CODE ENDS',
      '    END MAIN',
    ]);
    expect(cuts.filter((cut) => !/:[01]$/.test(cut))).toEqual(['2:5', '6:4']);
  });
});
