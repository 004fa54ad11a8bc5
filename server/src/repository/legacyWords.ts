import type { SyntaxDocument } from '../syntax/document.ts';
import type { CallSite } from '../types/outline.ts';
import type { Position, Range } from '../types/text.ts';
import { isLegacy, isWithin } from './legacyGraph.ts';

/** What stands under the cursor: a name, and in MUMPS the routine that it is qualified with. */
export interface NamedPlace {
  readonly name: string;
  readonly receiver: string | undefined;
  readonly range: Range;
  /** A member that is copied or included, and so the name of a file. */
  readonly isMember: boolean;
}

const maxLine = 2_000;

/** The name at a position of legacy code; undefined in comments and where there is none. */
export function namedPlaceAt(doc: SyntaxDocument, at: Position): NamedPlace | undefined {
  if (!isLegacy(doc.language) || at.character > maxLine || isInComment(doc, at)) return undefined;
  const line = lineText(doc, at.line);
  const word = wordIn(line, at, doc.language === 'mumps' ? mumpsWords : words);
  if (word === undefined) return undefined;
  const imported = doc.imports().find(({ range }) => holds(range, at));
  if (imported !== undefined)
    return { name: imported.name, receiver: undefined, range: imported.range, isMember: true };
  const whole = { start: { line: at.line, character: 0 }, end: { line: at.line, character: line.length } };
  const call = doc.calls(whole).find((site) => holds(site.range, at) && isNamedBy(site, word.text));
  if (call !== undefined) {
    // The routine in LABEL^ROUTINE means the routine, its label the label in it.
    const onReceiver = call.receiver === word.text && call.name !== word.text;
    const receiver = onReceiver ? word.text : call.receiver;
    return { name: word.text, receiver, range: word.range, isMember: false };
  }
  return { name: word.text, receiver: undefined, range: word.range, isMember: false };
}

/** Places of a name in the code of a file, comments left out. In assembler a name means one thing wherever it stands. */
export function placesOfWord(doc: SyntaxDocument, name: string): readonly Range[] {
  const comments = doc.comments();
  const places: Range[] = [];
  const wanted = doc.language === 'hlasm' ? name.toUpperCase() : name;
  for (const match of doc.text.matchAll(words)) {
    const word = doc.language === 'hlasm' ? match[0].toUpperCase() : match[0];
    if (word !== wanted) continue;
    const start = match.index;
    if (comments.some((comment) => comment.kind !== 'data' && comment.start <= start && start < comment.end)) continue;
    places.push({ start: doc.positionAt(start), end: doc.positionAt(start + match[0].length) });
  }
  return places;
}

/**
 * Where a file declares a name that its outline does not list: a local label, a data field, an equate. The name stands at the start of the
 * line there.
 */
export function labelInFile(doc: SyntaxDocument, name: string): Range | undefined {
  if (doc.language === 'mumps') return undefined;
  return placesOfWord(doc, name).find(({ start, end }) => {
    const line = lineText(doc, start.line);
    const before = line.slice(0, start.character);
    const after = line.slice(end.character);
    if (before.trim() !== '') return false;
    return (
      after.startsWith(':') ||
      (before === '' && /^\s+\S/.test(after)) ||
      /^\s+(equ|=|d[bwdqt]|res[bwdq])\b/i.test(after)
    );
  });
}

/** In MUMPS `$$` calls and `^` joins: neither belongs to a name. */
const mumpsWords = /%?[A-Za-z][A-Za-z0-9]*|%|\d+/g;
const words = /[\p{L}_$%@#.][\p{L}\p{N}_$@#.?]*/gu;

function wordIn(
  line: string,
  { line: row, character }: Position,
  pattern: RegExp,
): { readonly text: string; readonly range: Range } | undefined {
  for (const match of line.matchAll(pattern)) {
    const end = match.index + match[0].length;
    if (match.index > character) return undefined;
    if (character <= end)
      return {
        text: match[0],
        range: { start: { line: row, character: match.index }, end: { line: row, character: end } },
      };
  }
  return undefined;
}

function isNamedBy(site: CallSite, word: string): boolean {
  return site.name === word || site.receiver === word;
}

/** Like `isWithin`, with the place right after the last letter. */
function holds(range: Range, at: Position): boolean {
  return isWithin(range, at) || (at.line === range.end.line && at.character === range.end.character);
}

function isInComment(doc: SyntaxDocument, at: Position): boolean {
  const offset = doc.offsetAt(at);
  return doc.comments().some(({ kind, start, end }) => kind !== 'data' && start < offset && offset < end);
}

function lineText(doc: SyntaxDocument, line: number): string {
  const start = doc.offsetAt({ line, character: 0 });
  return doc.text.slice(start, start + maxLine + 1).split(/\r\n|\n|\r/, 1)[0] ?? '';
}
