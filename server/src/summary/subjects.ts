import { meaningHash, wholeRange } from '../context/meaning.ts';
import type { SubjectId } from '../store/store.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import { withoutOwnBlock } from '../syntax/ownBlocks.ts';
import { symbolPaths } from '../syntax/symbolPaths.ts';
import { contentHash } from '../types/contentHash.ts';
import type { OutlineSymbol, SymbolKind } from '../types/outline.ts';
import type { ContentHash, Subject } from '../types/summary.ts';
import type { Position, Range } from '../types/text.ts';
import { subjectId } from './keys.ts';

/** A parsed document with its place in the world. */
export interface SummaryDocument {
  readonly uri: string;
  /** Relative to the repository's root (or the absolute path outside it), `/` between parts. */
  readonly path: string;
  /** Identity of the repository, for instance its root's URI; empty for a file outside all. */
  readonly repository: string;
  readonly syntax: SyntaxDocument;
}

/** What of a document is meant: the file, a symbol by its index in the outline, or a run of lines (for texts that are too long for one request). */
export type Target = 'file' | number | PartitionTarget;

/** A run of lines with the title of the partition that it is, or is part of. */
export interface PartitionTarget extends Range {
  readonly title: string;
}

export const isRange = (target: Target): target is PartitionTarget => typeof target === 'object';

/** The subject of a target. Throws `RangeError` for an index that the outline does not have: a caller's mistake, or an outdated one. */
export function subjectOf(document: SummaryDocument, target: Target): Subject {
  const { uri, path, syntax } = document;
  const base = { uri, path, language: syntax.language };
  if (target === 'file') return { ...base, range: wholeRange(syntax) };
  if (isRange(target)) {
    const { start, end, title } = target;
    return { ...base, range: { start, end }, title };
  }
  const symbol = symbolOf(document, target);
  return { ...base, range: symbol.range, symbol: { name: symbol.name, kind: symbol.kind, index: target } };
}

export function symbolOf(document: SummaryDocument, index: number): OutlineSymbol {
  const symbol = document.syntax.outline.symbols[index];
  if (symbol === undefined) throw new RangeError(`${document.path} has no symbol ${index}`);
  return symbol;
}

/** Stable id of a target. Chunks are found by key alone and share one id per file. */
export function idOf(document: SummaryDocument, target: Target): SubjectId {
  const part = typeof target === 'number' ? `${symbolPaths(document.syntax.outline)[target]}` : '';
  return subjectId(document.repository, document.path, isRange(target) ? 'chunk' : part === '' ? '' : `symbol ${part}`);
}

/** What a summary of the target says of the code itself: canonical text and the author's doc comment. */
export function hashesOf(document: SummaryDocument, target: Target): { subject: ContentHash; doc: ContentHash } {
  const { range, symbol } = subjectOf(document, target);
  const doc = symbol === undefined ? undefined : document.syntax.outline.symbols[symbol.index]?.doc;
  return { subject: meaningHash(document.syntax, range), doc: contentHash(withoutOwnBlock(doc) ?? '') };
}

/** Only hold others and have no text worth a summary of their own: their members count as members of what is around them. */
const transparentKinds: ReadonlySet<SymbolKind> = new Set(['namespace', 'module', 'package', 'section']);
const callableKinds: ReadonlySet<SymbolKind> = new Set([
  'function',
  'method',
  'constructor',
  'operator',
  'routine',
  'macro',
  'proc',
  'paragraph',
]);
/** Summed up from their members; a MUMPS routine from its labels. */
const typeKinds: ReadonlySet<SymbolKind> = new Set(['class', 'interface', 'struct', 'enum', 'object', 'routine']);

export function isType(kind: SymbolKind): boolean {
  return typeKinds.has(kind);
}

/**
 * The symbols that the file (`undefined`) or a type is summed up from. One-liners and data need no summary of their own: the roll-up shows
 * them as they stand.
 */
export function partsOf(document: SummaryDocument, owner: number | undefined): readonly number[] {
  const { symbols } = document.syntax.outline;
  const parts: number[] = [];
  const visit = (parent: number | undefined): void => {
    for (const [index, symbol] of symbols.entries()) {
      if (symbol.parent !== parent) continue;
      if (transparentKinds.has(symbol.kind) && hasChild(index)) visit(index);
      else if (isWorthASummary(symbol)) parts.push(index);
    }
  };
  const parents = new Set(symbols.map((symbol) => symbol.parent));
  const hasChild = (index: number): boolean => parents.has(index);
  if (
    owner === undefined ||
    isType(symbols[owner]?.kind ?? 'variable') ||
    transparentKinds.has(symbols[owner]?.kind ?? 'variable')
  ) {
    visit(owner);
  }
  return parts;
}

/**
 * The symbols that begin in a stretch of the file and are worth a summary, outermost first; where one goes on beyond the stretch, those of its
 * members that begin here stand for it.
 */
export function partsWithin(document: SummaryDocument, { start, end }: Range): readonly number[] {
  const { symbols } = document.syntax.outline;
  const chosen = new Set<number>();
  const parents = new Set(symbols.map(({ parent }) => parent));
  for (const [index, symbol] of symbols.entries()) {
    if (isBefore(symbol.range.start, start) || !isBefore(symbol.range.start, end)) continue;
    if (symbol.parent !== undefined && chosen.has(symbol.parent)) continue;
    const holdsOthers = parents.has(index);
    // What goes on behind the stretch is not in it: a long function would else be a part of its own first piece, without end.
    const isOpen = isBefore(end, symbol.range.end) || (holdsOthers && transparentKinds.has(symbol.kind));
    if (!isOpen && isWorthASummary(symbol)) chosen.add(index);
  }
  return [...chosen].filter((index) => !hasAncestor(symbols, index, chosen));
}

/** The symbols that begin in a stretch of the file and are worth a comment: all but those inside functions. */
export function commentedWithin(document: SummaryDocument, { start, end }: Range): readonly number[] {
  const { symbols } = document.syntax.outline;
  const isInFunction = (symbol: OutlineSymbol): boolean => {
    for (let at = symbol.parent; at !== undefined; at = symbols[at]?.parent) {
      const kind = symbols[at]?.kind;
      if (kind !== undefined && callableKinds.has(kind) && !typeKinds.has(kind)) return true;
    }
    return false;
  };
  return symbols.flatMap((symbol, index) => {
    const { start: at } = symbol.range;
    const isHere = !isBefore(at, start) && isBefore(at, end);
    return isHere && isWorthASummary(symbol) && !isInFunction(symbol) ? [index] : [];
  });
}

function isBefore(left: Position, right: Position): boolean {
  return left.line < right.line || (left.line === right.line && left.character < right.character);
}

function hasAncestor(symbols: readonly OutlineSymbol[], index: number, among: ReadonlySet<number>): boolean {
  for (let parent = symbols[index]?.parent; parent !== undefined; parent = symbols[parent]?.parent)
    if (among.has(parent)) return true;
  return false;
}

function isWorthASummary(symbol: OutlineSymbol): boolean {
  const { start, end } = symbol.range;
  const isOneLine = end.line === start.line || (end.line === start.line + 1 && end.character === 0);
  return (
    !isOneLine && (callableKinds.has(symbol.kind) || typeKinds.has(symbol.kind) || transparentKinds.has(symbol.kind))
  );
}
