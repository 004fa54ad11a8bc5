/** A place in a text: 0-based line, UTF-16 column, as in LSP. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A half-open stretch of text, as in LSP: `end` is the first position that no longer belongs to it. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A run of whole lines: 0-based, `endLine` exclusive. */
export interface LineSpan {
  readonly startLine: number;
  readonly endLine: number;
}

/** One replacement of a stretch of text, as an editor sends it. */
export interface TextChange {
  readonly range: Range;
  readonly text: string;
}

/** The only edit that CodeGloss ever makes: put `newText` at `range` (empty for an insertion, our own marked block for an update). */
export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}
