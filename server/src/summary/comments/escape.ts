import type { CommentStyle } from './style.ts';

/**
 * Words that tools obey when they stand in a comment: a summary must not switch off a linter, a build or an encoding. They get a blank
 * after their first letter.
 */
const toolWords =
  /@ts-|eslint-|tslint:|biome-|prettier-|jshint|jslint|istanbul ignore|@jest-|@vitest-|@(?:no)?flow|@jsx|@(?:no)?format|@(?:no)?prettier|@babel|@generated|@license|@preserve|@import|pylint:|flake8:|mypy:|noqa|nosec|pragma:|yapf:|fmt:|isort:|ruff:|cython:|distutils:|type:\s*ignore|pyright:|coding\s*[:=]|frozen_string_literal|warn_indent|shareable_constant_value|rubocop:|typed:|shellcheck\s|swiftlint:|ktlint|noinspection|nolint|clang-format|clang-tidy|go:(?=[a-z])|\+build|sourceMappingURL|sourceURL|luacheck:|phpcs:|phpstan-|codegloss:|\b(?:vim?|ex):|-\*-|<!--/gi;

/** Typography that has an ASCII spelling. */
const asciiSpelling: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u2013': '-',
  '\u2014': '-',
  '\u2026': '...',
  '\u00a0': ' ',
  '\u00d7': 'x',
  '\u2192': '->',
  '\u2190': '<-',
  '\u2264': '<=',
  '\u2265': '>=',
  '\u2260': '!=',
};

/**
 * Text that is nothing but words wherever a comment may stand: it ends no comment, opens none, joins no lines, and no tool obeys it.
 * What must not stand in one language is broken in all, so that there is one rule to test.
 */
export function escapeForComment(text: string, style: CommentStyle): string {
  const plain = style.ascii ? toAscii(text) : text;
  const safe = plain
    .replace(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu, ' ')
    // Comment brackets: `*/` ends one, `/*` nests in Kotlin, Scala, Swift and Rust and warns in C.
    .replace(/\*(?=\/)/g, '* ')
    .replace(/\/(?=\*)/g, '/ ')
    // PHP leaves its mode at `?>` and, in old versions, `</script>`; `<?` would look like it.
    .replace(/\?(?=>)/g, '? ')
    .replace(/<(?=\/script|\?)/gi, '< ')
    // `??/` and its kin are trigraphs: one is a backslash, which joins lines.
    .replace(/\?(?=\?)/g, '? ')
    // Java (and old Scala) read `\u000a` as a line end before they know what a comment is.
    .replace(/\\(?=u)/gi, '\\ ')
    // Lua's long brackets, Ruby's and Perl's block comments.
    .replace(/\[(?==*\[)/g, '[ ')
    .replace(/\](?==*\])/g, '] ')
    .replace(toolWords, (word) => `${word.slice(0, 1)} ${word.slice(1)}`);
  return style.form === 'docstring' ? safe.replace(/"{2,}/g, (run) => "'".repeat(run.length)) : safe;
}

function toAscii(text: string): string {
  return text
    .replace(/[^\n\x20-\x7e]/g, (character) => asciiSpelling[character] ?? character)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\n\x20-\x7e]/gu, '?');
}

/** Columns that `safeLine` may add before a line. */
export const safeLineMargin = 2;

/**
 * One line of wrapped text, safe at its ends: no backslash joins it with the next line, and it does not begin as a directive or doc tag.
 * Backslashes of a docstring are doubled here, after wrapping, so that no line break parts a pair.
 */
export function safeLine(line: string, style: CommentStyle): string {
  const led = line.replace(/^(?=[@#!+=:])/, '- ');
  return style.form === 'docstring' ? led.replace(/\\/g, '\\\\') : led.replace(/[\\\s]+$/, '');
}
