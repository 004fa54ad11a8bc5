import type { ProduceRequest } from '../../types/produce.ts';
import type { SummaryText } from '../../types/summary.ts';
import { kindWord } from './facts.ts';
import { startsWithVerb } from './verbs.ts';
import { capitalized, code, counted, decapitalized, lineCount, listOf, plural } from './words.ts';

type Part = ProduceRequest['parts'][number];

/** Order in which kinds are told: what a reader looks for first. */
const kindOrder = [
  'class',
  'interface',
  'struct',
  'enum',
  'routine',
  'section',
  'macro',
  'function',
  'label',
  'method',
  'property',
  'field',
  'variable',
  'constant',
];

const mostParts = 8;
const longestParagraph = 900;
/** Longest line of a file that quotes its only part, in characters. */
const longestLine = 150;

const languageNames: Partial<Record<ProduceRequest['subject']['language'], string>> = {
  typescript: 'TypeScript',
  typescriptreact: 'TypeScript (TSX)',
  javascript: 'JavaScript',
  javascriptreact: 'JavaScript (JSX)',
  python: 'Python',
  java: 'Java',
  c: 'C',
  cpp: 'C++',
  csharp: 'C#',
  go: 'Go',
  rust: 'Rust',
  ruby: 'Ruby',
  php: 'PHP',
  kotlin: 'Kotlin',
  scala: 'Scala',
  swift: 'Swift',
  shellscript: 'Shell',
  lua: 'Lua',
  mumps: 'MUMPS',
  hlasm: 'HLASM',
  asm: 'Assembler',
};

/** What a file holds: `Python file with class `Reader` and functions `open` and `parse`.` */
export function fileText(request: ProduceRequest): SummaryText {
  const { language } = request.subject;
  const file = `${languageNames[language] ?? language} file`;
  const partitions = request.parts.filter(({ kind }) => kind === 'partition');
  if (partitions.length > 0) return longFileText(request, file, partitions);
  const groups = groupsOf(request, 3);
  // One-line functions and prototypes are no parts: that there are none would be a guess.
  if (groups.length === 0) {
    const line = request.source.trim() === '' ? `Empty ${file}.` : `${file} of ${lineCount(request)}.`;
    return { line, paragraph: '', claims: [] };
  }
  const [only, ...others] = request.parts;
  const whole = `${file} with ${sentenceList(groups)}`;
  if (only !== undefined && others.length === 0 && whole.length + only.line.length < longestLine) {
    const line = lineWithPart(file, whole, only);
    if (line !== undefined) return { line, paragraph: '', claims: [] };
  }
  return { line: `${whole}.`, paragraph: partsParagraph(request.parts), claims: [] };
}

/** The line of a file with a single part: what that is said to do, without its name twice. */
function lineWithPart(file: string, whole: string, part: Part): string | undefined {
  if (sentenceOf(part) === '') return undefined;
  const said = aboutName(part);
  if (said === undefined) return `${whole}: ${part.line}`;
  return /^ (?:with|based on|of)\b/.test(said) ? `${file} with ${decapitalized(part.line)}` : `${whole}, which${said}`;
}

