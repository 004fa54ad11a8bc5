import type { LanguageRow } from './languages.ts';

const opening = '([{<';
const closing = ')]}>';

/** Splits at top-level commas: brackets and quotes are kept whole, `=>` and `->` are no brackets. */
export function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (quote !== '') {
      if (char === '\\') index++;
      else if (char === quote) quote = '';
    } else if (
      char === '"' ||
      char === '`' ||
      (char === "'" && /^'(?:[^'\\]|\\.)+'/.test(text.slice(index, index + 40)))
    ) {
      quote = char;
    } else if (opening.includes(char)) depth++;
    else if (char === '>' && /[=-]/.test(text.charAt(index - 1))) continue;
    else if (closing.includes(char)) depth = Math.max(0, depth - 1);
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function withoutBrackets(text: string): string {
  const trimmed = text.trim();
  return /^[([<|].*[)\]>|]$/s.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
}

/** Names of the parameters in a written parameter list; types, defaults and annotations left out. */
export function parameterNames(list: string, row: LanguageRow): string[] {
  const names: string[] = [];
  for (const part of splitTopLevel(withoutBrackets(oneList(withoutComments(list, row), row)))) {
    const name = row.parameterName === 'first' ? nameFirst(part) : nameLast(part);
    if (name !== '' && name !== '_' && !(row.implicitParameters ?? []).includes(name)) names.push(name);
  }
  return names;
}

const commentsByMarker: Readonly<Record<string, RegExp>> = {
  '//': /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
  '#': /#[^\n]*/g,
  '--': /--[^\n]*/g,
};

function withoutComments(list: string, row: LanguageRow): string {
  const pattern = commentsByMarker[row.comments.line ?? ''];
  return pattern === undefined ? list : list.replace(pattern, ' ');
}

/** Scala has several lists in a row. */
function oneList(lists: string, row: LanguageRow): string {
  return row.id === 'scala' ? lists.replace(/\)\s*\(/g, ', ') : lists;
}

const identifier = /[\p{L}_$@#%&][\p{L}\p{N}_$@#.]*/u;
const firstModifiers =
  /^(?:(?:public|private|protected|readonly|override|mut|ref|final|val|var|vararg|noinline|crossinline|inout|implicit|using|lazy|inline|local)\s+)+/;

/** `name: Type = default`, `...rest`, `**options`, Swift's `label name: Type`, a destructuring pattern as it is. */
function nameFirst(part: string): string {
  let text = part.replace(/^(?:@[\w.]+(?:\([^)]*\))?\s*|#\[[^\]]*\]\s*)+/, '').replace(firstModifiers, '');
  text = text.replace(/^&+\s*(?:'\w+\s+)?(?:mut\s+)?/, '').replace(/^[*.&]+/, '');
  if (/^[{[]/.test(text)) return text.slice(0, endOfPattern(text));
  const swift = /^[\p{L}_]\w*\s+([\p{L}_]\w*)\s*:/u.exec(text);
  if (swift !== null) return swift[1] ?? '';
  return identifier.exec(text)?.[0].replace(/\.+$/, '') ?? (/^[*/]$/.test(part) ? part : '');
}

function endOfPattern(text: string): number {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    if ('{['.includes(text.charAt(index))) depth++;
    else if ('}]'.includes(text.charAt(index)) && --depth === 0) return index + 1;
  }
  return text.length;
}

/** `Type name = default`, `char *name[4]`, `int (*name)(int)`, `$name`; nothing for a bare type. */
function nameLast(part: string): string {
  const dollar = /\$\w+/.exec(part);
  if (dollar !== null) return dollar[0];
  const pointer = /\(\s*[*^&][\s*]*(?:const\s+)?(\w+)\s*(?:\[[^\]]*\])?\)\s*\(/.exec(part);
  if (pointer !== null) return pointer[1] ?? '';
  if (/^(void|\.\.\.)$/.test(part)) return '';
  const text = part
    .replace(/=[^=][\s\S]*$/, '')
    .replace(/\[[^\]]*\]\s*/g, ' ')
    .replace(/@\w+(\([^)]*\))?\s*/g, '')
    .trim();
  const match = /^(.*[\s*&>\].])([\p{L}_@]\w*)$/su.exec(text);
  const name = match?.[2] ?? '';
  return /^(int|char|long|short|float|double|unsigned|signed|bool|const|struct|void)$/.test(name)
    ? ''
    : name.replace(/^@/, '');
}

/** Base classes, interfaces and traits named in a heritage clause, arguments and keywords left out. */
export function baseNames(clause: string): string[] {
  const names: string[] = [];
  const plain = clause
    .trim()
    .replace(/^\(([\s\S]*)\)$/, '$1')
    .replace(/\b(extends|implements|with|permits|derives)\b/g, ',')
    .replace(/\b(public|private|protected|virtual|internal|open)\s/g, ' ')
    .replace(/^\s*[:<]/, ' ');
  for (const part of splitTopLevel(plain)) {
    if (/^\w+\s*=/.test(part) || /^\*/.test(part)) continue;
    for (const alternative of part.split(/\s+\+\s+|\s+&\s+/)) {
      const name = /^[\p{L}_$\\][\p{L}\p{N}_.:\\$]*/u.exec(alternative.trim().replace(/\bby\s.*$/s, ''))?.[0];
      if (name !== undefined && !names.includes(name)) names.push(name);
    }
  }
  return names;
}
