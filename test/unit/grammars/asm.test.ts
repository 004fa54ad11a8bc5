import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Edit, type Language, type Parser, Query, type Tree } from 'web-tree-sitter';
import { asmParser, asmQueryFile, asmTroubles, nodesOf, withAsmTree } from './asmParser.ts';

let parser: Parser;
let language: Language;
beforeAll(async () => {
  ({ parser, language } = await asmParser());
});

const fragments = [
  ...[
    'mov',
    'foo',
    ':',
    '\n',
    '\r\n',
    ' ',
    '\t',
    '[',
    ']',
    '(',
    ')',
    '{',
    '}',
    '<',
    '>',
    '"',
    "'",
    '`',
    '#',
    '@',
    '!',
    '/',
  ],
  ...[
    '/*',
    '*/',
    '//',
    ';',
    '\\',
    '\\\n',
    '%',
    '%%',
    '$',
    '=',
    ',',
    '&',
    '1',
    '1b',
    '\\()',
    '\0',
    '\u0001',
    '\u001a',
    'é',
    '|',
  ],
  ...[
    '%macro',
    '%endmacro',
    '.macro',
    '.endm',
    'x PROC',
    'x ENDP',
    'x ENDS',
    'x STRUC',
    'x SEGMENT',
    'function f',
    'endfunc',
  ],
  ...[
    'SYM_FUNC_START(',
    'SYM_FUNC_END(',
    '#define',
    '#include',
    '#if',
    'TITLE',
    'include',
    '.include',
    '%rep',
    '.rept',
    'ENDM',
  ],
  ...['db', 'equ', 'COMMENT *', '[bits', '.text', 'section', 'cglobal', 'lsl', '-', '+', '.globl', 'ENTRY', '%{', '%['],
];
const source = fc
  .array(
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...fragments) }, fc.string({ unit: 'binary', maxLength: 2 })),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

const shape = (tree: Tree): string =>
  `${tree.rootNode.toString()} ${nodesOf(tree, ['label', 'operand', 'comment', 'instruction', 'directive'])
    .map((node) => `${node.startIndex}-${node.endIndex}`)
    .join(' ')}`;

function position(text: string, index: number): { row: number; column: number } {
  const before = text.slice(0, index).split('\n');
  return { row: before.length - 1, column: before.at(-1)?.length ?? 0 };
}

describe('the asm grammar is total', () => {
  it('never needs the error recovery of tree-sitter', () => {
    fc.assert(
      fc.property(source, (text) => {
        withAsmTree(parser, text, (tree) => expect(tree.rootNode.hasError).toBe(false));
      }),
      { numRuns: 1500 },
    );
  });

  it('gives the same tree after an edit as from the whole text', () => {
    fc.assert(
      fc.property(source, fc.nat(), fc.nat(3), fc.constantFrom(...fragments), (text, place, removed, inserted) => {
        const at = text.length === 0 ? 0 : place % text.length;
        const end = Math.min(text.length, at + removed);
        const edited = text.slice(0, at) + inserted + text.slice(end);
        const old = parser.parse(text)!;
        old.edit(
          new Edit({
            startIndex: at,
            oldEndIndex: end,
            newEndIndex: at + inserted.length,
            startPosition: position(text, at),
            oldEndPosition: position(text, end),
            newEndPosition: position(edited, at + inserted.length),
          }),
        );
        const updated = parser.parse(edited, old)!;
        const found = shape(updated);
        old.delete();
        updated.delete();
        expect(found).toBe(withAsmTree(parser, edited, shape));
      }),
      { numRuns: 800 },
    );
  });

  it.each(['mov eax, [ebx', 'db "open', ')= rubbish', 'mov eax, ebx] + 1', '.endm', 'x \u0001 y', '/* open', "db 'a"])(
    'a bad line %j leaves the next as it is',
    (bad) => {
      withAsmTree(parser, `\tnop\n${bad}\nnext:\tret\n`, (tree) => {
        expect(nodesOf(tree, 'label').map((node) => node.text)).toEqual(['next:']);
        expect(nodesOf(tree, 'instruction').at(-1)?.text).toBe('ret');
      });
    },
  );

  it('counts what it could not read', () => {
    withAsmTree(parser, '\tnop\n)= what\n', (tree) => expect(asmTroubles(tree)).toHaveLength(1));
    withAsmTree(parser, '\tmov eax, [ebx\n', (tree) => expect(asmTroubles(tree)).toHaveLength(1));
  });
});

describe('the queries of asm', () => {
  const captures = (name: string, text: string, wanted: string): readonly string[] => {
    const query = new Query(language, readFileSync(asmQueryFile(name), 'utf8'));
    const found = withAsmTree(parser, text, (tree) =>
      query
        .captures(tree.rootNode)
        .filter((capture) => capture.name === wanted)
        .map((capture) => capture.node.text),
    );
    query.delete();
    return found;
  };

  it('outline names everything that is defined', () => {
    const text =
      'CODE SEGMENT\nP PROC NEAR\nL: ret\nP ENDP\nS STRUC\nA DW ?\nS ENDS\nM MACRO X\nENDM\nE1 LABEL NEAR\nCODE ENDS\n';
    expect(captures('outline', text, 'name')).toEqual(['CODE', 'P', 'L', 'S', 'M', 'E1']);
  });

  it('calls tell calls from branches and macro uses', () => {
    const text = '\t.text\n\tbl callee\n\tb.eq 1f\n\tjnz there\n\tload_all r0\n\tmov r0, r1\n.include "x.inc"\n';
    expect(captures('calls', text, 'call.name')).toEqual(['callee']);
    expect(captures('calls', text, 'call.branch')).toEqual(['1f', 'there']);
    expect(captures('calls', text, 'call.macro')).toEqual(['load_all']);
    expect(captures('calls', text, 'import')).toEqual(['"x.inc"']);
  });

  it.each(['comments', 'folds', 'highlights'])('%s.scm fits the grammar', (name) => {
    const wanted = { comments: 'comment', folds: 'fold', highlights: 'keyword' }[name] ?? '';
    expect(captures(name, '; c\nP PROC\n nop\nP ENDP\n', wanted)).toHaveLength(1);
  });
});
