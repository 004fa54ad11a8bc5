import { endsLinesWithNel } from '../../types/lines.ts';

const part = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+|\p{N}+/gu;

/**
 * A name as words: `parseHTTPResponse2` → parse, HTTP, response2; `MAX_SIZE` → max, size. Abbreviations keep their capitals where the rest of
 * the name shows that they are some.
 */
export function wordsOf(name: string): readonly string[] {
  const isShouted = !/\p{Ll}/u.test(name);
  const words: string[] = [];
  let end = -1;
  for (const match of name.matchAll(part)) {
    const text = match[0];
    const isNumber = /^\p{N}/u.test(text);
    const keeps = !isShouted && text.length > 1 && text === text.toUpperCase();
    const word = keeps ? text : text.toLowerCase();
    const last = words.length - 1;
    if (isNumber && match.index === end && last >= 0) words[last] += word;
    else words.push(word);
    end = match.index + text.length;
  }
  return words;
}

/** `['a', 'b', 'c', 'd']` → "`a`, `b` and 2 more" with `most` 2. Names are set as code; backticks cannot break out. */
export function listOf(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).map(code);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  const last = shown.pop();
  return shown.length === 0 ? (last ?? '') : `${shown.join(', ')} and ${last}`;
}

/** Longest piece of code in a sentence, in characters. */
const longestCode = 60;
const longestName = 120;

/** A name or type set as code, on one line; what is too long ends after a whole word, so that no name is made up by cutting. */
export function code(text: string): string {
  const clean = text.replaceAll('`', "'").replace(/\s+/g, ' ').trim();
  const short = clean
    .slice(0, longestCode)
    .replace(/[\p{L}\p{N}_$%@#]+$/u, '')
    .trim();
  // One long word stays whole, or there would be nothing left of it.
  const isWhole = clean.length <= longestCode || (short === '' && clean.length <= longestName);
  return isWhole ? `\`${clean}\`` : `\`${short}…\``;
}

/** `2 methods`, `1 class`. */
export function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${plural(noun)}`;
}

/** `12 lines`: of a subject without parts; comments of ours do not count. */
export function lineCount({ source }: { readonly source: string }): string {
  const lines = endsLinesWithNel(source) ? source.replace(/\u0085$/, '').split('\u0085') : source.split('\n');
  return counted(lines.length, 'line');
}

export function plural(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(?:s|x|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function decapitalized(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** `a` or `an`, by the sound that a first letter usually has. */
export function withArticle(noun: string): string {
  return `${/^`?[aeio]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}
