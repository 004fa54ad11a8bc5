import { type Item, slot } from './items.ts';
import type { LanguageRow } from './languages.ts';

export interface SignatureInput {
  readonly item: Item;
  /** Where the declaration starts, without decorators that stand before it as siblings. */
  readonly ownStart: number;
  readonly text: string;
  readonly row: LanguageRow;
  readonly cache: WeakMap<Item, string>;
  /** Decorators and comments: end by start. */
  readonly marks: ReadonlyMap<number, number>;
  /** Sorted by start. */
  readonly comments: readonly Item[];
}

const maxSignature = 400;

/** The declaration up to its body: decorators and comments left out, white space folded. */
export function signatureOf({ item, ownStart, text, row, cache, marks, comments }: SignatureInput): string {
  const known = cache.get(item);
  if (known !== undefined) return known;
  const written = item.at[slot.signature] ?? -1;
  let start = written >= 0 ? written : ownStart;
  for (let end = marks.get(start); end !== undefined; end = marks.get(start)) {
    start = end;
    while (/\s/.test(text.charAt(start))) start++;
  }
  const body = item.at[slot.body] ?? -1;
  const isLine = row.layout === 'lines' && row.id !== 'shellscript';
  const stop = isLine
    ? lineStop(item, text, row)
    : written >= 0
      ? (item.at[slot.signature + 1] ?? 0)
      : body >= 0
        ? body
        : (item.at[1] ?? 0);
  const signature = fold(withoutComments(text, start, Math.max(start, stop), comments), row);
  cache.set(item, signature);
  return signature;
}

/** Labels are declared in one line, and by their parameters where they have some. */
function lineStop({ at }: Item, text: string, row: LanguageRow): number {
  const parameters = at[slot.parameters + 1] ?? -1;
  if (parameters >= 0) return parameters;
  if (row.id === 'mumps') return at[slot.name + 1] ?? 0;
  const end = /[\r\n]/.exec(text.slice(at[slot.name + 1]));
  return end === null ? text.length : (at[slot.name + 1] ?? 0) + end.index;
}

function withoutComments(text: string, start: number, end: number, comments: readonly Item[]): string {
  let plain = '';
  let from = start;
  for (let index = firstFrom(comments, start); index < comments.length; index++) {
    const [commentStart = 0, commentEnd = 0] = comments[index]?.at ?? [];
    if (commentStart >= end) break;
    plain += `${text.slice(from, commentStart)} `;
    from = commentEnd;
  }
  return plain + text.slice(Math.min(from, end), end);
}

function firstFrom(items: readonly Item[], offset: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.at[0] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function fold(signature: string, row: LanguageRow): string {
  let folded = signature
    .slice(0, maxSignature * 4)
    .replace(/\s+/g, ' ')
    .trim();
  if (row.layout === 'lines' && row.id !== 'shellscript') return folded.slice(0, maxSignature);
  for (let before = ''; before !== folded; ) {
    before = folded;
    folded = folded.replace(/(?:[{;=:\\]|=>|\bend|\bwhere)$/, '').trimEnd();
  }
  return folded.length > maxSignature ? `${folded.slice(0, maxSignature - 1)}…` : folded;
}
