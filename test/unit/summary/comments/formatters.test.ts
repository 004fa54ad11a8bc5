import { format as clangFormat } from '@wasm-fmt/clang-format';
import { format as gofmt } from '@wasm-fmt/gofmt';
import { format as ruff } from '@wasm-fmt/ruff_fmt';
import { format as prettier } from 'prettier';
import { describe, expect, it } from 'vitest';
import { applyEdit, moduleCommentEdit, removeEdit, staleness } from '../../../../server/src/summary/comments/edit.ts';
import type { LanguageId } from '../../../../server/src/types/outline.ts';
import { samples } from './samples.ts';

type Format = (text: string) => string | Promise<string>;

const clang =
  (file: string, style: string): Format =>
  (text) =>
    clangFormat(text, file, style);

/** Formatters that people run on save, by language. */
const formatters: readonly (readonly [name: string, language: LanguageId, format: Format])[] = [
  ['Prettier', 'typescript', (text) => prettier(text, { parser: 'typescript' })],
  [
    'Prettier, all prose wrapped',
    'typescript',
    (text) => prettier(text, { parser: 'typescript', proseWrap: 'always', printWidth: 60 }),
  ],
  ['Prettier', 'typescriptreact', (text) => prettier(text, { parser: 'typescript', singleQuote: true })],
  ['Prettier', 'javascript', (text) => prettier(text, { parser: 'babel' })],
  ['Prettier', 'javascriptreact', (text) => prettier(text, { parser: 'babel' })],
  ['Ruff, which formats as Black does', 'python', (text) => ruff(text, 'box.py')],
  ['gofmt', 'go', (text) => gofmt(text)],
  ['clang-format (LLVM)', 'c', clang('box.c', 'LLVM')],
  ['clang-format (Google)', 'cpp', clang('box.cpp', 'Google')],
  ['clang-format (GNU)', 'cpp', clang('box.cpp', 'GNU')],
  ['clang-format (Google)', 'java', clang('Box.java', 'Google')],
  ['clang-format (Microsoft)', 'csharp', clang('Box.cs', 'Microsoft')],
];

const summary = {
  line: 'Opens the box, looks inside and shuts it again without ever letting the cat out of the bag, come what may.',
  paragraph:
    'It opens the box with `go`, which takes the box and gives it back; `go` never fails.\n\nIt does so (1) once, - twice, and * many times: see `open`.  A_name_that_is_rather_long_and_cannot_be_broken_anywhere_at_all_by_any_formatter stays.',
};

const textOf = (language: LanguageId): string => {
  const sample = samples.find((each) => each.language === language);
  if (sample === undefined) throw new Error(`no sample for ${language}`);
  return sample.text;
};

function commented(text: string, language: LanguageId): string {
  const result = moduleCommentEdit(text, language, summary);
  if (!('edit' in result)) throw new Error(result.reason);
  return applyEdit(text, result.edit);
}

function uncommented(text: string, language: LanguageId): string {
  const result = removeEdit(text, language);
  if (!('edit' in result)) throw new Error(result.reason);
  return applyEdit(text, result.edit);
}

describe.each(formatters)('%s on %s', (_, language, format) => {
  it('leaves our block ours and true, and the block takes nothing with it when it goes', async () => {
    const formatted = await format(textOf(language));
    const after = await format(commented(formatted, language));
    expect(staleness(after, language)).toBe('fresh');
    expect(await format(uncommented(after, language))).toBe(formatted);
  });

  it('settles: formatted and commented once more, the file stays as it is', async () => {
    const once = await format(commented(await format(textOf(language)), language));
    const again = moduleCommentEdit(once, language, summary);
    const twice = 'edit' in again ? await format(applyEdit(once, again.edit)) : once;
    expect(twice).toBe(once);
  });

  it('never makes our block look as if somebody had edited it, whatever it does to the code', async () => {
    const sloppy = textOf(language).replaceAll('\n', '\n\n').replace('return 1', 'return  1');
    const after = await format(
      commented(language === 'python' || language === 'go' ? textOf(language) : sloppy, language),
    );
    expect(staleness(after, language)).not.toMatch(/edited|none/);
  });
});
