import { type SourceLine, splitLines } from '../types/lines.ts';
import type { LineSpan } from '../types/text.ts';

/** The marks of DESIGN.md. What the twelve digits cover is told in `summary/comments/mark.ts`. */
export const beginMark = 'codegloss:begin v1';
export const endMark = 'codegloss:end';

/** How a block of ours is written: every line with its own leader, between comment brackets, or as a Python docstring. */
export type OwnBlockForm = 'line' | 'bracket' | 'docstring';

/** A comment of ours in a text: whole lines, brackets included. */
export interface OwnBlock extends LineSpan {
  readonly form: OwnBlockForm;
  readonly digits: string;
  /** The words between the marks, joined by one blank, without comment leaders: what a formatter's reflow leaves alone. */
  readonly words: string;
}

// Longest first. A `*` alone leads HLASM comments and the inner lines of a bracket.
const lineLeaders = ['///', '//', '---', '--', '#', ';', '@', '!', '*'];
const brackets: readonly { readonly open: string; readonly close: string; readonly form: OwnBlockForm }[] = [
  { open: '/**', close: '*/', form: 'bracket' },
  { open: '/*', close: '*/', form: 'bracket' },
  { open: '"""', close: '"""', form: 'docstring' },
];
// Formatters that refill comments (clang-format) put words behind the first mark and before the last.
const beginPattern = /^codegloss:begin v1 ([0-9a-f]{12})(?:\s+(?<words>\S.*))?$/;
const endPattern = /^(?:(?<words>.*\S)\s+)?codegloss:end$/;
const maxBlockLines = 400;

/**
 * Blocks of ours by their looks alone, in order. Indentation does not matter, so that formatters may move them. A text that only quotes
 * such a block in a string looks the same: callers that have a tree ask it, the others look only where no string can stand.
 */
export function findOwnBlocks(text: string, split?: readonly SourceLine[]): readonly OwnBlock[] {
  if (!text.includes(beginMark)) return [];
  const lines = split ?? splitLines(text);
  const blocks: OwnBlock[] = [];
  let index = 0;
  while (index < lines.length) {
    const block = bracketBlockAt(lines, index) ?? lineBlockAt(lines, index);
    if (block !== undefined) blocks.push(block);
    index = block?.endLine ?? index + 1;
  }
  return blocks;
}

function trimmed(lines: readonly SourceLine[], index: number): string | undefined {
  return lines[index]?.text.replace(/^\uFEFF/, '').trim();
}

function lineBlockAt(lines: readonly SourceLine[], start: number): OwnBlock | undefined {
  const first = trimmed(lines, start);
  const leader = first === undefined ? undefined : lineLeaders.find((candidate) => first.startsWith(candidate));
  if (first === undefined || leader === undefined) return undefined;
  const begun = beginPattern.exec(first.slice(leader.length).trim());
  const digits = begun?.[1];
  if (digits === undefined) return undefined;
  const words: string[] = [begun?.groups?.['words'] ?? ''];
  for (let index = start + 1; index < Math.min(lines.length, start + maxBlockLines); index++) {
    const line = trimmed(lines, index);
    if (line === undefined || !line.startsWith(leader)) return undefined;
    const content = line.slice(leader.length).trim();
    const ended = endPattern.exec(content);
    if (ended !== null) {
      words.push(ended.groups?.['words'] ?? '');
      return { startLine: start, endLine: index + 1, form: 'line', digits, words: joinWords(words) };
    }
    words.push(content);
  }
  return undefined;
}

function bracketBlockAt(lines: readonly SourceLine[], start: number): OwnBlock | undefined {
  const first = trimmed(lines, start);
  const bracket = first === undefined ? undefined : brackets.find(({ open }) => first.startsWith(open));
  if (first === undefined || bracket === undefined) return undefined;
  const rest = first.slice(bracket.open.length).trim();
  const begin = rest === '' ? start + 1 : start;
  const mark = rest === '' ? inner(trimmed(lines, begin) ?? '', bracket.form) : rest;
  const begun = beginPattern.exec(mark);
  const digits = begun?.[1];
  if (digits === undefined) return undefined;
  const words: string[] = [begun?.groups?.['words'] ?? ''];
  for (let index = begin + 1; index < Math.min(lines.length, start + maxBlockLines); index++) {
    const line = trimmed(lines, index) ?? '';
    const content = inner(line, bracket.form);
    const closed = content.endsWith(bracket.close);
    const ended = endPattern.exec(closed ? content.slice(0, -bracket.close.length).trim() : content);
    if (ended !== null && (closed || trimmed(lines, index + 1) === bracket.close)) {
      const endLine = closed ? index + 1 : index + 2;
      words.push(ended.groups?.['words'] ?? '');
      return { startLine: start, endLine, form: bracket.form, digits, words: joinWords(words) };
    }
    if (line.includes(bracket.close)) return undefined;
    words.push(content);
  }
  return undefined;
}

function inner(line: string, form: OwnBlockForm): string {
  return form === 'bracket' ? line.replace(/^\*(?!\/)/, '').trim() : line;
}

function joinWords(lines: readonly string[]): string {
  return lines.join(' ').replace(/\s+/g, ' ').trim();
}

/** The text without the lines of blocks of ours: for what is known to be comments. */
export function withoutOwnLines(text: string): string {
  if (!text.includes(beginMark)) return text;
  const lines = splitLines(text);
  let left = '';
  let from = 0;
  for (const { startLine, endLine } of findOwnBlocks(text, lines)) {
    left += text.slice(from, lines[startLine]?.start);
    from = lines[endLine]?.start ?? text.length;
  }
  return left + text.slice(from);
}

const endsInBlock = /codegloss:end[ \t]*(?:(?:\r\n|\n|\r)?[ \t]*(?:\*\/|"""))?[ \t]*$/;

/**
 * Where a stretch ends when blocks of ours at its end are left out: they speak of what follows. White space before them stays. No look at the
 * text where none is there, because it is asked for every symbol after every keystroke.
 */
export function endBeforeOwnBlocks(text: string, start: number, end: number): number {
  let cut = end;
  while (endsInBlock.test(text.slice(Math.max(start, cut - 60), cut))) {
    const mark = text.lastIndexOf(beginMark, cut);
    if (mark < start) return cut;
    // A bracket may open on a line of its own above the mark.
    const above = text.slice(Math.max(start, mark - 200), mark);
    const opened = /[ \t]*(?:\/\*\*?|""")[ \t]*(?:\r\n|\n|\r)[ \t]*\*?[ \t]*$/.exec(above) ?? /[^\r\n]*$/.exec(above);
    const from = mark - (opened?.[0].length ?? 0);
    const isBlock = from > start && findOwnBlocks(text.slice(from, cut)).some((block) => block.startLine === 0);
    if (!isBlock) return cut;
    cut = from;
    while (cut > start && /\s/.test(text.charAt(cut - 1))) cut--;
  }
  return cut;
}

/** A doc comment as the outline gives it, without a block of ours; undefined when nothing of the author's is left. */
export function withoutOwnBlock(doc: string | undefined): string | undefined {
  if (doc === undefined || !doc.includes(beginMark)) return doc;
  const left = doc.replace(/codegloss:begin v1 [0-9a-f]{12}[\s\S]*?codegloss:end/g, '').trim();
  return left === '' ? undefined : left;
}