/** ` with method `b`.` of ``Class `A` with method `b`.``; undefined where the line does not begin with the part's name. */
function aboutName({ name, line }: Part): string | undefined {
  const bare = line.replace(/^[A-Z][a-z]+(?: [a-z]+)? (?=`)/, '');
  return bare.startsWith(code(name)) ? bare.slice(code(name).length) : undefined;
}

/** Of a file that is summarized from its partitions: how many there are, and what each holds. */
function longFileText(request: ProduceRequest, file: string, partitions: readonly Part[]): SummaryText {
  const rest = { ...request, parts: request.parts.filter(({ kind }) => kind !== 'partition') };
  const groups = groupsOf(rest, 3);
  const holding = groups.length === 0 ? '' : ` with ${sentenceList(groups)}`;
  const paragraph: string[] = [];
  for (const { name, line } of partitions) {
    const next = `${capitalized(name.replace(/, .*$/s, ''))}: ${decapitalized(line)}`;
    if (paragraph.join(' ').length + next.length > longestParagraph) break;
    paragraph.push(next);
  }
  const left = partitions.length - paragraph.length;
  if (left > 0) paragraph.push(`${capitalized(counted(left, 'more part'))} ${left === 1 ? 'follows' : 'follow'}.`);
  return {
    line: `${file}${holding} in ${counted(partitions.length, 'part')}.`,
    paragraph: paragraph.join(' '),
    claims: [],
  };
}

/** What a partition of a long file holds: `Labels `A`, `B` and `C`.` */
export function partitionText(request: ProduceRequest, title: string): SummaryText {
  const groups = groupsOf(request, 4);
  const { start, end } = request.subject.range;
  const line =
    groups.length === 0
      ? `${capitalized(title)}, ${counted(end.line - start.line, 'line')}.`
      : `${capitalized(sentenceList(groups))}.`;
  return { line, paragraph: partsParagraph(request.parts), claims: [] };
}

/** What a signature shows more exactly than the kind: TypeScript's `type A = …`, which the outline counts among the interfaces, and the like. */
function wordOf({ symbol, subject: { language } }: ProduceRequest): string {
  const signature = symbol?.signature ?? '';
  if (/^(?:export\s+)?(?:declare\s+)?type\s/.test(signature)) return 'type';
  if (symbol?.kind !== 'class') return kindWord(symbol?.kind ?? 'class', language);
  if (language === 'swift') return /\b(extension|actor|class)\b/.exec(signature)?.[1] ?? 'type';
  if (language === 'php') return /\b(trait|class)\b/.exec(signature)?.[1] ?? 'type';
  return kindWord(symbol.kind, language);
}

/** What a class, interface, module or section holds and stands on. */
export function containerText(request: ProduceRequest, name: string): SummaryText {
  const bases = request.facts?.bases ?? [];
  const start = capitalized(wordOf(request));
  const extending = bases.length === 0 ? '' : ` based on ${listOf(bases, 3)}`;
  const groups = groupsOf(request, 4);
  const held = groups.length === 0 ? fieldsOf(request) : groups;
  const holding = held.length === 0 ? '' : ` with ${sentenceList(held)}`;
  const size = extending === '' && held.length === 0 ? ` of ${lineCount(request)}` : '';
  const line = `${start} ${code(name)}${extending}${holding}${size}.`;
  return { line, paragraph: partsParagraph(request.parts), claims: [] };
}

/** What its language calls a field of a class; `field` where nothing is said. */
const fieldWords: Partial<Record<ProduceRequest['subject']['language'], string>> = {
  typescript: 'property',
  typescriptreact: 'property',
  csharp: 'member',
  kotlin: 'property',
  swift: 'property',
  php: 'property',
  python: 'attribute',
};

/** Of what has nothing that could be told by itself: `fields `x` and `y``. */
function fieldsOf({ facts, symbol, subject: { language } }: ProduceRequest): readonly string[] {
  const names = facts?.fields ?? [];
  const word = symbol?.kind === 'enum' ? 'value' : (fieldWords[language] ?? 'field');
  return names.length === 0 ? [] : [`${names.length === 1 ? word : plural(word)} ${listOf(names, 4)}`];
}

/** `functions `a` and `b``, one phrase per kind. */
function groupsOf(request: ProduceRequest, most: number): readonly string[] {
  const byKind = new Map<string, Part[]>();
  for (const part of request.parts) {
    if (part.kind === 'constructor') continue;
    const kind = kindWord(part.kind as Parameters<typeof kindWord>[0], request.subject.language);
    byKind.set(kind, [...(byKind.get(kind) ?? []), part]);
  }
  const rank = (kind: string): number => (kindOrder.indexOf(kind) + kindOrder.length + 1) % (kindOrder.length + 1);
  return [...byKind.entries()]
    .sort(([left], [right]) => rank(left) - rank(right))
    .map(([kind, parts]) => {
      const names = [...new Set(parts.map((part) => part.name))];
      return `${names.length === 1 ? kind : plural(kind)} ${listOf(names, most)}`;
    });
}

function sentenceList(phrases: readonly string[]): string {
  if (phrases.length <= 1) return phrases[0] ?? '';
  const isPlain = phrases.length === 2 && !phrases.some((phrase) => phrase.includes(' and '));
  return `${phrases.slice(0, -1).join(', ')}${isPlain ? '' : ','} and ${phrases.at(-1)}`;
}

/** A sentence per part that has something to say, as far as there is room. */
function partsParagraph(parts: readonly Part[]): string {
  let text = '';
  for (const part of parts.slice(0, mostParts)) {
    const next = sentenceOf(part);
    if (text.length + next.length > longestParagraph) break;
    text += next === '' ? '' : `${text === '' ? '' : ' '}${next}`;
  }
  return text;
}

/** `Parses the header.` of `parse` → `` `parse` parses the header. `` */
function sentenceOf(part: Part): string {
  const name = code(part.name);
  const said = aboutName(part);
  if (part.line === '' || (said !== undefined && /^(?: of \d+ lines?)?\.$/.test(said))) return '';
  if (said?.startsWith(' ') === true) return `${name}${said}`;
  return startsWithVerb(part.line) ? `${name} ${decapitalized(part.line)}` : `${name}: ${part.line}`;
}
