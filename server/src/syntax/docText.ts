import type { CommentSyntax } from './languages.ts';

/** Lines that tools read, not people. */
const toolDirective =
  /^\s*(eslint[- ]|@ts-|prettier-ignore|tslint:|biome-ignore|istanbul |c8 |v8 |go:|nolint|\+build|noqa|pylint:|type: ?ignore|mypy:|fmt:|isort:|pragma\b|NOLINT|clang-format|rubocop:|shellcheck |phpcs:|phpstan-ignore|swiftlint:|noinspection|ktlint|#?region\b|#?endregion\b|-\*-|vim?:|frozen_string_literal:|luacheck:|---@diagnostic)/i;

const licence = /copyright|licen[cs]ed? |SPDX-License|all rights reserved|\(c\) ?\d{4}|@license|@licence/i;
const fileComment = /@(file|fileoverview|packageDocumentation|module)\b/;
/** The box at the top of a mainframe program. */
const programHeader = /^\W*(?:PROGRAM|MODULE|MODULE NAME)\s*[:=-][\s\S]*^\W*(?:AUTHOR|DATE|WRITTEN)\b/im;
const ownMark = /codegloss:(begin|end)/;

/** A comment of ours, a shebang or an encoding line: never the author's words about a declaration. */
export function isForeignToDocs(comment: string): boolean {
  return comment.startsWith('#!') || ownMark.test(comment);
}

/** A comment about the file: a licence, or one that says so. */
export function isAboutFile(comment: string, isFirst: boolean): boolean {
  return fileComment.test(comment) || (isFirst && (licence.test(comment) || programHeader.test(comment)));
}

/**
 * The words of a comment: markers, frames of stars and common indentation removed, lines for tools dropped.
 * Empty when nothing is left.
 */
export function cleanComment(comment: string, syntax: CommentSyntax): string {
  const lines = comment.split(/\r\n|\n|\r/);
  const cleaned = isBlock(comment, syntax)
    ? blockLines(lines, syntax)
    : lines.map((line) => stripLineMarker(line, syntax));
  return joinLines(cleaned.filter((line) => !toolDirective.test(line)));
}

/** The text of a docstring literal: prefix and quotes removed, indentation as Python's `inspect.cleandoc` does it. */
export function cleanDocstring(literal: string): string {
  const match = /^[a-zA-Z]{0,2}("""|'''|"|')([\s\S]*?)\1$/.exec(literal.trim());
  if (match === null) return '';
  const lines = (match[2] ?? '').split(/\r\n|\n|\r/);
  const first = (lines[0] ?? '').trim();
  return joinLines([first, ...dedent(lines.slice(1))]);
}

/** Ten marks and nothing else: the edge of a banner. */
const rule = /^\s*\.?[*\-=#_+ ]*[*\-=#_]{10}[*\-=#_+ ]*$/;

/**
 * Of a run of banners, the last one, which is that of the code below: those before it speak of the file, or end what stands above. Text behind
 * the last edge belongs to it.
 */
export function lastBanner(comments: readonly string[]): readonly string[] {
  const banners: string[][] = [[]];
  for (const comment of comments) {
    if (rule.test(comment)) banners.push([]);
    else banners.at(-1)?.push(comment);
  }
  const rest = banners.pop() ?? [];
  const said = (lines: readonly string[]): boolean => lines.some((line) => /\w/.test(line));
  const last = banners.filter(said).at(-1) ?? [];
  const isEnd = /^\W*end\b/i.test(last.find((line) => /\w/.test(line)) ?? '');
  return [...(isEnd ? [] : last), ...rest];
}

function isBlock(comment: string, syntax: CommentSyntax): boolean {
  return syntax.block !== undefined && comment.startsWith(syntax.block[0]);
}

function blockLines(lines: readonly string[], syntax: CommentSyntax): string[] {
  const [open, close] = syntax.block ?? ['', ''];
  const copy = [...lines];
  copy[0] = (copy[0] ?? '').slice(open.length).replace(/^[*!]+<?/, '');
  const last = copy.length - 1;
  const end = copy[last] ?? '';
  const closing = end.lastIndexOf(close);
  if (closing !== -1) copy[last] = end.slice(0, closing).replace(/\*+$/, '');
  const starred = copy.slice(1).every((line) => /^\s*(\*|$)/.test(line));
  const rest = copy.slice(1).map((line) => (starred ? line.replace(/^\s*\*+ ?/, '') : line));
  return [(copy[0] ?? '').trim(), ...(starred ? rest : dedent(rest))];
}

const lineMarkers: Readonly<Record<string, RegExp>> = {
  '//': /^\s*(?:\/\/+[!<]?|#+(?!\[)) ?/,
  '#': /^\s*#+:? ?/,
  '--': /^\s*--+ ?/,
  ';': /^\s*(?:[.;*#@!/]|\/\/)+ ?/,
  '*': /^\s*\.?\*+ ?/,
};

/** `;AN000` and `;ac048;bgb` behind a line of DOS's sources say who changed it when. */
const changeMark = /\s*;\s*[A-Za-z]{2}\d{3}(?:\s*;\s*[A-Za-z]{1,4})?;?\s*$/;

function stripLineMarker(line: string, syntax: CommentSyntax): string {
  const marker = lineMarkers[syntax.line ?? ''];
  const plain = marker === undefined ? line : line.replace(marker, '');
  if (syntax.line === '*') return plain.replace(/[ *]+$/, '');
  return syntax.line === ';'
    ? plain
        .replace(changeMark, '')
        .replace(/^[A-Za-z]{2}\d{3}\s*;\s*[A-Za-z]{2,4}\s+/, '')
        .replace(/[ *]+$/, '')
    : plain;
}

function dedent(lines: readonly string[]): string[] {
  let margin = Number.POSITIVE_INFINITY;
  for (const line of lines) if (line.trim() !== '') margin = Math.min(margin, line.length - line.trimStart().length);
  return lines.map((line) => line.slice(Number.isFinite(margin) ? margin : 0));
}

/** Drops frames (lines of nothing but marks) and empty edges; turns XML documentation into plain text. */
function joinLines(lines: readonly string[]): string {
  const plain = lines
    .map((line) => withoutTags(line).trimEnd())
    .map((line) => (/^[\s*\-=_#/+~;]*$/.test(line) ? '' : line));
  return plain
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** `/// <summary>` and its kin; other angle brackets (generics, HTML) stay. */
function withoutTags(line: string): string {
  if (!line.includes('<')) return line;
  return line
    .replace(/<see(?:also)?\s+(?:cref|langword|href)="([^"]*)"\s*\/>/g, '$1')
    .replace(/<(?:paramref|typeparamref)\s+name="([^"]*)"\s*\/>/g, '$1')
    .replace(/<param\s+name="([^"]*)"\s*>/g, '$1: ')
    .replace(/<\/?(?:summary|remarks|returns|param|para|value|c|exception|example|inheritdoc)(?:\s[^>]*)?\/?>/g, '');
}
