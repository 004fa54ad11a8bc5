import { readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { applyEdit, moduleCommentEdit } from '../../../../server/src/summary/comments/edit.ts';
import type { LanguageId, OutlineSymbol } from '../../../../server/src/types/outline.ts';
import { fixtures, readFixture, syntax } from '../../syntax/openFixture.ts';
import { RecordingProducer } from '../fakeProducer.ts';
import { commented, uncommented, withDoc } from './commenting.ts';
import { samples, summary } from './samples.ts';

afterAll(() => syntax.dispose());

const manyFunctions = Array.from({ length: 120 }, (_, n) => `function f${n}(a) {\n  return a + ${n};\n}\n`).join('\n');

const texts: readonly (readonly [string, LanguageId, string])[] = [
  ...samples.map(({ language, text }) => [`a sample of ${language}`, language, text] as const),
  ...readdirSync(fixtures)
    .filter((name) => !name.endsWith('.outline'))
    .map((name) => {
      const { text, language } = readFixture(name);
      return [name, language, text] as const;
    }),
  ['MUMPS labels that share their code', 'mumps', 'R ;title\n Q\nA ;\nB ;\n S X=1\n Q\nC ;\nD ; \n S X=2\n Q\n'],
  ['assembler labels that share their code', 'asm', '.text\n.globl _go\ngo:\n_go:\n mov %r1, %r2\n ret\n'],
  ['more functions than one request can comment', 'javascript', manyFunctions],
  [
    'C# whose directives lead the parser astray',
    'csharp',
    'namespace A\n{\n    class B\n    {\n#if X\n        void C(\n#else\n        void D(\n#endif\n            int x)\n        {\n            E();\n        }\n    }\n\n    class F\n    {\n        void G()\n        {\n            E();\n        }\n    }\n#endif\n}\n',
  ],
];

describe('comments on all symbols', () => {
  it.each(texts)(
    'of %s stay as they are when they are made again, and leave without a trace',
    async (_, language, text) => {
      const once = await commented(text, language);
      expect(await commented(once, language)).toBe(once);
      expect(await uncommented(once, language)).toBe(text);
    },
  );

  it('are refused where no line ends as editors count lines', async () => {
    const text = 'int a(void) {\u0085return 1;\u0085}\u0085';
    await expect(commented(text, 'c')).rejects.toThrow(/NEL/);
  });

  it('come to all of them at once, however many they are', async () => {
    const once = await commented(manyFunctions, 'javascript');
    expect(once.match(/codegloss:begin/g)).toHaveLength(120);
  });

  it('come to all of them from a model, too, with as many requests as it takes', async () => {
    const producer = new RecordingProducer();
    producer.answer = ({ prompt }) =>
      JSON.stringify({
        line: 'Works.',
        paragraph: '',
        claims: [],
        comments: [
          ...prompt
            .map(({ text }) => text)
            .join('\n')
            .matchAll(/^ *\| <comment (\w+)>$/gm),
        ].map(([, id]) => ({
          id,
          text: 'Adds a number.',
        })),
      });
    const once = await commented(manyFunctions, 'javascript', () => producer);
    expect(once.match(/codegloss:begin/g)).toHaveLength(120);
    expect(producer.requests).toHaveLength(3);
    expect(await commented(once, 'javascript', () => producer)).toBe(once);
  });

  it('leave what a person edited, and what is about the file', async () => {
    const text = 'def go(a)\n  a\nend\n\ndef stay(a)\n  a\nend\n';
    const module = moduleCommentEdit(text, 'ruby', summary);
    if (!('edit' in module)) throw new Error(module.reason);
    const withModule = applyEdit(text, module.edit);
    const once = await commented(withModule, 'ruby');
    expect(once.match(/codegloss:begin/g)).toHaveLength(3);
    const edited = once.replace('`stay`', '`stay`, as a person put it,');
    expect(await commented(edited, 'ruby')).toBe(edited);
    expect(await uncommented(once, 'ruby')).toBe(withModule);
  });
});

describe('a comment of ours above the next symbol', () => {
  it.each([
    ['mumps', 'R ;title\n Q\nA ;\nB ;\n S X=1\n Q\n', 'A'],
    ['asm', '.text\n.globl _go\ngo:\n_go:\n mov %r1, %r2\n ret\n', 'go'],
  ] as const)('is neither part nor comment of the %s symbol before it', async (language, text, name) => {
    const symbol = (of: string) =>
      withDoc(of, language, ({ outline }) => outline.symbols.find((each) => each.name === name));
    const linesOf = (found: OutlineSymbol | undefined) =>
      found === undefined ? undefined : found.range.end.line - found.range.start.line;
    const [before, after] = [await symbol(text), await symbol(await commented(text, language))];
    expect(after?.doc).toBe(before?.doc);
    expect(linesOf(after)).toBe(linesOf(before));
  });
});
