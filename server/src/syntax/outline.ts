import type { LanguageId, Outline, OutlineSymbol, SymbolKind } from '../types/outline.ts';
import type { Range } from '../types/text.ts';
import { attachDoc, type Doc, type DocCache } from './attachDoc.ts';
import { type Item, slot } from './items.ts';
import type { LanguageRow } from './languages.ts';
import type { LineIndex } from './lineIndex.ts';
import { endBeforeOwnBlocks } from './ownBlocks.ts';
import { signatureOf } from './signature.ts';

/** A symbol with the offsets that facts and calls need; same index as in `Outline.symbols`. */
export interface Extent {
  readonly item: Item;
  readonly start: number;
  readonly end: number;
}

export interface OutlineInput {
  readonly language: LanguageId;
  readonly row: LanguageRow;
  readonly lines: LineIndex;
  /** Sorted by `compareItems`. */
  readonly items: readonly Item[];
  /** Asked once, when somebody wants to know: a walk through the tree is too dear for every keystroke. */
  readonly countErrors: () => number;
  readonly cache: OutlineCache;
}

/** Words already worked out for items that no edit has touched. */
export interface OutlineCache {
  readonly docs: DocCache;
  readonly signatures: WeakMap<Item, string>;
  readonly names: WeakMap<Item, Name>;
}

interface Name {
  readonly name: string;
  readonly receiver: string | undefined;
}

export function outlineCache(): OutlineCache {
  return {
    docs: { comments: new WeakMap(), docstrings: new WeakMap() },
    signatures: new WeakMap(),
    names: new WeakMap(),
  };
}

interface Draft {
  readonly item: Item;
  readonly name: string;
  readonly receiver: string | undefined;
  /** Start with decorators. */
  start: number;
  end: number;
  /** Start without the decorators that stand before it as siblings. */
  readonly ownStart: number;
  readonly doc: { readonly text: string; readonly start: number; readonly end: number } | undefined;
  /** See `Item.level`. */
  readonly level: number;
  kind: SymbolKind;
  parent: number;
}

const typeKinds: ReadonlySet<SymbolKind> = new Set(['class', 'interface', 'struct', 'enum', 'object']);
/** What ends a label before it by standing there. */
const blockKinds: ReadonlySet<SymbolKind> = new Set(['section', 'struct', 'macro', 'proc', 'function']);

/** Puts the outline together from the items of a query: a function of its input alone, so that it doesn't matter how the items came. */
export function buildOutline(input: OutlineInput): { readonly outline: Outline; readonly extents: readonly Extent[] } {
  const drafts = draftsOf(input);
  closeOpenExtents(drafts, input.lines.text);
  drafts.sort((a, b) => a.start - b.start || b.end - a.end || a.ownStart - b.ownStart);
  setParents(drafts);
  for (const draft of drafts) draft.kind = kindInPlace(draft, drafts[draft.parent], input.row);
  const marks = new Map<number, number>();
  for (const { role, at } of input.items) {
    if (role === 'decorator' || role === 'comment') marks.set(at[0] ?? 0, at[1] ?? 0);
  }
  const comments = input.items.filter((item) => item.role === 'comment');
  const symbols = drafts.map((draft) => symbolOf(draft, input, marks, comments));
  return {
    outline: withErrors({ language: input.language, lines: input.lines.count, symbols }, input.countErrors),
    extents: drafts.map(({ item, start, end }) => ({ item, start, end })),
  };
}

function withErrors(outline: Omit<Outline, 'parseErrors'>, countErrors: () => number): Outline {
  let counted: number | undefined;
  return {
    ...outline,
    get parseErrors() {
      counted ??= countErrors();
      return counted;
    },
  };
}

function draftsOf(input: OutlineInput): Draft[] {
  const { items, lines, row } = input;
  const wrappers = new Map<number, Item[]>();
  const byName = new Map<number, Item>();
  for (const item of items) {
    const name = item.at[slot.name] ?? -1;
    if (item.role === 'wrapper') {
      const others = wrappers.get(name);
      if (others === undefined) wrappers.set(name, [item]);
      else others.push(item);
    }
    if (item.role !== 'definition' || name < 0) continue;
    const known = byName.get(name);
    if (known === undefined || item.pattern < known.pattern) byName.set(name, item);
  }
  const byBody = firstByBody(byName.values());
  const trivia = items.filter((item) => item.role === 'comment' || item.role === 'decorator');
  const drafts: Draft[] = [];
  for (const item of items) {
    if (item.role !== 'definition' || byName.get(item.at[slot.name] ?? -1) !== item) continue;
    if (isNamedTwice(item, byBody)) continue;
    const [start, reach] = wrapped(item, wrappers);
    const end = trimmedEnd(lines.text, start, reach);
    const { name, receiver } = knownName(item, lines.text, row, input.cache.names);
    if (name === '' || (item.kind === 'function' && row.localLabels?.test(name) === true)) continue;
    const attached = attachDoc({ item, start, trivia, text: lines.text, row, cache: input.cache.docs });
    drafts.push({
      item,
      name,
      receiver,
      start: attached.start,
      end,
      ownStart: start,
      doc: attached.doc,
      ...rankOf(item, attached.doc, lines.text, row),
      parent: -1,
    });
  }
  return drafts;
}

