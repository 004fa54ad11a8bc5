import { cleanComment, cleanDocstring, isAboutFile, isForeignToDocs, lastBanner } from './docText.ts';
import { type Item, slot } from './items.ts';
import type { LanguageRow } from './languages.ts';
import { beginMark, endBeforeOwnBlocks, endMark, withoutOwnLines } from './ownBlocks.ts';

export interface Doc {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface DocCache {
  /** Cleaned words by the first comment of a run; valid while the run is the same. */
  readonly comments: WeakMap<Item, { readonly last: Item; readonly text: string }>;
  /** Docstrings by the declaration that holds them, with places relative to its start; null for one without. */
  readonly docstrings: WeakMap<Item, Doc | null>;
}

export interface AttachInput {
  readonly item: Item;
  /** Where the declaration starts, what wraps it included. */
  readonly start: number;
  /** Comments and decorators, sorted by start. */
  readonly trivia: readonly Item[];
  readonly text: string;
  readonly row: LanguageRow;
  readonly cache: DocCache;
}

/**
 * Finds the author's words about a declaration: a docstring inside, or the run of comments that ends right above it or above its decorators.
 * A blank line separates, unless the comment is marked as documentation. The decorators that stand before it move the start.
 */
export function attachDoc(input: AttachInput): { readonly start: number; readonly doc: Doc | undefined } {
  const above = climb(input);
  const docstring = knownDocstring(input);
  const run = above.run.length > 0 ? above.run : insideModifiers(input);
  const first = run.at(-1);
  const last = run[0];
  if (first === undefined || last === undefined || (docstring !== undefined && input.row.comments.docs === 'docstring'))
    return { start: above.start, doc: docstring };
  const start = first.at[0] ?? 0;
  const end = last.at[1] ?? 0;
  const known = input.cache.comments.get(first);
  const raw = input.text.slice(start, end);
  const text = known?.last === last ? known.text : cleanRun(run, input);
  input.cache.comments.set(first, { last, text });
  if (text === '' || isAboutFile(raw, first === firstComment(input.trivia, input.text)))
    return { start: above.start, doc: docstring };
  const whole = docstring === undefined ? text : `${text}\n${docstring.text}`;
  return { start: above.start, doc: { text: whole, start, end } };
}

/** Walks up from the declaration over decorators and comments. `run` holds comments, lowest first. */
function climb(input: AttachInput): { readonly start: number; readonly run: readonly Item[] } {
  const { trivia, text } = input;
  let start = input.start;
  let edge = input.start;
  const run: Item[] = [];
  for (let index = lastBefore(trivia, edge); index >= 0; index--) {
    const item = trivia[index];
    if (item === undefined || (item.at[1] ?? 0) > edge) {
      if (item !== undefined && item.role === 'decorator') continue;
      break;
    }
    const gap = text.slice(item.at[1], edge);
    if (gap.trim() !== '') break;
    const lineFeeds = countLineEnds(gap);
    if (item.role === 'decorator') {
      if (run.length > 0 && lineFeeds > 1) break;
      start = item.at[0] ?? 0;
    } else {
      if (!belongs(item, lineFeeds, run, input)) break;
      run.push(item);
    }
    edge = item.at[0] ?? 0;
  }
  return { start, run };
}

/** Java and its kin allow the comment between an annotation and the declaration's own words. */
function insideModifiers({ trivia, start, text }: AttachInput): readonly Item[] {
  let edge = start;
  for (let index = lastBefore(trivia, start + 1); index >= 0 && index < trivia.length; index++) {
    const item = trivia[index];
    if (item === undefined || (item.at[0] ?? 0) > edge) break;
    if ((item.at[0] ?? 0) < edge) continue;
    if (item.role === 'comment') return edge > start ? [item] : [];
    edge = item.at[1] ?? edge;
    while (/\s/.test(text.charAt(edge))) edge++;
  }
  return [];
}

function belongs(item: Item, lineFeeds: number, run: readonly Item[], input: AttachInput): boolean {
  const { text, row } = input;
  const [start = 0, end = 0] = item.at;
  if (item.kind === 'data' || !startsItsLine(text, start)) return false;
  const comment = text.slice(start, end);
  if (isForeignToDocs(comment)) return false;
  const block = row.comments.block;
  const isBlock = block !== undefined && comment.startsWith(block[0]);
  if (run.length > 0) return lineFeeds <= 1 && !isBlock;
  return lineFeeds <= 1 || (row.comments.docStart?.test(comment) ?? false);
}

/** Above a run of line comments only more of them belong; a block comment stands alone. */
function cleanRun(run: readonly Item[], input: AttachInput): string {
  const [lowest] = run;
  if (lowest === undefined) return '';
  const comments = [...run].reverse().map(({ at }) => input.text.slice(at[0], at[1]));
  const block = input.row.comments.block;
  const last = comments.at(-1) ?? '';
  if (block !== undefined && last.startsWith(block[0])) return cleanComment(last, input.row.comments);
  const own = input.row.id === 'hlasm' && comments.length > 1 ? lastBanner(comments) : comments;
  return cleanComment(own.join('\n'), input.row.comments);
}

const literal =
  /[rRuU]{0,2}(?:"""(?:[^\\]|\\[\s\S])*?"""|'''(?:[^\\]|\\[\s\S])*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y;

function knownDocstring(input: AttachInput): Doc | undefined {
  const { item, cache } = input;
  const known = cache.docstrings.get(item);
  const base = item.at[0] ?? 0;
  if (known !== undefined) return known === null ? undefined : moved(known, base);
  const doc = docstringOf(input);
  cache.docstrings.set(item, doc === undefined ? null : moved(doc, -base));
  return doc;
}

function moved({ text, start, end }: Doc, by: number): Doc {
  return { text, start: start + by, end: end + by };
}

function docstringOf({ item, text, row }: AttachInput): Doc | undefined {
  const captured = item.at[slot.docstring] ?? -1;
  if (captured >= 0) {
    const end = item.at[slot.docstring + 1] ?? captured;
    // In MUMPS a block of ours above the next label lies right under this one.
    const clean = cleanComment(withoutOwnLines(text.slice(captured, end)), row.comments);
    return clean === '' ? undefined : { text: clean, start: captured, end: endBeforeOwnBlocks(text, captured, end) };
  }
  const body = item.at[slot.body] ?? -1;
  if (row.comments.docs !== 'docstring' || body < 0) return undefined;
  literal.lastIndex = body;
  const match = literal.exec(text);
  if (match === null) return undefined;
  const end = literal.lastIndex;
  if (!/^[ \t]*(?:[;#\r\n]|$)/.test(text.slice(end, end + 80))) return undefined;
  if (isForeignToDocs(match[0])) return undefined;
  const clean = cleanDocstring(match[0]);
  return clean === '' ? undefined : { text: clean, start: body, end };
}

function lastBefore(trivia: readonly Item[], offset: number): number {
  let low = 0;
  let high = trivia.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((trivia[middle]?.at[0] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function startsItsLine(text: string, offset: number): boolean {
  for (let index = offset - 1; index >= 0; index--) {
    const char = text.charAt(index);
    if (char === '\n' || char === '\r' || char === '\uFEFF') return true;
    if (char !== ' ' && char !== '\t') return false;
  }
  return true;
}

function countLineEnds(gap: string): number {
  return (gap.match(/\r\n|\n|\r/g) ?? []).length;
}

/** The first comment of the file that is not ours: what is about the file stays so when we say something above it. */
function firstComment(trivia: readonly Item[], text: string): Item | undefined {
  let isInOurs = false;
  return trivia.find(({ role, at }) => {
    if (role !== 'comment') return false;
    const comment = text.slice(at[0], at[1]);
    const wasInOurs = isInOurs;
    isInOurs = (isInOurs || comment.includes(beginMark)) && !comment.includes(endMark);
    return !wasInOurs && !isInOurs && !comment.includes(endMark);
  });
}
