import type { Node, Query } from 'web-tree-sitter';
import type { SymbolKind } from '../types/outline.ts';
import { captureSize, type Matches, matchesIn, matchHead } from './matches.ts';

/** Pairs of offsets that a definition keeps, as indexes into `Item.at`; the end stands one further. -1 where absent. */
export const slot = {
  whole: 0,
  name: 2,
  body: 4,
  parameters: 6,
  returns: 8,
  bases: 10,
  receiver: 12,
  docstring: 14,
  signature: 16,
} as const;
type Slot = keyof typeof slot;
const slotCount = 18;

export type ItemRole = 'definition' | 'comment' | 'decorator' | 'wrapper';

/**
 * What one match of the outline query says, as plain numbers: survives edits by shifting, needs no tree.
 * For a wrapper (`export`, `template`, a decorated definition) `slot.name` holds the declaration inside.
 */
export interface Item {
  readonly role: ItemRole;
  readonly pattern: number;
  /** Kind of the symbol; for comments `data` where the program reads it. */
  readonly kind: SymbolKind | 'data' | 'comment';
  /** Set for definitions without an end of their own, which reach to the next one of the same or a stronger level (1 strongest). */
  readonly level: number;
  readonly at: number[];
}

interface CapturePlan {
  readonly role?: ItemRole;
  readonly kind?: SymbolKind | 'data' | 'comment';
  readonly slot?: number;
}

/** What the captures of a query mean, worked out once per grammar. */
export interface ItemPlan {
  readonly captures: readonly (CapturePlan | undefined)[];
  readonly levels: readonly number[];
}

const slotOfCapture: Readonly<Record<string, Slot>> = {
  name: 'name',
  inner: 'name',
  body: 'body',
  parameters: 'parameters',
  return: 'returns',
  bases: 'bases',
  receiver: 'receiver',
  docstring: 'docstring',
  doc: 'docstring',
  signature: 'signature',
};

/** A label is a function to an editor: what is branched to or called. */
function kindNamed(word: string): SymbolKind {
  return word === 'label' ? 'function' : (word as SymbolKind);
}

/** Reads the capture names of an outline query. Levels come from `(#set! level N)` on open-ended definitions. */
export function planItems(query: Query): ItemPlan {
  const captures = query.captureNames.map(planCapture);
  const levels: number[] = [];
  for (let pattern = 0; pattern < query.patternCount(); pattern++) {
    levels.push(Number(query.setProperties[pattern]?.['level'] ?? 0));
  }
  return { captures, levels };
}

function planCapture(name: string): CapturePlan | undefined {
  const known = slotOfCapture[name];
  if (name.startsWith('definition.')) return { role: 'definition', kind: kindNamed(name.slice(11)) };
  if (name === 'comment' || name.startsWith('comment.'))
    return { role: 'comment', kind: name === 'comment.data' ? 'data' : 'comment' };
  if (name === 'decorator' || name === 'wrapper') return { role: name };
  return known === undefined ? undefined : { slot: slot[known] };
}

/** Runs the query over a stretch of the tree. Offsets in UTF-16 units. */
export function collectItems(
  query: Query,
  plan: ItemPlan,
  root: Node,
  range: { readonly start: number; readonly end: number } | undefined,
  text: string,
): Item[] {
  return itemsOf(matchesIn(query, root, text, range), plan, text);
}

/** What the matches of an outline query say, of its patterns before `firstOther`. */
export function itemsOf(matches: Matches, plan: ItemPlan, text: string, firstOther = Number.POSITIVE_INFINITY): Item[] {
  const items: Item[] = [];
  for (let at = 0; at < matches.length; ) {
    const end = at + matchHead + (matches[at + 1] ?? 0) * captureSize;
    const item = (matches[at] ?? 0) < firstOther ? itemAt(matches, at, end, plan) : undefined;
    at = end;
    if (item === undefined) continue;
    if (item.role === 'comment') trimLineEnd(item, text);
    items.push(item);
  }
  return items;
}

function itemAt(matches: Matches, match: number, end: number, plan: ItemPlan): Item | undefined {
  const pattern = matches[match] ?? 0;
  const at = new Array<number>(slotCount).fill(-1);
  let role: ItemRole | undefined;
  let kind: Item['kind'] = 'comment';
  for (let place = match + matchHead; place < end; place += captureSize) {
    const capture = plan.captures[matches[place] ?? 0];
    if (capture === undefined) continue;
    const into = capture.role === undefined ? (capture.slot ?? 0) : slot.whole;
    if (capture.role !== undefined) {
      role = capture.role;
      kind = capture.kind ?? 'comment';
    }
    if (at[into] === -1) at[into] = matches[place + 1] ?? 0;
    at[into + 1] = matches[place + 2] ?? 0;
  }
  return role === undefined ? undefined : { role, pattern, kind, level: plan.levels[pattern] ?? 0, at };
}

/** Some grammars count the line end as part of a line comment. */
function trimLineEnd({ at }: Item, text: string): void {
  let end = at[1] ?? 0;
  while (end > (at[0] ?? 0) && /[\r\n]/.test(text.charAt(end - 1))) end--;
  at[1] = end;
}

/** Order of items: by start, the larger first, then by pattern, so that equal texts give equal lists however they were edited. */
export function compareItems(a: Item, b: Item): number {
  const [a0 = 0, a1 = 0] = a.at;
  const [b0 = 0, b1 = 0] = b.at;
  return a0 - b0 || b1 - a1 || a.pattern - b.pattern || (a.at[slot.name] ?? 0) - (b.at[slot.name] ?? 0);
}

/** Moves an item's offsets across one edit that replaced `[start, end)` by `length` units. Offsets inside the edit are clamped; such items are dropped later. */
export function shiftItem(item: { readonly at: number[] }, start: number, end: number, length: number): void {
  const { at } = item;
  const delta = length - (end - start);
  for (let index = 0; index < at.length; index++) {
    const offset = at[index] ?? -1;
    if (offset >= end) at[index] = offset + delta;
    else if (offset > start) at[index] = start;
  }
}

/** Whether an item meets or touches `[start, end]`. */
export function touches(item: { readonly at: readonly number[] }, start: number, end: number): boolean {
  return (item.at[0] ?? 0) <= end && (item.at[1] ?? 0) >= start;
}

/** Where a stretch lies after one edit that replaced `[start, end)` by `length` units; what the edit took away shrinks to its place. */
export function moveStretch(
  [from, to]: readonly [number, number],
  { start, end, length }: { readonly start: number; readonly end: number; readonly length: number },
): readonly [number, number] {
  const move = (offset: number): number => (offset >= end ? offset + length - (end - start) : Math.min(offset, start));
  return [move(from), Math.max(move(from), move(to))];
}

/** Joins stretches that meet; sorted by start. */
export function mergeStretches(stretches: readonly (readonly [number, number])[]): [number, number][] {
  const merged: [number, number][] = [];
  for (const [start, end] of [...stretches].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1] + 1) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}