const banner = /^[ \t]*[.*;#/]*[ \t]*[*\-=_]{10,}/m;

/** A label under a banner opens a paragraph, which holds the labels that follow. */
function rankOf(item: Item, doc: Doc | undefined, text: string, row: LanguageRow): { kind: SymbolKind; level: number } {
  const kind = item.kind as SymbolKind;
  if (row.labelLevel === undefined || item.level > 0 || kind !== 'function') return { kind, level: item.level };
  const isParagraph = doc !== undefined && banner.test(text.slice(doc.start, doc.end));
  return isParagraph ? { kind: 'paragraph', level: row.labelLevel - 1 } : { kind, level: row.labelLevel };
}

/** `typedef struct tag {…} name` names one body twice: the pattern that stands first in the query wins. */
function firstByBody(items: Iterable<Item>): ReadonlyMap<number, Item> {
  const first = new Map<number, Item>();
  for (const item of items) {
    const body = item.at[slot.body] ?? -1;
    const known = first.get(body);
    if (body >= 0 && (known === undefined || item.pattern < known.pattern)) first.set(body, item);
  }
  return first;
}

function isNamedTwice(item: Item, byBody: ReadonlyMap<number, Item>): boolean {
  const body = item.at[slot.body] ?? -1;
  const first = byBody.get(body);
  return first !== undefined && first !== item && first.at[slot.body + 1] === item.at[slot.body + 1];
}

/** Grows a declaration by what wraps exactly it: `export`, `template <…>`, decorators, the `const` of a single declarator. */
function wrapped(item: Item, wrappers: ReadonlyMap<number, readonly Item[]>): [number, number] {
  let start = item.at[0] ?? 0;
  let end = item.at[1] ?? 0;
  for (let grew = true; grew; ) {
    grew = false;
    for (const wrapper of wrappers.get(start) ?? []) {
      const [outerStart = 0, outerEnd = 0] = wrapper.at;
      const grows = outerStart < start || outerEnd > end;
      if (wrapper.at[slot.name + 1] !== end || !grows) continue;
      start = outerStart;
      end = outerEnd;
      grew = true;
      break;
    }
  }
  return [start, end];
}

function knownName(item: Item, text: string, row: LanguageRow, cache: WeakMap<Item, Name>): Name {
  const known = cache.get(item) ?? nameOf(item, text, row);
  cache.set(item, known);
  return known;
}

function nameOf(item: Item, text: string, row: LanguageRow): Name {
  const written = text.slice(item.at[slot.name], item.at[slot.name + 1]).replace(/\s+/g, ' ');
  const receiver = receiverOf(item, text);
  const plain = written.replace(/^(['"`])(.*)\1$/, '$2');
  const alias = row.nameAliases?.get(plain);
  if (alias !== undefined) return { name: alias, receiver };
  const operator = /\boperator\b\s*(?:\(\s*\)|[^\s(][^(]*)/.exec(plain)?.[0].trim();
  const separator = row.memberSeparator;
  if (separator === undefined || item.kind === 'namespace') return { name: plain, receiver };
  if (!plain.includes(separator)) return { name: operator ?? withoutTypeArguments(plain), receiver };
  const parts = withoutTypeArguments(operator === undefined ? plain : plain.slice(0, plain.indexOf('operator'))).split(
    separator,
  );
  return { name: operator ?? (parts.at(-1) ?? plain).trim(), receiver: parts.at(-2)?.trim() };
}

/** Go's `(s *Stack[T])` and the like: the last plain name, type arguments left out. */
function receiverOf(item: Item, text: string): string | undefined {
  const start = item.at[slot.receiver] ?? -1;
  if (start < 0) return undefined;
  const written = text.slice(start, item.at[slot.receiver + 1]).replace(/\.prototype$/, '');
  const plain = withoutTypeArguments(written).replace(/\[[^\]]*\]/g, '');
  return /[\p{L}\p{N}_$]+(?=[^\p{L}\p{N}_$]*$)/u.exec(plain)?.[0];
}

function withoutTypeArguments(text: string): string {
  let plain = text;
  for (let before = ''; before !== plain; ) {
    before = plain;
    plain = plain.replace(/<[^<>]*>/g, '');
  }
  return plain;
}

/**
 * A label has no end of its own: it reaches to the next of its level or a stronger one (that one's comment left out), to what has an end of its own
 * beside it, or to the end of what it stands in.
 */
function closeOpenExtents(drafts: readonly Draft[], text: string): void {
  if (!drafts.some(({ level }) => level > 0)) return;
  const nextOfLevel: number[] = [];
  const enclosing = enclosingEnds(drafts, text.length);
  for (let index = drafts.length - 1; index >= 0; index--) {
    const draft = drafts[index];
    if (draft === undefined) continue;
    const { level } = draft;
    const begin = Math.min(draft.start, draft.doc?.start ?? draft.start);
    if (level === 0) {
      if (blockKinds.has(draft.kind)) nextOfLevel[draft.kind === 'section' ? 1 : 2] = begin;
      continue;
    }
    let limit = enclosing[index] ?? text.length;
    for (let stronger = 1; stronger <= level; stronger++) limit = Math.min(limit, nextOfLevel[stronger] ?? text.length);
    draft.end = Math.max(draft.end, trimmedEnd(text, draft.start, limit));
    nextOfLevel[level] = begin;
  }
}

/** Where the innermost declaration with an end of its own ends, for every draft. */
function enclosingEnds(drafts: readonly Draft[], end: number): number[] {
  const open: number[] = [];
  return drafts.map((draft) => {
    while (open.length > 0 && (open.at(-1) ?? 0) <= draft.start) open.pop();
    const limit = open.at(-1) ?? end;
    if (draft.level === 0) open.push(draft.end);
    return limit;
  });
}

/** The end without white space and without comments of ours, which stand above what follows. */
function trimmedEnd(text: string, start: number, limit: number): number {
  let end = limit;
  while (end > start && /\s/.test(text.charAt(end - 1))) end--;
  return endBeforeOwnBlocks(text, start, end);
}

function setParents(drafts: readonly Draft[]): void {
  const open: number[] = [];
  const types = new Map<string, number>();
  drafts.forEach((draft, index) => {
    while (open.length > 0 && (drafts[open.at(-1) ?? 0]?.end ?? 0) < draft.end) open.pop();
    while (open.length > 0 && (drafts[open.at(-1) ?? 0]?.end ?? 0) <= draft.start) open.pop();
    draft.parent = open.at(-1) ?? -1;
    const owner = draft.receiver === undefined ? undefined : types.get(draft.receiver);
    if (owner !== undefined && !typeKinds.has(drafts[draft.parent]?.kind ?? 'function')) draft.parent = owner;
    if (typeKinds.has(draft.kind) && !types.has(draft.name)) types.set(draft.name, index);
    open.push(index);
  });
}

function kindInPlace(draft: Draft, parent: Draft | undefined, row: LanguageRow): SymbolKind {
  if (draft.kind !== 'function' && draft.kind !== 'method') return draft.kind;
  const inType = parent !== undefined && typeKinds.has(parent.kind);
  if (!inType && (draft.receiver === undefined || row.memberSeparator === undefined)) return draft.kind;
  if ((row.constructors ?? []).includes(draft.name)) return 'constructor';
  if (row.memberSeparator !== undefined && draft.name === (parent?.name ?? draft.receiver)) return 'constructor';
  return 'method';
}

function symbolOf(
  draft: Draft,
  input: OutlineInput,
  marks: ReadonlyMap<number, number>,
  comments: readonly Item[],
): OutlineSymbol {
  const { lines } = input;
  const range = (start: number, end: number): Range => ({ start: lines.positionAt(start), end: lines.positionAt(end) });
  const signature = signatureOf({
    item: draft.item,
    ownStart: draft.ownStart,
    text: lines.text,
    row: input.row,
    cache: input.cache.signatures,
    marks,
    comments,
  });
  return {
    name: draft.name,
    kind: draft.kind,
    range: range(draft.start, draft.end),
    selectionRange: range(draft.item.at[slot.name] ?? 0, draft.item.at[slot.name + 1] ?? 0),
    ...(draft.parent >= 0 ? { parent: draft.parent } : {}),
    ...(draft.doc === undefined ? {} : { doc: draft.doc.text, docRange: range(draft.doc.start, draft.doc.end) }),
    ...(signature === '' ? {} : { signature }),
  };
}
