import type { SymbolFacts } from '../types/outline.ts';
import { slot } from './items.ts';
import type { LanguageRow } from './languages.ts';
import type { Extent } from './outline.ts';
import { baseNames, parameterNames } from './parameters.ts';
import type { Stretch, Uses } from './uses.ts';

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
        other.end >= end &&
        // The name of a property that is a symbol itself is the outer one's to tell.
        other.item.at[slot.name] !== start,
    );
  const head = row.id === 'swift' ? swiftHead(extent, text) : undefined;
  const returnType = returnTypeOf(head?.returns ?? withStars(written(slot.returns), extent, text), row);
  const raised = uses.raises.filter(own).map(({ name }) => name);
  const fields = uses.fields.filter(own).map(({ name }) => name);
  return {
    parameters: parameterNames(head?.parameters ?? parameterLists(extent, text, row), row),
    ...(returnType === undefined ? {} : { returnType }),
    returnsValue:
      ((returnType !== undefined || !declaresResult(extent, text, row)) &&
        uses.returns.some((place) => own(place) && !isInScope(place, uses.scopes, extent))) ||
      isExpressionBody(extent, text),
    calls: uses.calls.filter(({ site }) => site.kind !== 'import' && site.kind !== 'copy').map(({ site }) => site),
    raises: [...new Set(raised)],
    bases: basesOf(extent, text, row),
    ...(fields.length === 0 ? {} : { fields: [...new Set(fields)] }),
  };
}

/** How a function begins whose head says what it gives back, or it gives nothing: `return close()` in it hands on nothing. */
const declaring: ReadonlyMap<string, RegExp> = new Map([
  ['go', /^/],
  ['kotlin', /\bfun\b/],
  ['rust', /\bfn\b/],
  ['swift', /\bfunc\b/],
]);

function declaresResult({ item, start }: Extent, text: string, row: LanguageRow): boolean {
  return declaring.get(row.id)?.test(text.slice(start, item.at[slot.name])) ?? false;
}

/** Names of the classes and interfaces that the head of a class names. */
export function basesOf(extent: Extent, text: string, row: LanguageRow): readonly string[] {
  if (row.id === 'swift') return baseNames(swiftHead(extent, text).bases);
  const start = extent.item.at[slot.bases] ?? -1;
  return start < 0 ? [] : baseNames(text.slice(start, extent.item.at[slot.bases + 1]));
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
