import type { Query, Tree } from 'web-tree-sitter';
import type { CallSite } from '../types/outline.ts';
import type { LineIndex } from './lineIndex.ts';
import { captureSize, type Matches, matchesIn, matchHead } from './matches.ts';

export interface Stretch {
  readonly start: number;
  readonly end: number;
}
interface Named extends Stretch {
  readonly name: string;
}
export interface Call extends Stretch {
  readonly site: CallSite;
}

/** What the calls query finds in a stretch of the file. */
export interface Uses {
  readonly calls: readonly Call[];
  readonly raises: readonly Named[];
  /** Statements that return a value. */
  readonly returns: readonly Stretch[];
  /** Functions without a name: what they return is not what the symbol around them returns. */
  readonly scopes: readonly Stretch[];
  /** Variables that the stretch declares. */
  readonly locals: readonly Named[];
  /** What classes, structs and interfaces have beside methods, and the values of enumerations. */
  readonly fields: readonly Named[];
}

/** What one capture group of the calls query says, as plain numbers: survives edits by shifting, needs no tree. */
export interface Use {
  readonly role: 'call' | 'raise' | 'return' | 'scope' | 'local' | 'field';
  readonly kind: CallSite['kind'];
  readonly pattern: number;
  /** Pairs of offsets: the whole, the name, the receiver; -1 where absent. */
  readonly at: number[];
}

const maxReceiver = 80;

/** Captures around a whole use. */
const kindOfWhole = new Map<string, CallSite['kind']>([
  ['call', 'call'],
  ['new', 'new'],
  ['branch', 'branch'],
  ['macro', 'macro'],
  ['copy', 'copy'],
  ['import', 'import'],
]);
/** Captures of the name itself; `undefined` where the whole says the kind. */
const kindOfName = new Map<string, CallSite['kind'] | undefined>([
  ['name', undefined],
  ['call.name', undefined],
  ['call.branch', 'branch'],
  ['call.macro', 'macro'],
  ['call.copy', 'copy'],
]);
const receiverCaptures: ReadonlySet<string> = new Set(['receiver', 'call.receiver', 'call.routine']);
const plainRoles: ReadonlySet<string> = new Set(['raise', 'return', 'scope', 'local', 'field']);

/** What a capture says of the use that it is of. */
type CapturePlan =
  | { readonly part: 'whole'; readonly kind: CallSite['kind'] }
  | { readonly part: 'name'; readonly kind: CallSite['kind'] | undefined }
  | { readonly part: 'receiver' }
  | { readonly part: 'role'; readonly role: Use['role'] };

/** True for a pattern of a calls query that may find calls or imports. */
export function saysCalls(pattern: string): boolean {
  const plain = pattern.replace(/;[^\n]*|"(?:[^"\\]|\\.)*"/g, '');
  return [...plain.matchAll(/@([\w.]+)/g)].some(([, name = '']) => !name.startsWith('_') && !plainRoles.has(name));
}

/** What the captures of a calls query mean, by index. */
export type UsePlan = readonly (CapturePlan | undefined)[];

export function planUses(query: Query): UsePlan {
  const known = plans.get(query);
  if (known !== undefined) return known;
  const plan = query.captureNames.map(planCapture);
  plans.set(query, plan);
  return plan;
}

const plans = new WeakMap<Query, UsePlan>();

function planCapture(name: string): CapturePlan | undefined {
  const whole = kindOfWhole.get(name);
  if (whole !== undefined) return { part: 'whole', kind: whole };
  if (kindOfName.has(name)) return { part: 'name', kind: kindOfName.get(name) };
  if (receiverCaptures.has(name)) return { part: 'receiver' };
  return plainRoles.has(name) ? { part: 'role', role: name as Use['role'] } : undefined;
}

/**
 * Runs the calls query over what meets `[start, end)`. Captures: `@call @new @branch @macro @copy @import` around a use with `@name` (or
 * `@call.name`, `@call.branch` …) and `@receiver` inside, `@raise` on what is thrown, `@return` on a statement that returns a value, `@local` on a
 * declared name, `@field` on the name of a field, a property or a value of an enumeration.
 */
export function collectUses(query: Query, tree: Tree, text: string, start: number, end: number): Use[] {
  return usesOf(matchesIn(query, tree.rootNode, text, { start, end }), planUses(query), 0);
}

/** What the matches of a calls query say. @param firstPattern index of its first pattern in the query that was run */
export function usesOf(matches: Matches, plan: UsePlan, firstPattern: number): Use[] {
  const uses: Use[] = [];
  for (let at = 0; at < matches.length; ) {
    const end = at + matchHead + (matches[at + 1] ?? 0) * captureSize;
    if ((matches[at] ?? 0) >= firstPattern) addUses(uses, matches, at, end, plan, firstPattern);
    at = end;
  }
  return uses;
}

