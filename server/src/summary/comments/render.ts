import { beginMark, endMark, findOwnBlocks } from '../../syntax/ownBlocks.ts';
import type { LanguageId } from '../../types/outline.ts';
import type { SummaryText } from '../../types/summary.ts';
import { escapeForComment, safeLine, safeLineMargin } from './escape.ts';
import { digitsFor } from './mark.ts';
import type { CommentStyle } from './style.ts';

const maxLines = 60;
const minWidth = 24;

export interface BlockInput {
  readonly language: LanguageId;
  readonly style: CommentStyle;
  readonly summary: Pick<SummaryText, 'line' | 'paragraph'>;
  /** What the block is about, without any block of ours: the first half of the mark's digits. */
  readonly source: string;
  /** White space before every line. */
  readonly indent: string;
}

/** Lines of a marked block, without line ends. Same input, same lines. */
export function renderBlock({ language, style, summary, source, indent }: BlockInput): readonly string[] {
  const body = bodyLines(style, summary, indent);
  const draft = framed(style, body, '0'.repeat(12), indent);
  const words = findOwnBlocks(draft.join('\n'))[0]?.words ?? '';
  return framed(style, body, digitsFor(language, source, words), indent);
}

function framed(style: CommentStyle, body: readonly string[], digits: string, indent: string): readonly string[] {
  const begin = `${beginMark} ${digits}`;
  const led = (text: string): string => `${indent}${style.leader}${text}`.trimEnd();
  if (style.form === 'docstring') {
    const inner = [...body, endMark].map((text) => (text === '' ? '' : indent + text));
    return [`${indent}${style.open}${begin}`, ...inner, indent + style.close];
  }
  const inner = [begin, ...body, endMark].map(led);
  return style.form === 'line' ? inner : [indent + style.open, ...inner, indent + style.close];
}

function bodyLines(style: CommentStyle, summary: BlockInput['summary'], indent: string): readonly string[] {
  const room = Math.max(minWidth, style.width - indent.length - style.leader.length - safeLineMargin);
  const paragraphs = [summary.line, ...summary.paragraph.split(/\n\s*\n/)]
    .map((paragraph) => wrap(escapeForComment(paragraph, style), room).map((line) => safeLine(line, style)))
    .filter((lines) => lines.length > 0);
  const lines = paragraphs.flatMap((paragraph, index) => (index === 0 ? paragraph : ['', ...paragraph]));
  return lines.slice(0, maxLines);
}

/** Words filled into lines of at most `room` UTF-16 units; a longer word is cut, between code points. */
function wrap(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text
    .split(/\s+/)
    .filter((candidate) => candidate !== '')
    .flatMap((long) => cut(long, room))) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

function cut(word: string, room: number): readonly string[] {
  if (word.length <= room) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece.length + character.length > room) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}
