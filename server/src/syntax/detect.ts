import { type LanguageId, languageIds } from '../types/outline.ts';
import { languages } from './languages.ts';

export interface LanguageQuestion {
  /** Path or URI path; only its last part counts. */
  readonly path: string;
  /** The editor's id, if it has one. */
  readonly languageId?: string;
  /** The text, or its first kilobytes: needed for `.m`, `.s`, `.asm`, `.inc`, `.mac`, `.h` and files without an ending. */
  readonly text?: string;
  /** The user's choice by pattern (`*.m`, `legacy/**`): wins over everything. */
  readonly overrides?: Readonly<Record<string, string>>;
}

const byForeignId = new Map<string, LanguageId>();
const byEnding = new Map<string, LanguageId>();
const byName = new Map<string, LanguageId>();
for (const row of languages) {
  byForeignId.set(row.id, row.id);
  for (const id of row.foreignIds ?? []) byForeignId.set(id.toLowerCase(), row.id);
  for (const ending of row.endings) byEnding.set(ending, row.id);
  for (const name of row.names ?? []) byName.set(name, row.id);
}

/** Endings that several languages share; the content decides. */
const ambiguous = new Map<string, (text: string) => LanguageId | undefined>([
  ['.m', (text) => (looksLikeMumps(text) ? 'mumps' : undefined)],
  ['.s', assemblerOf],
  ['.asm', assemblerOf],
  ['.inc', (text) => (looksLikePhp(text) ? 'php' : assemblerOf(text))],
  ['.mac', macroFile],
  ['.macro', macroFile],
  ['.copy', (text) => (looksLikeHlasm(text) ? 'hlasm' : undefined)],
  ['.cpy', (text) => (looksLikeHlasm(text) ? 'hlasm' : undefined)],
  ['.h', (text) => (looksLikeCpp(text) ? 'cpp' : 'c')],
]);

const shebangs: readonly (readonly [RegExp, LanguageId])[] = [
  [/\b(ba|z|k|da)?sh\b/, 'shellscript'],
  [/\bpython[\d.]*\b/, 'python'],
  [/\bnode\b/, 'javascript'],
  [/\b(deno|tsx|ts-node|bun)\b/, 'typescript'],
  [/\bruby\b/, 'ruby'],
  [/\bphp\b/, 'php'],
  [/\blua(jit)?[\d.]*\b/, 'lua'],
  [/\bscala\b/, 'scala'],
  [/\bswift\b/, 'swift'],
];

/** Bytes of text that are looked at. */
const sampleLength = 16_384;

/** The language of a file, or undefined when CodeGloss does not read it. Order: the user's override, the editor's id, ending, name, content. */
export function languageOf(question: LanguageQuestion): LanguageId | undefined {
  const name = (question.path.split(/[\\/]/).pop() ?? '').toLowerCase();
  const override = overrideOf(question.path, name, question.overrides);
  if (override !== undefined) return override === 'none' ? undefined : override;
  const sample = question.text?.slice(0, sampleLength);
  const ending = endingOf(name);
  const decide = ambiguous.get(ending);
  const editor = question.languageId === undefined ? undefined : byForeignId.get(question.languageId.toLowerCase());
  if (editor !== undefined) {
    const family = editor === 'asm' || editor === 'hlasm' || editor === 'c';
    return (family && sample !== undefined ? decide?.(sample) : undefined) ?? editor;
  }
  if (decide !== undefined) return sample === undefined ? defaultOf(ending) : decide(sample);
  return (
    byEnding.get(ending) ?? byName.get(name) ?? (ending === '' && sample !== undefined ? byContent(sample) : undefined)
  );
}

/** Endings, lower case with the dot, that `languageOf` answers for: what a walk through a folder looks at. */
export function knownEndings(): ReadonlySet<string> {
  return new Set([...byEnding.keys(), ...ambiguous.keys()]);
}

function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot);
}

function defaultOf(ending: string): LanguageId | undefined {
  if (ending === '.h') return 'c';
  return ending === '.s' || ending === '.asm' ? 'asm' : undefined;
}

function overrideOf(
  path: string,
  name: string,
  overrides: Readonly<Record<string, string>> | undefined,
): LanguageId | 'none' | undefined {
  for (const [pattern, id] of Object.entries(overrides ?? {})) {
    if (!matchesPattern(pattern.toLowerCase(), path.replaceAll('\\', '/').toLowerCase(), name)) continue;
    if (id === 'none') return 'none';
    const known = languageIds.find((each) => each === id) ?? byForeignId.get(id.toLowerCase());
    if (known !== undefined) return known;
  }
  return undefined;
}

/** `*` within a folder, `**` across; a pattern without a slash is held against the name only. */
function matchesPattern(pattern: string, path: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/?/g, '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll('\0', '.*');
  return new RegExp(pattern.includes('/') ? `(^|/)${source}$` : `^${source}$`).test(
    pattern.includes('/') ? path : name,
  );
}