function addUses(uses: Use[], matches: Matches, match: number, end: number, plan: UsePlan, firstPattern: number): void {
  const pattern = (matches[match] ?? 0) - firstPattern;
  const at = [-1, -1, -1, -1, -1, -1];
  let kind: CallSite['kind'] = 'call';
  for (let place = match + matchHead; place < end; place += captureSize) {
    const capture = plan[matches[place] ?? 0];
    if (capture === undefined) continue;
    const from = matches[place + 1] ?? 0;
    const to = matches[place + 2] ?? 0;
    if (capture.part === 'role') {
      uses.push({ role: capture.role, kind: 'call', pattern, at: [from, to, -1, -1, -1, -1] });
      continue;
    }
    const into = capture.part === 'whole' ? 0 : capture.part === 'name' ? 2 : 4;
    at[into] = from;
    at[into + 1] = to;
    if (capture.part === 'whole' && kind === 'call') kind = capture.kind;
    else if (capture.part === 'name') kind = capture.kind ?? kind;
  }
  if (at[2] === -1) copyPair(at, at[4] === -1 ? 0 : 4, 2);
  if (at[0] === -1) copyPair(at, 2, 0);
  if (at[0] !== -1) uses.push({ role: 'call', kind, pattern, at });
}

function copyPair(at: number[], from: number, to: number): void {
  at[to] = at[from] ?? -1;
  at[to + 1] = at[from + 1] ?? -1;
}

/** Order of uses: by start, the larger first, then by pattern, so that equal texts give equal answers however they were edited. */
export function compareUses(a: Use, b: Use): number {
  const [a0 = 0, a1 = 0, aName = 0] = a.at;
  const [b0 = 0, b1 = 0, bName = 0] = b.at;
  return a0 - b0 || b1 - a1 || a.pattern - b.pattern || aName - bName;
}

/** The uses that lie within `[start, end]`. A name that several patterns match is used once, as the first says. @param uses sorted by `compareUses` */
export function usesWithin(uses: readonly Use[], lines: LineIndex, start: number, end: number): Uses {
  const { text } = lines;
  const calls: Call[] = [];
  const raises: Named[] = [];
  const returns: Stretch[] = [];
  const locals: Named[] = [];
  const fields: Named[] = [];
  const scopes: Stretch[] = [];
  const seen = new Set<number>();
  for (let index = firstFrom(uses, start); index < uses.length; index++) {
    const use = uses[index];
    const [from = 0, reach = 0, name = 0] = use?.at ?? [];
    if (use === undefined || from > end) break;
    const to = withoutLineEnd(text, from, reach);
    if (to > end) continue;
    const place = { start: from, end: to };
    if (use.role === 'raise') raises.push({ ...place, name: text.slice(from, to) });
    else if (use.role === 'local') locals.push({ ...place, name: text.slice(from, to) });
    else if (use.role === 'field') fields.push({ ...place, name: text.slice(from, to) });
    else if (use.role === 'return') returns.push(place);
    else if (use.role === 'scope') scopes.push(place);
    else if (!seen.has(name)) {
      seen.add(name);
      calls.push({ ...place, site: siteOf(use, to, lines) });
    }
  }
  return { calls, raises, returns, scopes, locals, fields };
}

/** Imports among the uses of a file. */
export function importsIn(uses: readonly Use[], lines: LineIndex): readonly CallSite[] {
  const imports = uses.filter(({ role, kind }) => role === 'call' && (kind === 'import' || kind === 'copy'));
  return usesWithin(imports, lines, 0, lines.text.length).calls.map(({ site }) => site);
}

function firstFrom(uses: readonly Use[], offset: number): number {
  let low = 0;
  let high = uses.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((uses[middle]?.at[0] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** In a language of lines a statement ends with its line end. */
function withoutLineEnd(text: string, start: number, reach: number): number {
  let end = reach;
  while (end > start && isLineEnd(text.charCodeAt(end - 1))) end--;
  return end;
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0x85;
}

function siteOf({ kind, at }: Use, end: number, lines: LineIndex): CallSite {
  const { text } = lines;
  const [start = 0, , nameStart = 0, nameEnd = 0, receiverStart = -1, receiverEnd = -1] = at;
  const written = receiverStart < 0 ? '' : text.slice(receiverStart, receiverEnd);
  const before = plainWord.test(written) ? written : written.replace(/\s+/g, ' ');
  return {
    name: plainName(text.slice(nameStart, nameEnd)),
    ...(before === ''
      ? {}
      : { receiver: before.length > maxReceiver ? `${before.slice(0, maxReceiver - 1)}…` : before }),
    range: { start: lines.positionAt(start), end: lines.positionAt(end) },
    kind,
  };
}

/** Nothing is to be taken away from most names. */
const plainWord = /^[\w$.]+$/;

/** Imports are written as strings in some languages. */
function plainName(written: string): string {
  if (plainWord.test(written)) return written;
  return written
    .trim()
    .replace(/^import\s+/, '')
    .replace(/^(["'`<])([\s\S]*)(["'`>])$/, '$2');
}
