import { ownBlockLines } from '../context/meaning.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import type { LineSpan, Range } from '../types/text.ts';

/** A line of the subject's source as models see it. Its number in the answer is its place in this list, from 1. */
export interface SubjectLine {
  /** Where it stands in the document, 0-based. */
  readonly line: number;
  readonly text: string;
  /** Shown as left out: part of a symbol that has its own summary. */
  readonly hidden: boolean;
}

export interface SubjectSourceOptions {
  readonly comments: 'keep' | 'strip';
  /** Parts with a summary of their own: only their first line is shown. */
  readonly parts?: readonly Range[];
}

/**
 * The lines of a range without our own comment blocks: these neither count nor show, so that inserting a comment moves no number and a
 * summary never feeds on itself.
 */
export function subjectLines(doc: SyntaxDocument, range: Range, options: SubjectSourceOptions): readonly SubjectLine[] {
  const own = ownBlockLines(doc);
  const stripped = options.comments === 'strip' ? commentSpans(doc) : [];
  const lines: SubjectLine[] = [];
  const last = lastLine(range);
  for (let line = range.start.line; line <= last; line++) {
    if (covers(own, line)) continue;
    const hidden = options.parts?.some((part) => line > part.start.line && line <= lastLine(part)) ?? false;
    lines.push({ line, text: hidden ? '' : lineText(doc, range, line, stripped), hidden });
  }
  return lines;
}

/** Last line that holds something of the range. */
function lastLine(range: Range): number {
  const isEmptyTail = range.end.character === 0 && range.end.line > range.start.line;
  return isEmptyTail ? range.end.line - 1 : range.end.line;
}

function covers(spans: readonly LineSpan[], line: number): boolean {
  return spans.some((span) => span.startLine <= line && line < span.endLine);
}

function lineText(
  doc: SyntaxDocument,
  range: Range,
  line: number,
  stripped: readonly { start: number; end: number }[],
): string {
  const start = line === range.start.line ? doc.offsetAt(range.start) : doc.offsetAt({ line, character: 0 });
  const nextLine = doc.offsetAt({ line: line + 1, character: 0 });
  const end = line === range.end.line ? doc.offsetAt(range.end) : nextLine;
  let text = doc.text.slice(start, end);
  for (const comment of stripped) {
    if (comment.end <= start || comment.start >= end) continue;
    const from = Math.max(0, comment.start - start);
    const to = Math.min(text.length, comment.end - start);
    text = text.slice(0, from) + ' '.repeat(to - from) + text.slice(to);
  }
  return text.replace(/[\r\n]+$/, '').trimEnd();
}

function commentSpans(doc: SyntaxDocument): readonly { start: number; end: number }[] {
  return doc.comments().filter((comment) => comment.kind !== 'data');
}

/** The visible source, one line per line; what producers that read no prompt work on. */
export function plainSource(lines: readonly SubjectLine[]): string {
  return lines
    .filter((line) => !line.hidden)
    .map((line) => line.text)
    .join('\n');
}
