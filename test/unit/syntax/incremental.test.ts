import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import type { SyntaxDocument } from '../../../server/src/syntax/document.ts';
import { type Grammar, loadGrammar } from '../../../server/src/syntax/grammar.ts';
import { collectItems, compareItems } from '../../../server/src/syntax/items.ts';
import { LineIndex } from '../../../server/src/syntax/lineIndex.ts';
import { buildOutline, outlineCache } from '../../../server/src/syntax/outline.ts';
import { countErrors } from '../../../server/src/syntax/parse.ts';
import { collectUses, compareUses, importsIn, usesWithin } from '../../../server/src/syntax/uses.ts';
import type { LanguageId, Outline } from '../../../server/src/types/outline.ts';
import { drawOutline, fixtures, readFixture, root, syntax } from './openFixture.ts';

afterAll(() => syntax.dispose());

/** What a query over the whole tree gives, with nothing kept from before. */
function outlineAnew(document: SyntaxDocument, grammar: Grammar): Outline {
  const { tree, text, language } = document;
  const { query, plan } = grammar.outline.get();
  const items = collectItems(query, plan, tree.rootNode, undefined, text).sort(compareItems);
  return buildOutline({
    language,
    row: grammar.row,
    lines: LineIndex.of(text),
    items,
    countErrors: () => countErrors(tree),
    cache: outlineCache(),
  }).outline;
}

function usesAnew(document: SyntaxDocument, grammar: Grammar) {
  const { tree, text } = document;
  const lines = LineIndex.of(text);
  const uses =
    grammar.calls === undefined ? [] : collectUses(grammar.calls.get(), tree, text, 0, text.length).sort(compareUses);
  return {
    calls: usesWithin(uses, lines, 0, text.length).calls.map(({ site }) => site),
    imports: importsIn(uses, lines),
  };
}

const grammars = new Map<LanguageId, Promise<Grammar>>();
function grammarOf(language: LanguageId): Promise<Grammar> {
  const known = grammars.get(language) ?? loadGrammar(language, repositoryAssets(root));
  grammars.set(language, known);
  return known;
}

const fragments = [
  'x',
  ' ',
  '\n',
  '\r\n',
  '{',
  '}',
  '(',
  ')',
  '"',
  "'",
  '/*',
  '*/',
  '//',
  '#',
  ';',
  '  ',
  '\t',
  'class A {',
  'def f():\n',
  'function g() {}\n',
  '// doc\n',
  '# doc\n',
  '@decorator\n',
  '😀',
  '',
];
const edits = fc.array(
  fc.record({ at: fc.nat(), length: fc.integer({ min: 0, max: 30 }), text: fc.constantFrom(...fragments) }),
  { minLength: 1, maxLength: 6 },
);

describe('openWhole', () => {
  it.each(readdirSync(fixtures).filter((name) => !name.endsWith('.outline')))(
    '%s: says what open says',
    async (name) => {
      const { text, language } = readFixture(name);
      const [one, two] = [await syntax.open(language, text), await syntax.openWhole(language, text)];
      const whole = { start: { line: 0, character: 0 }, end: one.positionAt(text.length) };
      expect(two.outline).toEqual(one.outline);
      expect(two.comments()).toEqual(one.comments());
      expect(two.calls(whole)).toEqual(one.calls(whole));
      expect(two.imports()).toEqual(one.imports());
      for (const symbol of one.outline.symbols.keys()) expect(two.bases(symbol)).toEqual(one.facts(symbol).bases);
      expect(two.facts(0)).toEqual(one.facts(0));
      for (const document of [one, two])
        document.update([{ range: { start: whole.start, end: whole.start }, text: '\n' }]);
      const longer = { start: whole.start, end: one.positionAt(one.text.length) };
      expect(two.calls(longer)).toEqual(one.calls(longer));
      expect(two.imports()).toEqual(one.imports());
      expect(two.outline).toEqual(one.outline);
      one.dispose();
      two.dispose();
    },
  );
});

describe('update', () => {
  it.each([
    'inventory.ts',
    'server.js',
    'bank.py',
    'Ledger.java',
    'matrix.cpp',
    'stack.go',
    'tree.rs',
    'library.rb',
    'Cart.php',
    'Shapes.swift',
    'deploy.sh',
    'routine.m',
    'program.hlasm',
    'memory.nasm',
  ])('%s: the outline after any edits equals a full one', async (name) => {
    const { text, language } = readFixture(name);
    await fc.assert(
      fc.asyncProperty(fc.array(edits, { minLength: 1, maxLength: 3 }), async (batches) => {
        const document = await syntax.open(language, text);
        // From here on the uses of the file follow the edits; asked for after some batches only, so that several gather.
        document.imports();
        for (const [index, batch] of batches.entries()) {
          if (index === 1) document.imports();
          let length = document.text.length;
          let expected = document.text;
          const changes = [];
          for (const edit of batch) {
            const start = edit.at % (length + 1);
            const end = Math.min(length, start + edit.length);
            const positions = LineIndex.of(expected);
            changes.push({
              range: { start: positions.positionAt(start), end: positions.positionAt(end) },
              text: edit.text,
            });
            const from = positions.offsetAt(positions.positionAt(start));
            const to = positions.offsetAt(positions.positionAt(end));
            expected = expected.slice(0, from) + edit.text + expected.slice(to);
            length = expected.length;
          }
          document.update(changes);
          expect(document.text).toBe(expected);
        }
        const grammar = await grammarOf(language);
        expect(document.outline).toEqual(outlineAnew(document, grammar));
        const whole = { start: { line: 0, character: 0 }, end: document.positionAt(document.text.length) };
        expect({ calls: document.calls(whole), imports: document.imports() }).toEqual(usesAnew(document, grammar));
        document.dispose();
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  it('keeps symbols apart from an edit of a body', async () => {
    const { text, language } = readFixture('stack.go');
    const document = await syntax.open(language, text);
    const before = drawOutline(document);
    const start = document.positionAt(text.indexOf('last := '));
    document.update([{ range: { start, end: start }, text: 'xy' }]);
    expect(drawOutline(document)).toBe(before);
    document.dispose();
  });
});
