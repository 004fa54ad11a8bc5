import type { LanguageId } from '../../types/outline.ts';

/** What an author wrote about a symbol, ready to be quoted. */
export interface AuthorText {
  /** The first sentence. */
  readonly line: string;
  /** What follows it in the description; empty when nothing does. */
  readonly rest: string;
}

/** Comments that speak to tools or lawyers, not to readers. */
const notDescription =
  /^(?:eslint|tslint|jshint|biome|prettier|istanbul|c8|v8|@ts-|noqa|pylint|type:|mypy:|pragma|rubocop|nolint|clang-format|#region|region|copyright|©|spdx|licen[sc]ed? under|todo|fixme|xxx|hack)\b/i;

/** Where tags, argument lists and sections begin: the description ends there. */
const sectionStart =
  /^(?:[@\\](?!brief|details|summary|description|link)[a-z]+|:(?:param|type|returns?|rtype|raises?|arg|keyword|yields?)\b|(?:args|arguments|parameters|params|returns?|raises|yields|examples?|notes?|attributes|see also|throws|usage)\s*:?\s*$|[-=~]{3,}\s*$|```|>>>|#+\s*(?:arguments|parameters|returns?|examples?|panics|errors|safety)\b)/i;

const longestLine = 300;
const longestRest = 1200;

/**
 * The first sentence and the rest of a doc comment (markers already removed). Understands JSDoc, Javadoc, Doxygen, XML comments, reST and
 * Google style as far as finding where the description ends. Undefined when the comment describes nothing.
 */
export function authorText(doc: string, language: LanguageId): AuthorText | undefined {
  const own = language === 'mumps' ? doc.replace(routineHeader, '$<title>').replace(directive, '') : doc;
  const lines = plain(own)
    .split(/\r?\n/)
    .map((line) => line.trim());
  const paragraphs = descriptionParagraphs(lines);
  const first = paragraphs[0] ?? returnedText(lines);
  if (first === undefined || notDescription.test(first)) return undefined;
  const end = sentenceEnd(first);
  const line = cut(first.slice(0, end), longestLine);
  if (!/\p{L}{2}/u.test(line)) return undefined;
  const rest = [first.slice(end).trim(), ...paragraphs.slice(1)].filter((text) => text !== '').join('\n\n');
  return { line: /[.!?…:`)]$/.test(line) ? line.replace(/:$/, '.') : `${line}.`, rest: cut(rest, longestRest) };
}

/** First line of a MUMPS routine by the VA's conventions: `SITE/AUTHOR - TITLE ;DATE`. Only the title describes. */
const routineHeader =
  /^\s*;?\s*[A-Z][A-Z0-9.@&_ -]{0,30}\/[A-Za-z0-9.,&/ -]{1,40}?\s*[-:;]+\s*(?<title>[^;\r\n]+?)\s*(?:;[^\r\n]*)?(?=\r?\n|$)/;

/** What the VA has every routine say. */
const directive = /^.*\bPer V[HA]A Directive\b.*(?:\r?\n|$)/gim;

/** Markup of the comment languages as plain text with code marks. */
function plain(doc: string): string {
  const summary = /<summary>([\s\S]*?)<\/summary>/i.exec(doc)?.[1] ?? doc;
  return summary
    .replace(/\{@inheritDoc\}/gi, '')
    .replace(/\{@(?:link|linkplain|code|literal|value)\s+([^}\s|]+)[^}]*\}/g, '`$1`')
    .replace(/<(?:see|paramref|typeparamref)\s+(?:cref|name|langword)="(?:[A-Z]:)?([^"]+)"\s*\/?>/gi, '`$1`')
    .replace(/<\/?(?:c|code|tt)>/gi, '`')
    .replace(/<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?>/gi, ' ')
    .replace(/:[a-z:]+:`~?([^`<]+?)(?:\s*<[^>]*>)?`/g, '`$1`')
    .replace(/``([^`]+)``/g, '`$1`')
    .replace(/^[\s*!/;#]*[@\\](?:brief|summary|description|details)\s+/gim, '');
}

function descriptionParagraphs(lines: readonly string[]): readonly string[] {
  const paragraphs: string[] = [];
  let current: string[] = [];
  for (const line of [...lines, '']) {
    const isEnd = sectionStart.test(line);
    if (line === '' || isEnd) {
      if (current.length > 0) paragraphs.push(current.join(' ').replace(/\s+/g, ' '));
      current = [];
    } else current.push(line.replace(/^#+\s+/, ''));
    if (isEnd && !/^[-=~]{3,}/.test(line)) break;
  }
  return paragraphs;
}

/** A comment that has only tags may still say what comes back. */
function returnedText(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const text = /^[@\\:]returns?:?\s+(?:\{[^}]*\}\s*)?(?:-\s*)?(.{4,})$/i.exec(line)?.[1];
    if (text !== undefined) return `Returns ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
  }
  return undefined;
}

const abbreviation = /(?:^|[\s(])(?:e\.g|i\.e|etc|cf|vs|resp|approx|incl|no|fig|dr|mr|st)\.$/i;

/** Offset after the first sentence; a dot inside a number, a name or after an abbreviation ends none. */
function sentenceEnd(text: string): number {
  for (const match of text.matchAll(/(?<!\s)[.!?](?=\s|$)/g)) {
    const end = match.index + 1;
    const sofar = text.slice(0, end);
    const isInCode = (sofar.split('`').length - 1) % 2 === 1;
    if (!abbreviation.test(sofar) && !isInCode) return end;
  }
  return text.length;
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const short = text.slice(0, most - 1);
  const space = short.lastIndexOf(' ');
  return `${short.slice(0, space > most / 2 ? space : undefined)}…`;
}
