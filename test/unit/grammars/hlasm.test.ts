import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Edit, type Language, type Parser } from 'web-tree-sitter';
import { countStatements, hlasmParser, matches, statements, troubles, withTree } from './hlasmParser.ts';

let parser: Parser;
let language: Language;
beforeAll(async () => {
  ({ parser, language } = await hlasmParser());
});

const program = [
  '         MACRO',
  '&L       CLEAR &A',
  ".* it's internal",
  "         AIF   (T'&A EQ 'O').OUT",
  "&L       MVC   &A.(L'&A),=C' '",
  '.OUT     MEND',
  'WORK     DSECT',
  "FIELD    DS    CL(L'OTHER)",
  'MAIN     CSECT',
  '         USING MAIN,R12',
  '         COPY  REGS',
  'START1   DS    0H                       entry',
  '         BAL   R14,READ                 read one',
  `${'         CALL  SUBPGM,(A,               first'.padEnd(71)}X`,
  '               B)',
  'READ     EQU   *',
  `${"LINKIT   EXEC CICS LINK PROGRAM('OTHERPGM')".padEnd(71)}X`,
  '              COMMAREA(AREA)',
  '         L     R15,=V(FAR)',
  '         CLEAR FIELD',
  '         BR    R14',
  '         END   MAIN',
];
const source = `${program.join('\n')}\n`;

const names = (query: string, capture: string): readonly string[] =>
  withTree(parser, source, (tree) =>
    matches(language, query, tree).flatMap((match) =>
      match.captures.filter((found) => found.name === capture).map((found) => found.node.text),
    ),
  );

