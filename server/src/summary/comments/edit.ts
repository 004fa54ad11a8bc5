import type { OwnBlock } from '../../syntax/ownBlocks.ts';
import { type SourceLine, splitLines } from '../../types/lines.ts';
import type { LanguageId } from '../../types/outline.ts';
import type { SummaryText } from '../../types/summary.ts';
import type { Position, TextEdit } from '../../types/text.ts';
import { isSeparator, modulePlace, type Refusal, refusalOfText, separatorOf } from './insertionPoint.ts';
import { fitsSource, isUntouched } from './mark.ts';
import { renderBlock } from './render.ts';
import { type CommentStyle, hashStyle, moduleStyle } from './style.ts';

/** A checked edit, or why there is none. */
export type EditOrRefusal = { readonly edit: TextEdit } | Refusal;

/** What is known of a file's module comment. `edited`: a person changed it, it is theirs now. */
export type ModuleCommentState = 'none' | 'fresh' | 'stale' | 'edited';

/**
 * The edit that makes the file's module comment say `summary`: one pure insertion, or the replacement of our own untouched block. Refused
 * unless removing our block from the result gives back every byte that is not ours (rule 1).
 * @param asciiOnly for files whose encoding cannot hold every character
 */
export function moduleCommentEdit(
  text: string,
  language: LanguageId,
  summary: Pick<SummaryText, 'line' | 'paragraph'>,
  { asciiOnly = false }: { readonly asciiOnly?: boolean } = {},
): EditOrRefusal {
  const refused = refusalOfText(text);
  if (refused !== undefined) return refused;
  const place = modulePlace(text, language);
  if (place.kind === 'refused') return { code: place.code, reason: place.reason };
  const known = moduleStyle(language, text);
  const base = known === undefined || !asciiOnly ? known : { ...known, ascii: true };
  if (base === undefined) {
    return { code: 'unknownDialect', reason: 'Nothing in the file shows which assembler it is for.' };
  }
  if (place.kind === 'replace') return replacement(text, language, summary, place.block, base);
  const style: CommentStyle = place.humanDocstring ? { ...hashStyle, ascii: base.ascii } : base;
  const block = renderBlock({ language, style, summary, source: text, indent: '' });
  const eol = lineEnd(text);
  const newText = place.atEnd ? eol + block.join(eol) : [...block, separatorOf(language), ''].join(eol);
  const edit = editAt(text, place.offset, place.offset, newText);
  return isReversible(text, language, place.offset, newText) ? { edit } : notReversible;
}

const notReversible: Refusal = {
  code: 'notReversible',
  reason: 'The comment could not be taken out again without a trace, so it is not put in.',
};

function replacement(
  text: string,
  language: LanguageId,
  summary: Pick<SummaryText, 'line' | 'paragraph'>,
  block: OwnBlock,
  base: CommentStyle,
): EditOrRefusal {
  if (!isUntouched(block)) {
    return { code: 'edited', reason: 'Somebody edited the CodeGloss comment; it is theirs now and stays as it is.' };
  }
  const lines = splitLines(text);
  const style = language === 'python' && block.form === 'line' ? { ...hashStyle, ascii: base.ascii } : base;
  const source = withoutBlock(text, lines, block, language);
  const [start, end] = blockOffsets(text, lines, block);
  const indent = /^\s*/.exec(text.slice(start, end))?.[0] ?? '';
  const lead = style.form === 'line' && /^\s/.test(style.leader) ? '' : indent;
  const newText = renderBlock({ language, style, summary, source, indent: lead }).join(lineEnd(text));
  if (text.slice(start, end) === newText) {
    return { code: 'unchanged', reason: 'The module comment already says this.' };
  }
  const result = text.slice(0, start) + newText + text.slice(end);
  if (removed(result, language) !== source) return notReversible;
  return { edit: editAt(text, start, end, newText) };
}

/** The edit that takes the module comment out, whoever edited it: it stands between our marks, and the user asked for it. */
export function removeEdit(text: string, language: LanguageId): EditOrRefusal {
  const place = modulePlace(text, language);
  if (place.kind !== 'replace')
    return { code: 'notFound', reason: 'There is no CodeGloss module comment in the file.' };
  const [start, end] = removalOffsets(text, splitLines(text), place.block, language);
  return { edit: editAt(text, start, end, '') };
}

/** Whether the file has a module comment of ours, and whether it still fits the code. */
export function staleness(text: string, language: LanguageId): ModuleCommentState {
  const place = modulePlace(text, language);
  if (place.kind !== 'replace') return 'none';
  if (!isUntouched(place.block)) return 'edited';
  const source = withoutBlock(text, splitLines(text), place.block, language);
  return fitsSource(place.block, language, source) ? 'fresh' : 'stale';
}

/** The text after an edit. */
export function applyEdit(text: string, edit: TextEdit): string {
  const lines = splitLines(text);
  return text.slice(0, offsetOf(lines, edit.range.start)) + edit.newText + text.slice(offsetOf(lines, edit.range.end));
}

function isReversible(text: string, language: LanguageId, offset: number, inserted: string): boolean {
  const result = text.slice(0, offset) + inserted + text.slice(offset);
  return removed(result, language) === text && staleness(result, language) === 'fresh';
}

function removed(text: string, language: LanguageId): string | undefined {
  const place = modulePlace(text, language);
  return place.kind === 'replace' ? withoutBlock(text, splitLines(text), place.block, language) : undefined;
}

function withoutBlock(text: string, lines: readonly SourceLine[], block: OwnBlock, language: LanguageId): string {
  const [start, end] = removalOffsets(text, lines, block, language);
  return text.slice(0, start) + text.slice(end);
}

/** From the block's first character to its last, without the last line end. */
function blockOffsets(text: string, lines: readonly SourceLine[], block: OwnBlock): readonly [number, number] {
  const bom = block.startLine === 0 && text.startsWith('\uFEFF') ? 1 : 0;
  return [(lines[block.startLine]?.start ?? 0) + bom, lines[block.endLine - 1]?.end ?? text.length];
}

/** What an insertion put in: the block and its separator, or at the end of a text without a final newline, the line end before it. */
function removalOffsets(
  text: string,
  lines: readonly SourceLine[],
  block: OwnBlock,
  language: LanguageId,
): readonly [number, number] {
  const [start, end] = blockOffsets(text, lines, block);
  const after = lines[block.endLine];
  if (after === undefined) return [lines[block.startLine - 1]?.end ?? start, end];
  const hasSeparator = isSeparator(after.text, language) && after.next > after.end;
  return [start, hasSeparator ? after.next : after.start];
}

/** The file's own line end: that of its first line; `\n` where there is none. */
export function lineEnd(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}

function editAt(text: string, start: number, end: number, newText: string): TextEdit {
  const lines = splitLines(text);
  return { range: { start: positionOf(lines, start), end: positionOf(lines, end) }, newText };
}

function positionOf(lines: readonly SourceLine[], offset: number): Position {
  const line = lines.findLastIndex((candidate) => candidate.start <= offset);
  return { line, character: offset - (lines[line]?.start ?? 0) };
}

function offsetOf(lines: readonly SourceLine[], position: Position): number {
  return (lines[position.line]?.start ?? 0) + position.character;
}
