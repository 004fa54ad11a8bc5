import { findOwnBlocks, type OwnBlock } from '../../syntax/ownBlocks.ts';
import { endsLinesWithNel, type SourceLine, splitLines } from '../../types/lines.ts';
import type { LanguageId } from '../../types/outline.ts';
import { headerItems, phpOpening } from './header.ts';

/** Why there is no comment, as a kind for code and a line for people. */
export interface Refusal {
  readonly code:
    | 'noPlace'
    | 'unknownDialect'
    | 'documented'
    | 'edited'
    | 'offsets'
    | 'lineEnds'
    | 'unchanged'
    | 'notFound'
    | 'notReversible';
  readonly reason: string;
}

/** Why no comment can be put into a text, wherever it would stand; undefined when one can. */
export function refusalOfText(text: string): Refusal | undefined {
  if (!endsLinesWithNel(text)) return undefined;
  const reason = 'Its lines end with NEL (U+0085), which editors do not count as line ends: convert them first.';
  return { code: 'lineEnds', reason };
}

/** Where a module comment goes, or the one that is there. */
export type ModulePlace =
  | { readonly kind: 'insert'; readonly offset: number; readonly atEnd: boolean; readonly humanDocstring: boolean }
  | { readonly kind: 'replace'; readonly block: OwnBlock }
  | ({ readonly kind: 'refused' } & Refusal);

/**
 * The place for a comment about the file: below what has to be first (shebang, encoding, licence, `<?php`, package, directives), above
 * everything else. Looks only at text above the first code, where no string can hide a mark.
 */
export function modulePlace(text: string, language: LanguageId): ModulePlace {
  const lines = splitLines(text);
  const blocks = findOwnBlocks(text, lines);
  if (language === 'mumps') return mumpsPlace(text, lines, blocks);
  const byLine = new Map(blocks.map((block) => [block.startLine, block]));
  const items = headerItems(language, text, lines, (line) => byLine.get(line)?.endLine);
  const own = items
    .map((item) => byLine.get(item.firstLine))
    .find((block) => block && isModuleBlock(block, lines, language));
  if (own !== undefined) return { kind: 'replace', block: own };
  if (language === 'php' && !items.some((item) => phpOpening.test(lines[item.firstLine]?.text.trim() ?? ''))) {
    return refused('noPlace', 'The file does not begin with a line <?php, so that a comment above would be output.');
  }
  const above = items.filter((item) => item.kind === 'above').at(-1)?.endLine ?? 0;
  const afterHeader = lines[items.at(-1)?.endLine ?? 0]?.text.replace(/^\uFEFF/, '').trim() ?? '';
  const humanDocstring = language === 'python' && /^[rRuUbBfFtT]{0,2}["']/.test(afterHeader);
  const place = placeAtLine(text, lines, skipBlanks(lines, above));
  if (language === 'hlasm') return hlasmPlace(lines, place, skipBlanks(lines, above));
  return { ...place, humanDocstring };
}

type Place = Omit<Extract<ModulePlace, { kind: 'insert' }>, 'humanDocstring'>;

function refused(code: Refusal['code'], reason: string): ModulePlace {
  return { kind: 'refused', code, reason };
}

/** A comment about the file stands apart from the code below; one about the first symbol touches it. */
function isModuleBlock(block: OwnBlock, lines: readonly SourceLine[], language: LanguageId): boolean {
  return block.form === 'docstring' || isSeparator(lines[block.endLine]?.text, language);
}

/** The line that `insert` puts below a module comment, or the end of the text. */
export function isSeparator(line: string | undefined, language: LanguageId): boolean {
  if (line === undefined || line.trim() === '') return true;
  return line.trimEnd() === separatorOf(language);
}

/** Below the comment: in most languages an empty line; where these are not at home, an empty comment. */
export function separatorOf(language: LanguageId): string {
  if (language === 'mumps') return ' ;';
  return language === 'hlasm' ? '*' : '';
}

function skipBlanks(lines: readonly SourceLine[], from: number): number {
  let line = from;
  if (from === 0) return 0;
  while (line < lines.length - 1 && lines[line]?.text.trim() === '') line++;
  return line;
}

function placeAtLine(text: string, lines: readonly SourceLine[], line: number): Place {
  const at = lines[line];
  if (at === undefined) return { kind: 'insert', offset: text.length, atEnd: true };
  const bom = line === 0 && text.startsWith('\uFEFF') ? 1 : 0;
  return { kind: 'insert', offset: at.start + bom, atEnd: false };
}

/** A filled column 72 takes the next line in, and `ICTL` moves all columns. */
function hlasmPlace(lines: readonly SourceLine[], place: Place, line: number): ModulePlace {
  const firstCode = lines.find((candidate) => candidate.text.trim() !== '' && !/^\.?\*/.test(candidate.text));
  if (/^\s+ICTL\b/i.test(firstCode?.text ?? '')) {
    return refused('noPlace', 'ICTL has to be the first statement and moves the columns of comments.');
  }
  const before = lines[line - 1]?.text ?? '';
  if (!isContinued(before)) return { ...place, humanDocstring: false };
  return { kind: 'insert', offset: lines[0]?.start ?? 0, atEnd: false, humanDocstring: false };
}

/** Whether an HLASM line goes on in the next. */
export function isContinued(line: string): boolean {
  return (line[71] ?? ' ').trim() !== '';
}

/** Below the first line, which has to be the routine's label, and the version lines (`;;`) after it. */
function mumpsPlace(text: string, lines: readonly SourceLine[], blocks: readonly OwnBlock[]): ModulePlace {
  const own = blocks.find((block) => block.startLine > 0 && isHeaderOfMumps(lines, block.startLine));
  if (own !== undefined && isModuleBlock(own, lines, 'mumps')) return { kind: 'replace', block: own };
  if ((lines[0]?.text ?? '').trim() === '') return refused('noPlace', 'The routine has no first line.');
  const offsets = countsLines(text);
  if (offsets !== undefined) return refused('offsets', offsets);
  let line = 1;
  while (/^[ \t]+;;/.test(lines[line]?.text ?? '')) line++;
  if (/^(?:[^\s;]\S*)?[ \t]+\./.test(lines[line]?.text ?? '')) {
    return refused('noPlace', 'The first line opens a block that a comment line would end.');
  }
  return { ...placeAtLine(text, lines, line), humanDocstring: false };
}

function isHeaderOfMumps(lines: readonly SourceLine[], before: number): boolean {
  return lines.slice(1, before).every((line) => /^[ \t]*(?:;;.*)?$/.test(line.text));
}

/** MUMPS addresses lines by counting (`LABEL+3`, `$TEXT(+2)`): a new line would shift what such an address means. */
export function countsLines(text: string): string | undefined {
  const counted = /\$T(?:EXT)?\([^)\n]*\+|\b(?:D|DO|G|GOTO|J|JOB|ZB|ZP|ZG|ZGOTO)[ \t]+[%A-Z][\w%]*\+\d/i.exec(
    text,
  )?.[0];
  return counted === undefined
    ? undefined
    : `The routine addresses lines by counting ("${counted.slice(0, 40)}"), so that a new line would change it.`;
}