describe('HLASM trees', () => {
  it('are clean and hold every statement', () => {
    withTree(parser, source, (tree) => {
      expect(troubles(tree)).toEqual([]);
      expect(statements(tree).length).toBe(20);
      expect(countStatements(source)).toBe(20);
    });
  });

  it.each([
    ['CRLF', '\r\n'],
    ['CR', '\r'],
    ['NEL', '\u0085'],
  ])('are the same with %s line ends', (_, end) => {
    const expected = withTree(parser, source, (tree) => tree.rootNode.toString());
    expect(withTree(parser, source.replaceAll('\n', end), (tree) => tree.rootNode.toString())).toBe(expected);
  });

  it('keep sequence numbers in nodes of their own, which change nothing else', () => {
    const numbered = program.map((line, index) => `${line.padEnd(72)}${String(index).padStart(8, '0')}`).join('\n');
    withTree(parser, numbered, (tree) => {
      const found = tree.rootNode.descendantsOfType('sequence').map((node) => node?.text);
      expect(found).toEqual(program.map((_, index) => String(index).padStart(8, '0')));
      const plain = withTree(parser, source, (other) => other.rootNode.toString());
      expect(tree.rootNode.toString().replaceAll(' (sequence)', '')).toBe(plain);
    });
  });

  it('outline sections, DSECTs, macros and labels of code', () => {
    expect(names('outline', 'name')).toEqual(['CLEAR', 'WORK', 'MAIN', 'START1', 'READ', 'LINKIT']);
  });

  it('name the targets of calls', () => {
    expect(names('calls', 'call.name')).toEqual(['REGS', 'READ', 'SUBPGM', "'OTHERPGM'", 'FAR', 'CLEAR']);
  });

  it('find comments and folds, and highlights that compile', () => {
    expect(names('comments', 'comment')).toEqual([".* it's internal\n"]);
    expect(names('folds', 'fold').length).toBe(4);
    expect(names('highlights', 'keyword').length).toBeGreaterThan(5);
  });

  it('let a string run over the margin where nothing continues it', () => {
    const text = `         TITLE '${'x'.repeat(60)}' more\n         END\n`;
    withTree(parser, text, (tree) => {
      expect(troubles(tree)).toEqual([]);
      expect(tree.rootNode.descendantsOfType('string')[0]?.text).toBe(`'${'x'.repeat(60)}'`);
      expect(statements(tree).length).toBe(2);
    });
  });

  it('take PC/370 sources: named MACRO lines, conditions without parentheses, continuation by a comma', () => {
    const pc =
      "WTO      MACRO ,L'&1\n         AIF   &1='.LIT\n.LIT     ANOP\n         MEND\nF        DCB   A=1,\n               B='C'\n";
    withTree(parser, pc, (tree) => {
      expect(troubles(tree)).toEqual([]);
      expect(statements(tree).at(-1)).toBe('operand_line');
      expect(
        matches(language, 'outline', tree)
          .flatMap((match) => match.captures.map((found) => found.node.text))
          .at(1),
      ).toBe('WTO');
    });
  });

  it.each([
    ['an open string', "         MVC   A,C'OPEN"],
    ['a name alone', 'NAMEONLY'],
    ['no operation', '         01 X'],
    ['a control character', '         LR \u0001,R2'],
    ['an open option', '         EXEC CICS LINK PROGRAM(X'],
  ])('hold %s in its own line', (_, bad) => {
    withTree(parser, `A        LR    R1,R2\n${bad}\nB        LR    R3,R4\n`, (tree) => {
      expect(tree.rootNode.hasError).toBe(false);
      expect(statements(tree).length).toBe(3);
      expect(tree.rootNode.lastChild?.text).toBe('B        LR    R3,R4\n');
    });
  });

  it('are the same after edits as from a fresh parse', () => {
    const edit = fc.record({
      at: fc.nat(source.length),
      removed: fc.nat(12),
      inserted: fc.oneof(
        fc.stringMatching(/^[A-Z' ,()=\n*&.]{0,6}$/),
        fc.constantFrom('         MACRO\n', '\n', '         MEND\n', 'C        CSECT\n', "L'", "'"),
      ),
    });
    fc.assert(
      fc.property(edit, ({ at, removed, inserted }) => {
        const end = Math.min(at + removed, source.length);
        const changed = source.slice(0, at) + inserted + source.slice(end);
        const position = (text: string, index: number) => {
          const before = text.slice(0, index).split('\n');
          return { row: before.length - 1, column: before.at(-1)?.length ?? 0 };
        };
        const old = parser.parse(source)!;
        old.edit(
          new Edit({
            startIndex: at,
            oldEndIndex: end,
            newEndIndex: at + inserted.length,
            startPosition: position(source, at),
            oldEndPosition: position(source, end),
            newEndPosition: position(changed, at + inserted.length),
          }),
        );
        const again = parser.parse(changed, old)!;
        const incremental = again.rootNode.toString();
        again.delete();
        old.delete();
        expect(incremental).toBe(withTree(parser, changed, (tree) => tree.rootNode.toString()));
      }),
      { numRuns: 400 },
    );
  });

  it('read the line of an edit again, and not the lines that follow', () => {
    const lines = (edited: string): string =>
      `         MVC   A,B\n${edited}\n${'         LA    R1,4(R2)\n'.repeat(300)}`;
    const old = parser.parse(lines('         AR    R3,R4'))!;
    const at = lines('         AR    R3,R4').indexOf('R4') + 2;
    const place = { row: 1, column: at - lines('').indexOf('\n') - 1 };
    const after = { ...place, column: place.column + 1 };
    old.edit(
      new Edit({
        startIndex: at,
        oldEndIndex: at,
        newEndIndex: at + 1,
        startPosition: place,
        oldEndPosition: place,
        newEndPosition: after,
      }),
    );
    let tokens = 0;
    parser.setLogger((message) => {
      if (message.startsWith('lexed_lookahead')) tokens += 1;
    });
    const again = parser.parse(lines('         AR    R3,R4X'), old)!;
    parser.setLogger(null);
    again.delete();
    old.delete();
    expect(tokens).toBeGreaterThan(0);
    expect(tokens).toBeLessThan(20);
  });
});
