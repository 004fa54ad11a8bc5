import type { Position, TextChange } from '../types/text.ts';

/** Ends a line for an editor: LF, CR LF or a lone CR (LSP). tree-sitter counts LF only. */
const lineEnd = /\r\n|\n|\r/g;
const loneCarriageReturn = /\r(?!\n)/;

function startsOf(text: string, ends: RegExp): number[] {
  const starts = [0];
  ends.lastIndex = 0;
  for (let match = ends.exec(text); match !== null; match = ends.exec(text)) starts.push(ends.lastIndex);
  return starts;
}

function feedsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Offsets and positions of one text; immutable, `splice` gives the next. Everything in UTF-16 units. */
export class LineIndex {
  readonly text: string;
  readonly #starts: readonly number[];
  /** Line starts as tree-sitter counts them; the same array unless the text has a lone CR. */
  readonly #rows: readonly number[];

  private constructor(text: string, starts: readonly number[], rows: readonly number[]) {
    this.text = text;
    this.#starts = starts;
    this.#rows = rows;
  }

  static of(text: string): LineIndex {
    if (!text.includes('\r') || !loneCarriageReturn.test(text)) {
      const starts = feedsOf(text);
      return new LineIndex(text, starts, starts);
    }
    return new LineIndex(text, startsOf(text, lineEnd), feedsOf(text));
  }

  /** Number of lines; a text without line end has one. */
  get count(): number {
    return this.#starts.length;
  }

  lineAt(offset: number): number {
    return lineOf(this.#starts, offset);
  }

  /** Offset where a line starts; the text's end for lines beyond it. */
  startOf(line: number): number {
    return this.#starts[Math.max(line, 0)] ?? this.text.length;
  }

  /** Offset of a position; columns beyond the line's end and lines beyond the text are clamped, as LSP asks. */
  offsetAt(position: Position): number {
    if (position.line < 0) return 0;
    const start = this.#starts[position.line];
    if (start === undefined) return this.text.length;
    const next = this.#starts[position.line + 1];
    let end = next ?? this.text.length;
    if (next !== undefined) while (end > start && isBreak(this.text.charCodeAt(end - 1))) end--;
    return Math.max(start, Math.min(start + position.character, end));
  }

  positionAt(offset: number): { line: number; character: number } {
    const clamped = Math.max(0, Math.min(offset, this.text.length));
    const line = lineOf(this.#starts, clamped);
    return { line, character: clamped - (this.#starts[line] ?? 0) };
  }

  /** The place as tree-sitter names it: rows end with LF only. */
  pointAt(offset: number): { row: number; column: number } {
    const row = lineOf(this.#rows, offset);
    return { row, column: offset - (this.#rows[row] ?? 0) };
  }

  /** The text after one change, and where it took place. */
  splice(change: TextChange): { readonly next: LineIndex; readonly start: number; readonly end: number } {
    const start = this.offsetAt(change.range.start);
    const end = Math.max(start, this.offsetAt(change.range.end));
    const text = this.text.slice(0, start) + change.text + this.text.slice(end);
    if (this.#starts !== this.#rows || change.text.includes('\r') || this.#touchesCarriageReturn(start, end)) {
      return { next: LineIndex.of(text), start, end };
    }
    const delta = change.text.length - (end - start);
    const firstKept = lineOf(this.#starts, start);
    const lastCut = lineOf(this.#starts, end);
    const starts = this.#starts.slice(0, firstKept + 1);
    for (const added of feedsOf(change.text)) if (added > 0) starts.push(start + added);
    for (let line = lastCut + 1; line < this.#starts.length; line++) starts.push((this.#starts[line] ?? 0) + delta);
    return { next: new LineIndex(text, starts, starts), start, end };
  }

  /** A cut next to a CR may split or join a CR LF, which moves line ends outside the change. */
  #touchesCarriageReturn(start: number, end: number): boolean {
    return this.text.slice(Math.max(0, start - 1), end + 1).includes('\r');
  }
}

function isBreak(code: number): boolean {
  return code === 10 || code === 13;
}
