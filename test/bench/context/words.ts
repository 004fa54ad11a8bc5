import { splitIdentifier, stem } from '../../../server/src/repository/identifiers.ts';

const stopWords = new Set(
  'a an and are as at be by can do does for from had has have if in into is it its not of on or so that the their then this to was were when where which will with all any each no than they we you'.split(
    ' ',
  ),
);

/** The words of a text that carry its content: identifiers split, stemmed, without the commonest words. */
export function contentWords(text: string): ReadonlySet<string> {
  const words = (text.match(/[\p{L}\p{N}_]+/gu) ?? []).flatMap(splitIdentifier);
  return new Set(words.filter((word) => word.length > 1 && !stopWords.has(word)).map(stem));
}

/** Share of `wanted` that `found` has; 1 when nothing is wanted. */
export function share(wanted: ReadonlySet<string>, found: ReadonlySet<string>): number {
  if (wanted.size === 0) return 1;
  let both = 0;
  for (const each of wanted) if (found.has(each)) both++;
  return both / wanted.size;
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
