import type { Query, Tree } from 'web-tree-sitter';
import type { CallSite, SymbolFacts } from '../types/outline.ts';
import { slot } from './items.ts';
import type { LanguageRow } from './languages.ts';
import type { LineIndex } from './lineIndex.ts';
import type { Extent } from './outline.ts';
import { baseNames, parameterNames } from './parameters.ts';

interface Stretch {
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
  /** Names of variables that the stretch declares. */
  readonly locals: readonly Named[];
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

interface Use {
  whole?: Stretch;
  name?: Stretch;
  receiver?: Stretch;
  kind: CallSite['kind'];
}

/**
 * Runs the calls query over `[start, end)`. Captures: `@call @new @branch @macro @copy @import` around a use with `@name` (or `@call.name`, `@call.branch` …)
 * and `@receiver` inside, `@raise` on what is thrown, `@return` on a statement that returns a value, `@local` on a declared name.
 */
export function usesIn(query: Query, tree: Tree, lines: LineIndex, start: number, end: number): Uses {
  const { text } = lines;
  const calls: Call[] = [];
  const raises: Named[] = [];
  const returns: Stretch[] = [];
  const locals: Named[] = [];
  const scopes: Stretch[] = [];
  const seen = new Set<number>();
  for (const { captures } of query.matches(tree.rootNode, { startIndex: start, endIndex: Math.max(end, start + 1) })) {
    const use: Use = { kind: 'call' };
    for (const { name: capture, node } of captures) {
      const place = { start: node.startIndex, end: node.endIndex };
      if (fill(use, capture, place) || place.start < start || place.end > end) continue;
      if (capture === 'raise') raises.push({ ...place, name: text.slice(place.start, place.end) });
      else if (capture === 'return') returns.push(place);
      else if (capture === 'scope') scopes.push(place);
      else if (capture === 'local') locals.push({ ...place, name: text.slice(place.start, place.end) });
    }
    const name = use.name ?? use.receiver ?? use.whole;
    const whole = use.whole ?? name;
    if (name === undefined || whole === undefined) continue;
    if (whole.start < start || whole.end > end || seen.has(name.start)) continue;
    seen.add(name.start);
    calls.push({ start: whole.start, end: whole.end, site: siteOf(whole, use.kind, name, use.receiver, lines) });
  }
  calls.sort((a, b) => a.start - b.start || b.end - a.end);
  return { calls, raises, returns, scopes, locals };
}

function fill(use: Use, capture: string, place: Stretch): boolean {
  const whole = kindOfWhole.get(capture);
  if (whole !== undefined) {
    use.whole = place;
    if (use.kind === 'call') use.kind = whole;
    return true;
  }
  if (kindOfName.has(capture)) {
    use.name = place;
    use.kind = kindOfName.get(capture) ?? use.kind;
    return true;
  }
  if (!receiverCaptures.has(capture)) return false;
  use.receiver = place;
  return true;
}

function siteOf(
  whole: Stretch,
  kind: CallSite['kind'],
  name: Stretch,
  receiver: Stretch | undefined,
  lines: LineIndex,
): CallSite {
  const { text } = lines;
  const before = receiver === undefined ? '' : text.slice(receiver.start, receiver.end).replace(/\s+/g, ' ');
  return {
    name: plainName(text.slice(name.start, name.end)),
    ...(before === ''
      ? {}
      : { receiver: before.length > maxReceiver ? `${before.slice(0, maxReceiver - 1)}…` : before }),
    range: { start: lines.positionAt(whole.start), end: lines.positionAt(whole.end) },
    kind,
  };
}

/** Imports are written as strings in some languages. */
function plainName(written: string): string {
  return written
    .trim()
    .replace(/^import\s+/, '')
    .replace(/^(["'`<])([\s\S]*)(["'`>])$/, '$2');
}

/** Imports among the uses of a file. */
export function importsOf(uses: Uses): readonly CallSite[] {
  return uses.calls.filter(({ site }) => site.kind === 'import' || site.kind === 'copy').map(({ site }) => site);
}

export interface FactsInput {
  readonly extent: Extent;
  readonly extents: readonly Extent[];
  readonly uses: Uses;
  readonly text: string;
  readonly row: LanguageRow;
}

/** What the syntax alone shows about one symbol. Calls include those of nested functions; returns do not. */
export function factsOf({ extent, extents, uses, text, row }: FactsInput): SymbolFacts {
  const written = (place: number): string | undefined => {
    const start = extent.item.at[place] ?? -1;
    return start < 0 ? undefined : text.slice(start, extent.item.at[place + 1]);
  };
  const own = ({ start, end }: Stretch): boolean =>
    !extents.some(
      (other) =>
        other !== extent &&
        other.start >= extent.start &&
        other.end <= extent.end &&
        other.start <= start &&
        other.end >= end,
    );
  const head = row.id === 'swift' ? swiftHead(extent, text) : undefined;
  const returnType = returnTypeOf(head?.returns ?? withStars(written(slot.returns), extent, text), row);
  const raised = uses.raises.filter(own).map(({ name }) => name);
  return {
    parameters: parameterNames(head?.parameters ?? parameterLists(extent, text, row), row),
    ...(returnType === undefined ? {} : { returnType }),
    returnsValue:
      uses.returns.some((place) => own(place) && !isInScope(place, uses.scopes, extent)) ||
      isExpressionBody(extent, text),
    calls: uses.calls.filter(({ site }) => site.kind !== 'import' && site.kind !== 'copy').map(({ site }) => site),
    raises: [...new Set(raised)],
    bases: baseNames(head?.bases ?? written(slot.bases) ?? ''),
  };
}

/** The written parameter list; in Scala with the lists that follow it. */
function parameterLists({ item }: Extent, text: string, row: LanguageRow): string {
  const start = item.at[slot.parameters] ?? -1;
  if (start < 0) return '';
  const first = text.slice(start, item.at[slot.parameters + 1]);
  if (row.id !== 'scala') return first;
  let lists = first;
  for (let next = /^\s*\(/.exec(text.slice(start + lists.length)); next !== null; ) {
    const open = start + lists.length + next[0].length - 1;
    const rest = text.slice(open, open + 4000);
    lists = text.slice(start, open + closingOf(rest, 0) + 1);
    next = /^\s*\(/.exec(text.slice(start + lists.length));
  }
  return lists;
}

function isInScope(place: Stretch, scopes: readonly Stretch[], { item, start, end }: Extent): boolean {
  const body = item.at[slot.body] ?? -1;
  return scopes.some(
    (scope) =>
      scope.start >= start &&
      scope.end <= end &&
      scope.start <= place.start &&
      scope.end >= place.end &&
      !(scope.start <= body && scope.end > body),
  );
}

/** Swift's grammar has no nodes around parameters and bases: they are read from the text between name and body. */
function swiftHead(extent: Extent, text: string): { parameters: string; returns: string; bases: string } {
  const { at, kind } = extent.item;
  const body = at[slot.body] ?? -1;
  const head = text.slice(at[slot.name + 1], body >= 0 ? body : at[1]).replace(/\bwhere\b[\s\S]*$/, '');
  if (kind !== 'function' && kind !== 'constructor' && kind !== 'method') {
    const colon = head.replace(/<[^<>]*>/g, (generics) => ' '.repeat(generics.length)).indexOf(':');
    return { parameters: '', returns: '', bases: kind === 'property' || colon === -1 ? '' : head.slice(colon + 1) };
  }
  const open = head.indexOf('(');
  const close = open === -1 ? -1 : closingOf(head, open);
  const arrow = head.indexOf('->', close + 1);
  return {
    parameters: open === -1 ? '' : head.slice(open, close + 1),
    returns: arrow === -1 ? '' : head.slice(arrow),
    bases: '',
  };
}

function closingOf(text: string, open: number): number {
  let depth = 0;
  for (let index = open; index < text.length; index++) {
    if (text.charAt(index) === '(') depth++;
    else if (text.charAt(index) === ')' && --depth === 0) return index;
  }
  return text.length - 1;
}

/** C writes the stars of a pointer beside the name. */
function withStars(written: string | undefined, { item }: Extent, text: string): string | undefined {
  const end = item.at[slot.returns + 1] ?? -1;
  const stars = written === undefined ? null : /^\s*[*&]+(?=\s*[\p{L}_])/u.exec(text.slice(end, end + 20));
  return stars === null ? written : `${written}${stars[0].replace(/\s+/g, ' ')}`;
}

function returnTypeOf(written: string | undefined, row: LanguageRow): string | undefined {
  const plain = written
    ?.replace(/^\s*(:|->)\s*/, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (plain === undefined || plain === '' || plain === '{') return undefined;
  return row.id === 'kotlin' && /^[={]/.test(plain) ? undefined : plain;
}

/** `=> value` and `= value` return without a word for it. */
function isExpressionBody(extent: Extent, text: string): boolean {
  const body = extent.item.at[slot.body] ?? -1;
  if (body < 0) return false;
  if (/^(=>|=)\s*[^{\s]/.test(text.slice(body, body + 80))) return true;
  const before = text.slice(Math.max(extent.start, body - 8), body);
  return /(=>|=|lambda.*:)\s*$/s.test(before) && !/^[{(]?\s*\{/.test(text.slice(body, body + 8));
}
