import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { meaningHash, wholeRange } from '../../../../server/src/context/meaning.ts';
import {
  applyEdit,
  type EditOrRefusal,
  moduleCommentEdit,
  removeEdit,
  staleness,
} from '../../../../server/src/summary/comments/edit.ts';
import { repositoryAssets } from '../../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../../server/src/syntax/syntax.ts';
import { type LanguageId, languageIds } from '../../../../server/src/types/outline.ts';
import { hostileTexts, samples, summary } from './samples.ts';

const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
afterAll(() => syntax.dispose());

/** What the parser sees in a text, our comments apart. */
async function meaningOf(text: string, language: LanguageId) {
  const doc = await syntax.open(language, text);
  try {
    const symbols = doc.outline.symbols.map(({ name, kind, parent, doc, signature }) => [
      name,
      kind,
      parent,
      doc,
      signature,
    ]);
    return { symbols, parseErrors: doc.outline.parseErrors, hash: meaningHash(doc, wholeRange(doc)) };
  } finally {
    doc.dispose();
  }
}

function editOf(result: EditOrRefusal) {
  if ('reason' in result) throw new Error(`${result.code}: ${result.reason}`);
  return result.edit;
}
const insert = (text: string, language: (typeof samples)[number]['language'], said = summary): string =>
  applyEdit(text, editOf(moduleCommentEdit(text, language, said)));
const remove = (text: string, language: (typeof samples)[number]['language']): string =>
  applyEdit(text, editOf(removeEdit(text, language)));

