/** The stem of a lower-case English word: M. F. Porter, "An algorithm for suffix stripping", 1980, step by step. */
export function porterStem(word: string): string {
  if (word.length <= 2) return word;
  return step5(step4(step3(step2(step1c(step1b(step1a(word)))))));
}

function isConsonant(word: string, at: number): boolean {
  const letter = word[at] ?? '';
  if ('aeiou'.includes(letter)) return false;
  return letter === 'y' ? at === 0 || !isConsonant(word, at - 1) : true;
}

/** Porter's m: how often a run of vowels is followed by one of consonants. */
function measure(stem: string): number {
  const shape = [...stem].map((_, at) => (isConsonant(stem, at) ? 'c' : 'v')).join('');
  return (shape.match(/v+c+/g) ?? []).length;
}

function hasVowel(stem: string): boolean {
  return [...stem].some((_, at) => !isConsonant(stem, at));
}

function endsDouble(word: string): boolean {
  const last = word.length - 1;
  return last >= 1 && word[last] === word[last - 1] && isConsonant(word, last);
}

/** Porter's *o: consonant, vowel, consonant, the last no w, x or y. */
function endsShort(word: string): boolean {
  const last = word.length - 1;
  if (last < 2 || 'wxy'.includes(word[last] ?? '')) return false;
  return isConsonant(word, last) && !isConsonant(word, last - 1) && isConsonant(word, last - 2);
}

function step1a(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (word.endsWith('ies')) return word.slice(0, -2);
  if (word.endsWith('ss')) return word;
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

function step1b(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const suffix = word.endsWith('ed') ? 'ed' : word.endsWith('ing') ? 'ing' : undefined;
  const stem = suffix === undefined ? word : word.slice(0, -suffix.length);
  if (suffix === undefined || !hasVowel(stem)) return word;
  if (/(at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsDouble(stem) && !/[lsz]$/.test(stem)) return stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function step1c(word: string): string {
  return word.endsWith('y') && hasVowel(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word;
}

type Rules = readonly (readonly [suffix: string, replacement: string])[];

const rules2: Rules = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['abli', 'able'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
];
const rules3: Rules = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];

/** The longest suffix decides; it goes when what is left measures more than `least`. */
function replaced(word: string, rules: Rules, least: number): string {
  const [suffix, replacement] =
    [...rules].sort((a, b) => b[0].length - a[0].length).find(([each]) => word.endsWith(each)) ?? [];
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  return measure(stem) > least ? stem + replacement : word;
}

function step2(word: string): string {
  return replaced(word, rules2, 0);
}

function step3(word: string): string {
  return replaced(word, rules3, 0);
}

const rules4: Rules = 'al ance ence er ic able ible ant ement ment ent sion tion ou ism ate iti ous ive ize'
  .split(' ')
  .map((suffix) => (suffix.endsWith('ion') ? [suffix, suffix[0] ?? ''] : [suffix, '']));

function step4(word: string): string {
  const ion = /[st]ion$/.test(word);
  if (ion) return measure(word.slice(0, -3)) > 1 ? word.slice(0, -3) : word;
  return replaced(word, rules4, 1);
}

function step5(word: string): string {
  let stem = word;
  if (stem.endsWith('e')) {
    const shorter = stem.slice(0, -1);
    if (measure(shorter) > 1 || (measure(shorter) === 1 && !endsShort(shorter))) stem = shorter;
  }
  return measure(stem) > 1 && stem.endsWith('ll') ? stem.slice(0, -1) : stem;
}
