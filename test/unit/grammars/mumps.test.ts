import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Language, type Parser, Query } from 'web-tree-sitter';
import { mumpsParser, queryFile, troubles, withTree } from './mumpsParser.ts';

let parser: Parser;
let language: Language;
beforeAll(async () => {
  ({ parser, language } = await mumpsParser());
});

const routine = `RTN ;SITE/ABC - Keeps lists ;1/1/20
 ;;1.0;LISTS;;
 ;
 S X=1
 ;
 ; Adds an entry.
ADD(LIST,.ITEM) ; entry point
 ; Returns the number.
 N N S N=$$NEXT^LISTU(LIST)
 I N>0 D  Q N
 . D STORE(N,.ITEM),LOG^LISTU
 . F I=1:1:3 D
 . . W $T(TEXT+I^RTN)
 Q 0
TEXT ;;one
 ;;two
 ;;three
`;

function captured(query: string, source: string): readonly string[] {
  const compiled = new Query(language, readFileSync(queryFile(query), 'utf8'));
  const rows = withTree(parser, source, (tree) =>
    compiled
      .matches(tree.rootNode)
      .map(({ captures }) => captures.map(({ name, node }) => `${name}=${node.text.trim()}`)),
  );
  compiled.delete();
  return rows.map((row) => row.filter((entry) => !entry.includes('\n')).join(' '));
}

describe('queries', () => {
  it('outline: the routine, its labels, their formals and what is said on the line', () => {
    expect(captured('outline', routine)).toEqual([
      'name=RTN doc=;SITE/ABC - Keeps lists ;1/1/20',
      'name=ADD parameters=(LIST,.ITEM) doc=; entry point doc=; Returns the number.',
      'name=TEXT',
    ]);
  });

  it('calls: label and routine of DO, $$ and $TEXT', () => {
    expect(captured('calls', routine)).toEqual([
      'call=$$NEXT^LISTU(LIST) call.name=NEXT call.routine=LISTU',
      'call=STORE(N,.ITEM) call.name=STORE',
      'call=LOG^LISTU call.name=LOG call.routine=LISTU',
      'call=$T(TEXT+I^RTN) call.name=TEXT call.routine=RTN',
    ]);
  });

  it('comments: `;;` is data', () => {
    const rows = captured('comments', routine);
    expect(rows.filter((row) => row.startsWith('comment.data='))).toHaveLength(4);
    expect(rows.filter((row) => row.startsWith('comment='))).toHaveLength(6);
  });

  it.each(['folds', 'highlights'])('%s compiles and finds something', (name) => {
    expect(captured(name, routine).length).toBeGreaterThan(3);
  });
});

describe('structure', () => {
  it('the block above a label belongs to the label, not to the code before it', () => {
    withTree(parser, routine, (tree) => {
      const [add] = tree.rootNode.descendantsOfType('label_block');
      expect(add?.previousNamedSibling?.text).toBe(';\n ; Adds an entry.\n');
      expect(add?.startPosition.row).toBe(6);
    });
  });

  it('a label block reaches to the next label', () => {
    withTree(parser, routine, (tree) => {
      const blocks = tree.rootNode.descendantsOfType('label_block');
      expect(blocks.map((block) => [block?.startPosition.row, block?.endPosition.row])).toEqual([
        [6, 14],
        [14, 17],
      ]);
    });
  });

  it.each(['\n', '\r\n', '\r'])('gives the same tree with line end %j', (end) => {
    const expected = withTree(parser, routine, (tree) => tree.rootNode.toString());
    expect(withTree(parser, routine.replaceAll('\n', end), (tree) => tree.rootNode.toString())).toBe(expected);
  });

  it('every command is known in full, in its shortest form and in lower case', () => {
    const forms =
      'BREAK:B CLOSE:C DO:D ELSE:E FOR:F GOTO:G HALT:H HANG:H IF:I JOB:J KILL:K LOCK:L MERGE:M NEW:N OPEN:O QUIT:Q READ:R SET:S ' +
      'TCOMMIT:TC TRESTART:TRE TROLLBACK:TRO TSTART:TS USE:U VIEW:V WRITE:W XECUTE:X ZALLOCATE:ZA ZBREAK:ZB ZCONTINUE:ZC ' +
      'ZDEALLOCATE:ZD ZEDIT:ZED ZGOTO:ZG ZHELP:ZH ZKILL:ZK ZLINK:ZL ZMESSAGE:ZM ZPRINT:ZP ZSHOW:ZSH ZSTEP:ZST ZSYSTEM:ZSY ' +
      'ZTCOMMIT:ZTC ZTRIGGER:ZTR ZTSTART:ZTS ZWITHDRAW:ZWI ZWRITE:ZWR';
    for (const form of forms.split(' ')) {
      for (const word of form.split(':').flatMap((spelling) => [spelling, spelling.toLowerCase()])) {
        const kinds = withTree(parser, ` ${word} @X\n`, (tree) => [
          tree.rootNode.descendantsOfType('keyword').map((node) => node?.text),
          troubles(tree).length > 0 && !/^e/i.test(word),
        ]);
        expect(kinds, word).toEqual([[word], false]);
      }
    }
  });
});