describe('a module comment', () => {
  it('has a sample in every language', () => {
    expect(new Set(samples.map((sample) => sample.language))).toEqual(new Set(languageIds));
  });

  it.each(samples)('in $language stands below line $above and leaves without a trace', ({ language, text, above }) => {
    const edit = editOf(moduleCommentEdit(text, language, summary));
    expect(edit.range).toEqual({ start: { line: above, character: 0 }, end: { line: above, character: 0 } });
    const result = applyEdit(text, edit);
    expect(result.length).toBe(text.length + edit.newText.length);
    expect(remove(result, language)).toBe(text);
    expect(staleness(text, language)).toBe('none');
    expect(staleness(result, language)).toBe('fresh');
    expect(moduleCommentEdit(result, language, summary)).toMatchObject({ code: 'unchanged' });
  });

  it.each(samples)('in $language turns stale with the code, and is replaced where it stands', ({ language, text }) => {
    const commented = insert(text, language);
    const changed = `${commented.trimEnd()} changed\n`;
    expect(staleness(changed, language)).toBe('stale');
    const other = { line: 'Says something else.', paragraph: '' };
    const updated = insert(changed, language, other);
    expect(staleness(updated, language)).toBe('fresh');
    expect(updated.split('codegloss:begin')).toHaveLength(2);
    expect(updated).toContain('Says something else.');
    expect(remove(updated, language)).toBe(remove(changed, language));
  });

  it.each(samples)('in $language that a person edited is theirs', ({ language, text }) => {
    const edited = insert(text, language).replace('Opens and shuts', 'Opens, paints and shuts');
    expect(staleness(edited, language)).toBe('edited');
    expect(moduleCommentEdit(edited, language, { line: 'New.', paragraph: '' })).toMatchObject({ code: 'edited' });
    expect(remove(edited, language)).toBe(text);
  });

  it.each(samples.filter(({ language }) => !['hlasm', 'mumps', 'python'].includes(language)))(
    'in $language is known again after a formatter indented it and reflowed its words',
    ({ language, text }) => {
      const commented = insert(text, language);
      const start = commented.indexOf('It counts');
      const space = commented.indexOf(' ', start + 20);
      const lead = commented.slice(commented.lastIndexOf('\n', start) + 1, start);
      const reflowed = `${commented.slice(0, space)}\n${lead}${commented.slice(space + 1)}`;
      const blockStart = commented.search(/^.*codegloss:begin/m);
      const indented =
        reflowed.slice(0, blockStart) +
        reflowed
          .slice(blockStart)
          .replace(/^(?=\S.*)/gm, (_match, offset: number) =>
            offset < reflowed.indexOf('codegloss:end') - blockStart ? '  ' : '',
          );
      expect(staleness(indented, language)).toBe('fresh');
    },
  );

  it('keeps line ends, byte order mark and a missing final newline', () => {
    for (const eol of ['\n', '\r\n', '\r']) {
      for (const sample of samples) {
        for (const bom of ['', '\uFEFF']) {
          for (const tail of ['', eol]) {
            const text = bom + sample.text.trimEnd().replaceAll('\n', eol) + tail;
            const result = insert(text, sample.language);
            expect(remove(result, sample.language)).toBe(text);
            expect(result.startsWith(bom)).toBe(true);
            expect(result.endsWith(text.slice(-8))).toBe(true);
            expect(result.replaceAll(eol, '')).not.toMatch(/[\r\n]/);
          }
        }
      }
    }
  });

  it.each([
    ['shellscript', '#!/bin/sh'],
    ['shellscript', '#!/bin/sh\n'],
    ['shellscript', ''],
    ['typescript', '// Copyright me'],
    ['php', '<?php'],
    ['mumps', 'R ;title'],
    ['python', '# -*- coding: utf-8 -*-'],
  ] as const)('fits into the %s text %j that is all header', (language, text) => {
    const result = insert(text, language);
    expect(result.startsWith(text)).toBe(true);
    expect(result.endsWith('\n')).toBe(text === '' || text.endsWith('\n'));
    expect(remove(result, language)).toBe(text);
  });

  it.each(samples)('in $language says hostile things and the code means what it meant', async ({ language, text }) => {
    const before = await meaningOf(text, language);
    for (const hostile of hostileTexts) {
      const result = insert(text, language, { line: `Begins ${hostile}`, paragraph: `${hostile}\n\n${hostile} end` });
      expect(remove(result, language)).toBe(text);
      expect(await meaningOf(result, language)).toEqual(before);
    }
  });

  it.each(samples)('in $language never changes a byte of code, whatever is above it and whatever it says', (sample) => {
    const pieces = fc.constantFrom(
      '// Copyright x\n',
      '# License\n',
      '/* a\n b */\n',
      '/* open',
      '*/',
      '"""doc"""\n',
      "'use strict';\n",
      '\n',
      '  \n',
      '#!/x\n',
      '<?php\n',
      '?>\n',
      '; c\n',
      '* c\n',
      '-- c\n',
      '--[[ c ]]\n',
      '\\\n',
      '// codegloss:begin v1 000000000000\n',
      '// codegloss:end\n',
      '# codegloss:begin v1 000000000000\n',
      '# codegloss:end\n',
      'R ;x\n',
      ' ;;1\n',
      ' .S X=1\n',
      'package a.b\n',
      'code();',
      '\r\n',
      '\r',
      '\uFEFF',
      '\u2028',
      '=begin\n',
      '=end\n',
      `${' '.repeat(71)}X\n`,
    );
    const texts = fc
      .tuple(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 8 }), fc.boolean())
      .map(([head, whole]) => head.join('') + (whole ? sample.text : ''));
    const said = fc.record({
      line: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...hostileTexts)),
      paragraph: fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.constantFrom(...hostileTexts)),
    });
    fc.assert(
      fc.property(texts, said, (text, words) => {
        const result = moduleCommentEdit(text, sample.language, words);
        if ('reason' in result) return;
        const { range, newText } = result.edit;
        const after = applyEdit(text, result.edit);
        expect(moduleCommentEdit(after, sample.language, words)).toMatchObject({ code: 'unchanged' });
        if (range.start.line === range.end.line && range.start.character === range.end.character) {
          expect(after.length).toBe(text.length + newText.length);
          expect(remove(after, sample.language)).toBe(text);
        } else expect(remove(after, sample.language)).toBe(remove(text, sample.language));
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});

/** Vitest would obey the whole word in this very file. */
const environmentOf = (tool: string): string => `@${tool}-environment`;

describe('the place of a module comment', () => {
  it.each([
    ['php', '<p>hi</p>\n<?php echo 1; ?>\n', 'noPlace'],
    ['php', '<?php echo 1; ?>\n<p>\n', 'noPlace'],
    ['mumps', 'R ;title\n D\n . W 1\n Q\n', undefined],
    ['mumps', 'R D\n .W 1\n Q\n', 'noPlace'],
    ['mumps', 'R ;title\n S X=$T(+2)\n Q\n', 'offsets'],
    ['mumps', 'R ;title\n D L+2\n Q\nL ;\n', 'offsets'],
    ['mumps', '', 'noPlace'],
    ['hlasm', '         ICTL  2\n', 'noPlace'],
    ['asm', 'nothing to go by\n', 'unknownDialect'],
    ['mumps', 'R ;title\u0085 Q\u0085', 'lineEnds'],
    ['c', 'int a;\u0085int b;\u0085\n', 'lineEnds'],
    // In Windows-1252 the byte is an ellipsis.
    ['c', '/* wait\u0085 */\nint a;\n', undefined],
  ] as const)('in the %s text %j is refused as %s', (language, text, code) => {
    const result = moduleCommentEdit(text, language, summary);
    expect('code' in result ? result.code : undefined).toBe(code);
  });

  it.each([
    ['javascript', `/** ${environmentOf('jest')} jsdom */`, 'go();\n'],
    ['typescript', `/**\n * ${environmentOf('jest')} jsdom\n */`, '\nimport { a } from "a";\n'],
    ['typescript', `// ${environmentOf('vitest')} happy-dom`, 'go();\n'],
    ['javascript', '/**\n * Sums.\n *\n * @format\n * @flow strict-local\n */', 'go();\n'],
    ['javascript', '/** @noflow */', 'go();\n'],
    ['javascript', '/** @prettier */', 'go();\n'],
    ['typescript', '// @ts-check', 'go();\n'],
    ['typescript', '// @ts-nocheck', '\ngo();\n'],
    ['typescriptreact', '/** @jsxImportSource preact */', 'go();\n'],
    ['javascript', '/* eslint-disable no-console */', 'go();\n'],
    ['javascript', '/* eslint no-var: 2 */', 'go();\n'],
    ['typescript', '/// <reference types="node" />', 'go();\n'],
    ['typescriptreact', "'use no memo';", 'go();\n'],
    ['python', '#!/usr/bin/env python3\n# -*- coding: utf-8 -*-', 'go()\n'],
    ['python', '# type: ignore', 'go()\n'],
    ['python', '# ruff: noqa', 'go()\n'],
    ['python', '# cython: language_level=3', 'go()\n'],
    ['ruby', '# frozen_string_literal: true', '\ngo\n'],
    ['ruby', '# encoding: utf-8\n# warn_indent: true', 'go\n'],
    ['go', '//go:build linux\n\npackage a', '\nfunc Go() {}\n'],
    ['php', '<?php\n\ndeclare(strict_types=1);', '\ngo();\n'],
    ['php', '<?php declare(strict_types=1);', '\ngo();\n'],
    ['php', '#!/usr/bin/env php\n<?php', 'go();\n'],
    ['c', '#pragma once', '\nint a;\n'],
    ['csharp', '// <auto-generated/>', 'class A {}\n'],
    ['csharp', '#nullable enable', '\nclass A {}\n'],
    ['shellscript', '#!/bin/sh\n# shellcheck disable=SC2034', 'go\n'],
    ['shellscript', '#compdef go', 'go\n'],
    ['lua', '--!strict', 'go()\n'],
    ['swift', '// swift-tools-version:5.9', 'go()\n'],
    ['java', '///usr/bin/env jbang "$0" "$@" ; exit $?', 'class A {}\n'],
    ['rust', '#!/usr/bin/env run-cargo-script', 'fn go() {}\n'],
  ] as const)('in %s leaves %j where it has to be', (language, first, rest) => {
    const text = `${first}\n${rest}`;
    const result = insert(text, language);
    expect(result.startsWith(`${first}\n`)).toBe(true);
    expect(remove(result, language)).toBe(text);
  });

  it('says no word that a test runner would obey wherever it stands', () => {
    const said = { line: `Sets ${environmentOf('vitest')} jsdom.`, paragraph: `Or ${environmentOf('jest')} node.` };
    expect(insert('go();\n', 'typescript', said)).not.toMatch(/@(?:vitest|jest)-/);
  });

  it('stands above inner attributes of Rust, which take comments before them', () => {
    expect(insert('#![no_std]\nfn go() {}\n', 'rust')).toMatch(/^\/\/ codegloss:begin/);
  });

  it('in Python beside a docstring of the author is in # lines above it', () => {
    const text = '#!/usr/bin/env python3\n"""What the author says."""\nimport os\n';
    const result = insert(text, 'python');
    expect(result).toMatch(/^#!.*\n# codegloss:begin v1 [0-9a-f]{12}\n# Opens and shuts boxes\.\n/);
    expect(remove(result, 'python')).toBe(text);
  });

  it('is not taken for the comment of the first symbol, and the other way round', () => {
    const doc = '# codegloss:begin v1 000000000000\n# Says.\n# codegloss:end\n';
    expect(staleness(`${doc}def go\nend\n`, 'ruby')).toBe('none');
    expect(staleness(`${doc}\ndef go\nend\n`, 'ruby')).toBe('edited');
  });

  it('is never found inside a string', () => {
    const text = 'const t = `\n// codegloss:begin v1 000000000000\n// codegloss:end\n\n`;\n';
    expect(staleness(text, 'typescript')).toBe('none');
    expect(removeEdit(text, 'typescript')).toMatchObject({ code: 'notFound' });
  });

  it('stays below a whole licence and above the comment of the first symbol', () => {
    const text = '// Copyright A\n// and so on\n\n// Adds.\nfunction add() {}\n';
    const lines = insert(text, 'javascript').split('\n');
    expect(lines.slice(0, 3)).toEqual(['// Copyright A', '// and so on', '']);
    expect(lines[3]).toContain('codegloss:begin');
    expect(lines.slice(-3)).toEqual(['// Adds.', 'function add() {}', '']);
  });

  it.each([
    ['section .text\nglobal go\ngo:\n ret\n', '; codegloss:begin'],
    ['\t.text\ngo:\n\tret\n', '/*\n * codegloss:begin'],
    ['.model small\n.code\ngo PROC\n ret\ngo ENDP\n', '; codegloss:begin'],
    ['# adds\nadd r0, r0\n', '/*\n * codegloss:begin'],
  ])('is in the dialect of the assembler text %j', (text, start) => {
    expect(insert(text, 'asm').startsWith(start)).toBe(true);
  });

  it('is ASCII in HLASM, within column 71, and ASCII where the encoding is not UTF-8', () => {
    const said = { line: 'Zählt “Kästen” – 日本.', paragraph: 'ü '.repeat(200) };
    const hlasm = samples.find((sample) => sample.language === 'hlasm')?.text ?? '';
    const result = insert(hlasm, 'hlasm', said);
    expect(result).toMatch(/^[\x20-\x7e\n]*$/);
    expect(Math.max(...result.split('\n').map((line) => line.length))).toBeLessThanOrEqual(71);
    expect(insert('# coding: latin-1\nx = 1\n', 'python', said)).toMatch(/^[\x20-\x7e\n]*$/);
    expect(insert('x = 1\n', 'python', said)).toContain('Zählt “Kästen” – 日本.');
  });

  it('wraps at 100 columns', () => {
    const result = insert('x = 1\n', 'ruby', { line: 'word '.repeat(80), paragraph: 'word '.repeat(300) });
    expect(Math.max(...result.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});
