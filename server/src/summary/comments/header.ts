import type { SourceLine } from '../../types/lines.ts';
import type { LanguageId } from '../../types/outline.ts';

/** What may stand above the first code of a file, by language. */
interface HeaderRules {
  readonly line: readonly string[];
  readonly block: readonly {
    readonly open: RegExp;
    readonly close: (open: string) => string;
    readonly nests?: boolean;
  }[];
  /** Whole lines, trimmed, that belong above a comment of ours although they are no comments. */
  readonly directives: readonly RegExp[];
  /** A backslash at the end of a line comment takes the next line in. */
  readonly splices?: boolean;
}

const stars = { open: /^\/\*/, close: () => '*/' };
const nestedStars = { ...stars, nests: true };
const useStrict = /^(['"])use [a-z][a-z ]*\1;?$/;
const packageLine = /^package\s+[\w.`]+\s*;?$/;

const strictTypes = /^declare\s*\(\s*strict_types\s*=\s*[01]\s*\)\s*;$/i;
/** What a line that begins a PHP file may be, so that a comment can stand below it. */
export const phpOpening = /^<\?php(?:\s+declare\s*\(\s*strict_types\s*=\s*[01]\s*\)\s*;)?$/i;

const ecmaScript: HeaderRules = { line: ['//'], block: [stars], directives: [useStrict] };
const hashes: HeaderRules = { line: ['#'], block: [], directives: [] };
const cFamily: HeaderRules = { line: ['//'], block: [stars], directives: [/^#\s*pragma\s+once$/], splices: true };

const rules: Readonly<Record<LanguageId, HeaderRules>> = {
  typescript: ecmaScript,
  typescriptreact: ecmaScript,
  javascript: ecmaScript,
  javascriptreact: ecmaScript,
  python: hashes,
  java: { line: ['//'], block: [stars], directives: [packageLine] },
  c: cFamily,
  cpp: cFamily,
  csharp: { line: ['//'], block: [stars], directives: [/^#nullable\s+\w+$/] },
  go: { line: ['//'], block: [stars], directives: [packageLine] },
  rust: { line: ['//'], block: [nestedStars], directives: [] },
  ruby: { line: ['#'], block: [{ open: /^=begin\b/, close: () => '\n=end' }], directives: [] },
  php: { line: ['//', '#'], block: [stars], directives: [strictTypes] },
  kotlin: { line: ['//'], block: [nestedStars], directives: [packageLine] },
  scala: { line: ['//'], block: [nestedStars], directives: [packageLine] },
  swift: { line: ['//'], block: [nestedStars], directives: [] },
  shellscript: hashes,
  lua: {
    line: ['--'],
    block: [{ open: /^--\[=*\[/, close: (open) => open.slice(2).replaceAll('[', ']') }],
    directives: [],
  },
  mumps: { line: [], block: [], directives: [] },
  hlasm: { line: ['*', '.*'], block: [], directives: [/^\*PROCESS\b/i] },
  asm: { line: [';', '#', '//', '@'], block: [stars], directives: [], splices: true },
};

/** Comments for lawyers and machines stay above everything else, as a whole. */
const licence =
  /copyright|licen[cs]e|SPDX-|all rights reserved|@preserve|\(c\)\s*\d{4}|@generated|<auto-?generated|do not edit|<reference |<amd-|PROCESS\b/i;

/**
 * Lines for tools and for the reader of the encoding, which have to be first in their file, or before its first statement (which a docstring
 * is): what follows them in the same comment may be for people. One row for each who reads them.
 */
const forTools = new RegExp(
  [
    // Editors and encodings.
    /coding[:=]|-\*-|\bvim?:/,
    // JavaScript: compilers, test runners and formatters that read the first comment alone.
    /@ts-|@(?:no)?flow\b|@jsx|@jest-|@vitest-|@(?:no)?format\b|@(?:no)?prettier\b|@babel\b|@providesModule\b/,
    /eslint-|\/\*\s*(?:eslint|jshint|jslint|globals?|exported)\b|tslint:|prettier-|biome-/,
    // Go, C# scripts and Java's jbang, Swift.
    /go:\w|\+build|^\/\/\/?usr\/bin\/env|swiftlint:|swift-tools-version/,
    // Python.
    /pylint:|mypy:|flake8:|pyright:|ruff:|isort:|fmt:|yapf:|cython:|distutils:|type:\s*ignore|\bnoqa\b/,
    // Ruby.
    /frozen_string_literal|warn_indent|shareable_constant_value|typed:\s|rubocop:/,
    // Shells, Lua, PHP.
    /shellcheck |^#(?:compdef|autoload)\b|^--!\w|luacheck:|stylua:|phpcs:|@codingStandards/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'im',
);

/** One thing above the first code. `firstLine` and `endLine` are whole lines. */
export interface HeaderItem {
  readonly kind: 'blank' | 'comment' | 'above';
  readonly firstLine: number;
  readonly endLine: number;
}

/** The items above the first code, in order. `skip` gives the end of a block of ours that starts at a line. */
export function headerItems(
  language: LanguageId,
  text: string,
  lines: readonly SourceLine[],
  skip: (line: number) => number | undefined,
): readonly HeaderItem[] {
  const items: HeaderItem[] = [];
  let line = 0;
  while (line < lines.length) {
    const item = itemAt(language, text, lines, line, skip);
    if (item === undefined) break;
    items.push(item);
    line = item.endLine;
  }
  return items;
}

function itemAt(
  language: LanguageId,
  text: string,
  lines: readonly SourceLine[],
  line: number,
  skip: (line: number) => number | undefined,
): HeaderItem | undefined {
  const content = (lines[line]?.text ?? '').replace(/^\uFEFF/, '');
  const trimmed = content.trim();
  const one = (kind: HeaderItem['kind'], endLine = line + 1): HeaderItem => ({ kind, firstLine: line, endLine });
  const own = skip(line);
  if (own !== undefined) return one('comment', own);
  if (trimmed === '') return one('blank');
  if (line === 0 && content.startsWith('#!') && !content.startsWith('#![')) return one('above');
  if (language === 'php' && phpOpening.test(trimmed)) return one('above');
  const { directives, block } = rules[language];
  if (directives.some((directive) => directive.test(trimmed))) return one('above');
  const opened = block.find(({ open }) => open.test(trimmed));
  if (opened === undefined) return lineComments(language, lines, line);
  const end = blockEnd(text, lines, line, opened, trimmed);
  if (end === undefined) return undefined;
  const comment = text.slice(lines[line]?.start ?? 0, lines[end - 1]?.end ?? text.length);
  // A spliced `*\⏎/` would end the comment where we do not see it.
  if (rules[language].splices === true && splice.test(comment)) return undefined;
  return one(licence.test(comment) || forTools.test(comment) ? 'above' : 'comment', end);
}

const splice = /(?:\\|\?\?\/)[ \t]*(?:\r|\n|$)/;

/** A run of line comments. Lines for tools stay above; what follows them and touches the code is about the code. */
function lineComments(language: LanguageId, lines: readonly SourceLine[], first: number): HeaderItem | undefined {
  const end = runEnd(language, lines, first);
  if (end === first) return undefined;
  const run = lines.slice(first, end).map((line) => line.text);
  // In PHP a `?>` ends the mode even inside a line comment.
  if (language === 'php' && run.some((text) => text.includes('?>'))) return undefined;
  if (run.some((text) => licence.test(text))) return { kind: 'above', firstLine: first, endLine: end };
  const last = run.findLastIndex((text) => forTools.test(text));
  if (last < 0) return { kind: 'comment', firstLine: first, endLine: end };
  const touchesCode = (lines[end]?.text.trim() ?? '') !== '';
  return { kind: 'above', firstLine: first, endLine: touchesCode ? first + last + 1 : end };
}

/** Line after the run of line comments that starts at `first`; `first` itself when there is none. */
function runEnd(language: LanguageId, lines: readonly SourceLine[], first: number): number {
  const { line: leaders, splices } = rules[language];
  let end = first;
  let spliced = false;
  while (end < lines.length) {
    const content = lines[end]?.text ?? '';
    const candidate = language === 'hlasm' ? content : content.replace(/^\uFEFF/, '').trimStart();
    const isComment =
      leaders.some((leader) => candidate.startsWith(leader)) && !isForOthers(language, content, candidate);
    if (!spliced && !isComment) break;
    spliced = splices === true && splice.test(content);
    end++;
  }
  return end;
}

/** Lines that start like a comment and are none, or start a mark of ours, which is an item of its own. */
function isForOthers(language: LanguageId, content: string, candidate: string): boolean {
  if (content.includes('codegloss:begin')) return true;
  if (language === 'asm')
    return /^#\s*(?:include|define|undef|if|ifdef|ifndef|else|elif|endif|error|pragma)\b/.test(candidate);
  if (language === 'lua') return /^--\[=*\[/.test(candidate);
  return language === 'php' && candidate.startsWith('#[');
}

function blockEnd(
  text: string,
  lines: readonly SourceLine[],
  start: number,
  block: HeaderRules['block'][number],
  trimmed: string,
): number | undefined {
  const from = lines[start]?.start ?? 0;
  const open = block.open.exec(trimmed)?.[0] ?? '';
  const first = text.indexOf(open, from);
  const close = block.close(open);
  const found = block.nests === true ? nestedEnd(text, first) : plainEnd(text, first + open.length, close);
  if (found === undefined) return undefined;
  const last = lines.findIndex((line, index) => index >= start && found <= line.end);
  const rest = close === '\n=end' ? '' : text.slice(found, lines[last]?.end);
  return last < 0 || rest.trim() !== '' ? undefined : last + 1;
}

function plainEnd(text: string, from: number, close: string): number | undefined {
  const at = text.indexOf(close, from);
  return at < 0 ? undefined : at + close.length;
}

function nestedEnd(text: string, from: number): number | undefined {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 0;
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return undefined;
}