describe('errors', () => {
  const good = 'RTN ;t\n S X=1\n D\n . S Y=2\n . W Y\n Q\nEND Q\n';
  const clean = (source: string): boolean => withTree(parser, source, (tree) => troubles(tree).length === 0);

  it.each([
    ' S X=1 FOO',
    ' S X=((1',
    ' W "open',
    ' S =1',
    ' D A^',
    ' I X?',
    ' S X=$',
    ' K (A',
    ' W:',
    '\x01',
    '?',
    ' S X=1)',
    ' F I',
    ' L +',
  ])('a line %j is not clean and leaves every other line as it was', (bad) => {
    const lines = good.split('\n');
    for (let at = 0; at <= 7; at++) {
      const source = [...lines.slice(0, at), bad, ...lines.slice(at)].join('\n');
      withTree(parser, source, (tree) => {
        const found = troubles(tree);
        expect(found.length).toBeGreaterThan(0);
        expect(new Set(found.map((node) => node.startPosition.row))).toEqual(new Set([at]));
      });
      expect(clean(good)).toBe(true);
    }
  });

  it.each([' S X=', ' S X=(1', ' S X=$P(A', ' D A(', ' S X="a', ' W 1 2', ' I X? Q'])(
    '%j is not called clean',
    (source) => {
      expect(clean(source)).toBe(false);
    },
  );
});

describe('editing', () => {
  it('a re-parse after an edit equals a fresh parse', () => {
    const source = routine.repeat(3);
    const edits: readonly (readonly [number, number, string])[] = [
      [source.indexOf(' . D STORE'), 0, ' . '],
      [source.indexOf('ADD(') - 1, 1, ''],
      [source.indexOf(' ; Adds'), 2, ' S'],
      [source.indexOf('D  Q N'), 1, 'S'],
      [source.lastIndexOf(';;two'), 1, ''],
    ];
    for (const [start, removed, inserted] of edits) {
      const edited = source.slice(0, start) + inserted + source.slice(start + removed);
      const old = parser.parse(source)!;
      const position = (text: string, index: number): { row: number; column: number } => {
        const before = text.slice(0, index);
        return { row: before.split('\n').length - 1, column: index - (before.lastIndexOf('\n') + 1) };
      };
      old.edit({
        startIndex: start,
        oldEndIndex: start + removed,
        newEndIndex: start + inserted.length,
        startPosition: position(source, start),
        oldEndPosition: position(source, start + removed),
        newEndPosition: position(edited, start + inserted.length),
      } as Parameters<typeof old.edit>[0]);
      const again = parser.parse(edited, old)!;
      expect(again.rootNode.toString()).toBe(withTree(parser, edited, (tree) => tree.rootNode.toString()));
      again.delete();
      old.delete();
    }
  });
});