function byContent(text: string): LanguageId | undefined {
  if (text.startsWith('#!')) {
    const first = text.slice(2, 200).split(/\r?\n/, 1)[0] ?? '';
    return shebangs.find(([pattern]) => pattern.test(first))?.[1];
  }
  if (looksLikeHlasm(text)) return 'hlasm';
  return looksLikeMumps(text) ? 'mumps' : undefined;
}

/** `%` with prose, a cell mark, a block or nothing after it; a lone `%` before commands is a label of MUMPS. */
const matlabComment = /^%(?:[%{]|[ \t]*$|[ \t]*[A-Za-z]{2,}[ \t]+[a-z])/m;

/** MUMPS against Objective-C, MATLAB, Octave, Mathematica: by first line and by the share of lines that start like M commands. */
function looksLikeMumps(text: string): boolean {
  // The two header lines that the trade's coding standard asks for: routine name with comment, version.
  if (/^%?[A-Za-z0-9]+(\([^)\n]*\))?[ \t]*;[^\n]*\n[A-Za-z0-9]*[ \t]+;;/.test(text)) return true;
  if (/^\s*(@interface|@implementation|#import|#include|@import)\b/m.test(text)) return false;
  if (/^\s*(function\b[^;]*$|classdef\b|\(\*)/m.test(text) || matlabComment.test(text)) return false;
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  if (lines.length === 0) return false;
  if (/^%?[A-Za-z][A-Za-z0-9]*(\([^)]*\))?[ \t]*;/.test(lines[0] ?? '')) return true;
  const code = /^(%?[A-Za-z0-9]*(\([^)]*\))?)?[ \t]+(\.[ \t]*)*([A-Za-z]{1,8}(:\S+)?([ \t]|$)|;)|^;/;
  const hits = lines.filter((line) => code.test(line) && !/[{}]\s*$|;\s*$/.test(line)).length;
  return hits / lines.length > 0.7;
}

/** `.s`, `.asm`, `.inc`: HLASM by its columns and operations, else one of the others; mainframe libraries keep COBOL beside it. */
function assemblerOf(text: string): LanguageId | undefined {
  if (/^.{0,10}\bIDENTIFICATION\s+DIVISION\b/im.test(text)) return undefined;
  return looksLikeHlasm(text) ? 'hlasm' : 'asm';
}

/** `.mac` is an HLASM macro library, an MS-DOS include, or an InterSystems routine. */
function macroFile(text: string): LanguageId | undefined {
  if (looksLikeHlasm(text)) return 'hlasm';
  if (looksLikeMumps(text)) return 'mumps';
  return /^\s*(\S+\s+(macro|struc|equ|proc|segment)\b|%macro|\.macro\b|;)/im.test(text) ? 'asm' : undefined;
}

const hlasmOperation =
  /^([A-Z@#$_&.][A-Z0-9@#$_&.()]*)?[ ]+(CSECT|DSECT|RSECT|START|MACRO|MEND|USING|DROP|LTORG|BALR?|BASR?|STM|LM|LA|DC|DS|EQU|AIF|AGO|ANOP|GBL[ABC]|LCL[ABC]|SET[ABC]|MVC|CLC|BR|BCT|COPY|PRINT|TITLE|EJECT|SPACE|YREGS|AMODE|RMODE|ENTRY|EXTRN|END|L|ST|EXEC)( |$)/;

/** Words that MASM alone has; its boxed comment blocks look like HLASM's. */
const masmWords = /^[ \t]*(?:PAGE[ \t]*\d*,\d+|COMMENT[ \t]+[^\sA-Za-z0-9])|^[\w$@?]+[ \t]+(?:SEGMENT|ENDP)\b/im;

function looksLikeHlasm(text: string): boolean {
  if (masmWords.test(text)) return false;
  const lines = text.split(/\r\n|[\n\r\u0085]/).filter((line) => line.trim() !== '');
  if (lines.length === 0) return false;
  let operations = 0;
  let comments = 0;
  let foreign = 0;
  for (const line of lines) {
    if (/^\.?\*/.test(line)) comments++;
    else if (hlasmOperation.test(line.slice(0, 71))) operations++;
    else if (/^\s*[;#%]|^\s*\.[a-z]|^[\w.$@?]+:|\b(proc|endp|segment)\b|\t/i.test(line)) foreign++;
  }
  return operations > 0 && operations + comments > 2 * foreign && (operations + comments) / lines.length > 0.25;
}

function looksLikePhp(text: string): boolean {
  return /<\?(php|=)/.test(text);
}

function looksLikeCpp(text: string): boolean {
  return /^\s*(class\s+\w+[^;]*$|namespace\s+[\w:]+\s*\{?|template\s*<|using\s+[\w:]+\s*[=;]|(public|private|protected)\s*:)|\w+::\w+|\b(constexpr|noexcept|nullptr|virtual)\b|#include\s*<(c?(std\w+|string|vector|map|memory|iostream|functional|utility|algorithm|optional|array|set))>/m.test(
    text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|#include\s*<(stdint|stddef|stdlib|stdio|stdbool|stdarg|string)\.h>/g, ''),
  );
}
