import { lineId } from '../partition/lineIds.ts';
import { withoutOwnBlock } from '../syntax/ownBlocks.ts';
import type { Range } from '../types/text.ts';
import { commentedWithin, type PartitionTarget, type SummaryDocument, symbolOf } from './subjects.ts';

/** A place above a symbol where a comment is to stand: the model gives its text by id, and never touches the code. */
export interface Placeholder {
  readonly id: string;
  /** Index in the outline. */
  readonly symbol: number;
  /** The line above which it stands, 0-based. */
  readonly line: number;
}

/** One answer holds at most so many comments. */
const maxPlaceholders = 40;

/**
 * One placeholder for each symbol that begins in the stretch and has no comment of its author. The ids are those of the count, so that the
 * same code has the same ids wherever it stands.
 */
export function placeholdersIn(document: SummaryDocument, range: Range): readonly Placeholder[] {
  return uncommentedWithin(document, range)
    .slice(0, maxPlaceholders)
    .map((symbol, count) => ({ id: lineId(count), symbol, line: symbolOf(document, symbol).range.start.line }));
}

/** The stretch in pieces of which each has room in one answer for the comments of its symbols. */
export function withRoomForComments(document: SummaryDocument, target: PartitionTarget): readonly PartitionTarget[] {
  const starts = uncommentedWithin(document, target)
    .filter((_, count) => count > 0 && count % maxPlaceholders === 0)
    .map((symbol) => ({ line: symbolOf(document, symbol).range.start.line, character: 0 }));
  return [target.start, ...starts].map((start, piece) => ({ ...target, start, end: starts[piece] ?? target.end }));
}

/** The symbols that begin in the stretch, are worth a comment and have none of their author. */
export function uncommentedWithin(document: SummaryDocument, range: Range): readonly number[] {
  return commentedWithin(document, range).filter(
    (symbol) => withoutOwnBlock(symbolOf(document, symbol).doc) === undefined,
  );
}

export type CheckedComments =
  | { readonly ok: true; readonly comments: readonly PlaceholderComment[] }
  | { readonly ok: false; readonly problem: string; readonly comments: readonly PlaceholderComment[] };

export interface PlaceholderComment {
  readonly id: string;
  readonly text: string;
}

/** What of the comments can be used: one for each id that was asked for. What is missing, empty, doubled or unknown is said by its id. */
export function checkComments(answered: readonly PlaceholderComment[], ids: readonly string[]): CheckedComments {
  const usable = new Map<string, PlaceholderComment>();
  const unknown = new Set<string>();
  for (const comment of answered) {
    if (!ids.includes(comment.id)) unknown.add(comment.id);
    else if (comment.text !== '' && !usable.has(comment.id)) usable.set(comment.id, comment);
  }
  const comments = ids.flatMap((id) => usable.get(id) ?? []);
  const missing = ids.filter((id) => !usable.has(id));
  if (missing.length === 0) return { ok: true, comments };
  const strange = [...unknown].slice(0, 5).map((id) => JSON.stringify(id.slice(0, 20)));
  const problem = [
    `\`comments\` has no text for the placeholder${missing.length === 1 ? '' : 's'} ${missing.join(', ')}.`,
    ...(strange.length === 0
      ? []
      : [`It names ${strange.join(', ')}, which ${strange.length === 1 ? 'is' : 'are'} no placeholder.`]),
  ].join(' ');
  return { ok: false, problem, comments };
}
