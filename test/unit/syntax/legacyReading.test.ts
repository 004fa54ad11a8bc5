import { describe, expect, it } from 'vitest';
import { exportedNames } from '../../../server/src/syntax/asmExports.ts';
import { lineFolds } from '../../../server/src/syntax/lineFolds.ts';
import { syntax } from './openFixture.ts';

const edge = `${'*'.repeat(71)}`;
const program = [
  edge,
  '*  PROGRAM: PAYROLL                                                   *',
  '*  AUTHOR: A. Person                                                  *',
  '*  COMMENTS: Pays people                                              *',
  edge,
  'WORK     DSECT',
  'FIELD    DS    F',
  edge,
  '* End of the work area                                                *',
  edge,
  edge,
  '* Start of the table                                                  *',
  edge,
  'TABLE    DSECT',
  'ROW      DS    F',
  edge,
  '* End of the table                                                    *',
  edge,
  'PAYROLL  CSECT',
  edge,
  '* Pay one person                                                      *',
  edge,
  'PAY      DS    0H',
  '         BAL   R14,ROUND',
  '         BE    DONE',
  '         BR    R14',
  'ROUND    DS    0H',
  '         BR    R14',
  'DONE     DS    0H',
  '         BR    R14',
  '         END',
  '',
].join('\n');

describe('banners of HLASM', () => {
  it('speak of the code below the last of them; the box of the program and what ends a stretch do not', async () => {
    const document = await syntax.open('hlasm', program);
    const docs = new Map(document.outline.symbols.map(({ name, doc }) => [name, doc]));
    document.dispose();
    expect(docs.get('WORK')).toBeUndefined();
    expect(docs.get('TABLE')).toBe('Start of the table');
    expect(docs.get('PAYROLL')).toBeUndefined();
    expect(docs.get('PAY')).toBe('Pay one person');
  });

  it('mean the same below a comment of ours about the file', async () => {
    const ours = '* codegloss:begin v1 000000000000\n* Pays people.\n* codegloss:end\n*\n';
    const docsOf = async (text: string) => {
      const document = await syntax.open('hlasm', text);
      const docs = document.outline.symbols.map(({ name, doc }) => [name, doc]);
      document.dispose();
      return docs;
    };
    expect(await docsOf(ours + program)).toEqual(await docsOf(program));
  });

  it('leave the calls and branches of a paragraph as facts', async () => {
    const document = await syntax.open('hlasm', program);
    const facts = document.facts(document.outline.symbols.findIndex(({ name }) => name === 'PAY'));
    document.dispose();
    expect(facts.calls.map(({ name, kind }) => `${kind} ${name}`)).toEqual(['call ROUND', 'branch DONE']);
  });
});

describe('comments of DOS sources', () => {
  it('are read without the marks of changes', async () => {
    const text =
      'code segment\n; go find the sector\t;AN000;\n; and read it ;ac048;bgb\nfind proc near\n ret\nfind endp\ncode ends\n';
    const document = await syntax.open('asm', text);
    const doc = document.outline.symbols.find(({ name }) => name === 'find')?.doc;
    document.dispose();
    expect(doc).toBe('go find the sector\nand read it');
  });
});

describe('exports of assembler sources', () => {
  it.each([
    ['.globl add\n.global sub, mul\nadd:\n', 'add sub mul'],
    ['global memcpy:function, memset\n', 'memcpy memset'],
    ['\tPUBLIC Find, Next ; both\n; public no\n', 'find next'],
    ['cglobal fill, 2, 2\nfunction put, export=1\nfunction own\nSYM_FUNC_START(go)\n', 'fill put go'],
    ['globalize x\n', ''],
  ])('%j', (text, names) => {
    expect([...exportedNames(text)].join(' ')).toBe(names);
  });
});

describe('folds of line languages', () => {
  it.each([
    [
      'hlasm',
      '         IF    (CLC,A,EQ,B)\n*  ENDIF\nX        DO    WHILE=(X)\n         ENDDO\n         ENDIF\n',
      '0-5 2-4',
    ],
    ['asm', '%if X\n%rep 4\n nop\n%endrep\n%endif\n; .if\n', '0-5 1-4'],
    ['asm', '#ifdef X\n.if 1\n.endif\n#endif\nIFDEF Y\n nop\nENDIF\n', '0-4 1-3 4-7'],
    ['mumps', 'A ;x\n D  Q\n . S X=1\n . D\n . . S Y=1\n . S Z=1\n Q\n', '1-6 3-5'],
    ['mumps', 'A F  D\n .Q\n', '0-2'],
    ['python', 'if x:\n  y\n', ''],
    ['asm', '.if 1\n nop\n', ''],
  ] as const)('%s %j', (language, text, expected) => {
    const spans = [...lineFolds(language, text)].sort((a, b) => a.startLine - b.startLine);
    expect(spans.map(({ startLine, endLine }) => `${startLine}-${endLine}`).join(' ')).toBe(expected);
  });

  it('stay bounded for nesting of any depth', () => {
    expect(lineFolds('asm', '.if 1\n'.repeat(20_000) + '.endif\n'.repeat(20_000)).length).toBeLessThan(20_000);
    expect(lineFolds('mumps', `A\n ${'.'.repeat(20_000)} Q\n Q\n`).length).toBeLessThan(20_000);
  });
});
