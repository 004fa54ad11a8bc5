import { afterAll, describe, expect, it } from 'vitest';
import { meaningHash, wholeRange } from '../../../../server/src/context/meaning.ts';
import { docCommentEdit, removeDocEdit } from '../../../../server/src/summary/comments/docComment.ts';
import { applyEdit, type EditOrRefusal } from '../../../../server/src/summary/comments/edit.ts';
import { repositoryAssets } from '../../../../server/src/syntax/assets.ts';
import type { SyntaxDocument } from '../../../../server/src/syntax/document.ts';
import { createSyntax } from '../../../../server/src/syntax/syntax.ts';
import type { LanguageId } from '../../../../server/src/types/outline.ts';
import { hostileTexts, samples, summary } from './samples.ts';

const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
afterAll(() => syntax.dispose());

async function withDoc<T>(text: string, language: LanguageId, use: (doc: SyntaxDocument) => T): Promise<T> {
  const doc = await syntax.open(language, text);
  try {
    return use(doc);
  } finally {
    doc.dispose();
  }
}
const index = (doc: SyntaxDocument, name: string): number =>
  doc.outline.symbols.findIndex((symbol) => symbol.name === name);
const apply = (text: string, result: EditOrRefusal): string => {
  if ('reason' in result) throw new Error(`${result.code}: ${result.reason}`);
  return applyEdit(text, result.edit);
};
const code = (result: EditOrRefusal): string | undefined => ('code' in result ? result.code : undefined);
const shape = (doc: SyntaxDocument) => ({
  symbols: doc.outline.symbols.map(({ name, kind, parent, doc: words, signature }) => [
    name,
    kind,
    parent,
    words,
    signature,
  ]),
  parseErrors: doc.outline.parseErrors,
  hash: meaningHash(doc, wholeRange(doc)),
});

describe('a doc comment', () => {
  it.each(samples)(
    'on every symbol of $language goes in once and out without a trace, whatever it says',
    async (sample) => {
      const { text, language } = sample;
      const before = await withDoc(text, language, shape);
      let placed = 0;
      for (const words of [summary.paragraph, ...hostileTexts]) {
        const said = { line: `Says ${words}`, paragraph: words };
        for (const at of before.symbols.keys()) {
          const result = await withDoc(text, language, (doc) => docCommentEdit(doc, at, said));
          if ('reason' in result) {
            expect(['documented', 'noPlace']).toContain(result.code);
            continue;
          }
          placed++;
          const after = apply(text, result);
          await withDoc(after, language, (doc) => {
            expect(shape(doc)).toEqual(before);
            expect(code(docCommentEdit(doc, at, said))).toBe('unchanged');
            expect(apply(after, removeDocEdit(doc, at))).toBe(text);
          });
        }
      }
      expect(placed).toBeGreaterThan(0);
    },
  );

  it('replaces its own, but not what a person edited nor what an author wrote', async () => {
    const text = 'class A {\n  go() {\n    return 1;\n  }\n}\n';
    const after = await withDoc(text, 'javascript', (doc) =>
      apply(text, docCommentEdit(doc, index(doc, 'go'), summary)),
    );
    expect(after).toMatch(/^class A \{\n {2}\/\*\*\n {3}\* codegloss:begin v1 [0-9a-f]{12}\n/);
    await withDoc(after, 'javascript', (doc) => {
      const updated = apply(after, docCommentEdit(doc, index(doc, 'go'), { line: 'Another.', paragraph: '' }));
      expect(updated.match(/codegloss:begin/g)).toHaveLength(1);
      expect(updated).toContain('Another.');
    });
    const edited = after.replace('Opens', 'Paints');
    await withDoc(edited, 'javascript', (doc) =>
      expect(code(docCommentEdit(doc, index(doc, 'go'), summary))).toBe('edited'),
    );
    await withDoc('/** Goes. */\nfunction go() {\n}\n', 'javascript', (doc) =>
      expect(code(docCommentEdit(doc, 0, summary))).toBe('documented'),
    );
  });

  it.each([
    ['typescript', '// @ts-expect-error later', 'function run() {\n  return 1;\n}\n'],
    ['javascript', '/* eslint-disable-next-line no-empty */\n// prettier-ignore', 'function run() {\n  return 1;\n}\n'],
    ['go', '//go:noinline', 'func run() int {\n\treturn 1\n}\n'],
    ['cpp', '// NOLINTNEXTLINE', 'int run() {\n  return 1;\n}\n'],
    ['shellscript', '# shellcheck disable=SC2034', 'run() {\n  x=1\n}\n'],
  ] as const)('in %s leaves %j on the line before its code', async (language, directive, declaration) => {
    const text = `${directive}\n${declaration}`;
    const after = await withDoc(text, language, (doc) => apply(text, docCommentEdit(doc, index(doc, 'run'), summary)));
    expect(after.endsWith(text)).toBe(true);
    await withDoc(after, language, (doc) => {
      expect(code(docCommentEdit(doc, index(doc, 'run'), summary))).toBe('unchanged');
      expect(apply(after, removeDocEdit(doc, index(doc, 'run')))).toBe(text);
    });
  });

  it.each([
    ['python', 'def go(): return 1\n', 'noPlace'],
    ['python', 'def go():\n    """Goes."""\n', 'documented'],
    ['javascript', 'const x = 1; function go() {\n  return 1;\n}\n', 'noPlace'],
    ['c', '#define A \\\nint go(void) { return 1; }\nint stay(void) {\n  return 1;\n}\n', undefined],
    ['mumps', 'R ;title\n Q\nGO ;\n Q $T(+2)\n', 'offsets'],
  ] as const)('in the %s text %j is refused as %s', async (language, text, expected) => {
    await withDoc(text, language, (doc) => {
      const last = doc.outline.symbols.length - 1;
      expect(code(docCommentEdit(doc, last, summary))).toBe(expected);
    });
  });
});
