import { ownBlockLines } from '../../context/meaning.ts';
import type { Node, SyntaxDocument } from '../../syntax/document.ts';
import { findOwnBlocks, type OwnBlock, withoutOwnBlock } from '../../syntax/ownBlocks.ts';
import { type SourceLine, splitLines } from '../../types/lines.ts';
import type { OutlineSymbol } from '../../types/outline.ts';
import type { SummaryText } from '../../types/summary.ts';
import type { TextEdit } from '../../types/text.ts';
import { applyEdit, type EditOrRefusal, lineEnd } from './edit.ts';
import { countsLines, isContinued, type Refusal, refusalOfText } from './insertionPoint.ts';
import { isUntouched } from './mark.ts';
import { renderBlock } from './render.ts';
import { docStyle } from './style.ts';

/** Where whole lines of a doc comment go: before line `line`, with `indent`. */
interface DocPlace {
  readonly line: number;
  readonly indent: string;
}

/**
 * The edit that puts a doc comment on a symbol: above its declaration, in Python as its docstring. Whole lines are inserted, nothing else.
 * An author's comment is never replaced or doubled; our own untouched block is replaced.
 * @param asciiOnly for files whose encoding cannot hold every character
 */
export function docCommentEdit(
  doc: SyntaxDocument,
  symbolIndex: number,
  summary: Pick<SummaryText, 'line' | 'paragraph'>,
  { asciiOnly = false }: { readonly asciiOnly?: boolean } = {},
): EditOrRefusal {
  const symbol = doc.outline.symbols[symbolIndex];
  if (symbol === undefined) return refusal('notFound', 'The symbol is gone.');
  if (withoutOwnBlock(symbol.doc) !== undefined) {
    return refusal('documented', "It already has its author's comment, which CodeGloss never replaces.");
  }
  const refused = refusalOfText(doc.text);
  if (refused !== undefined) return refused;
  const place = doc.language === 'python' ? docstringPlace(doc, symbol) : placeAbove(doc, symbol);
  if ('code' in place) return place;
  const known = docStyle(doc.language, doc.text);
  const style = known === undefined || !asciiOnly ? known : { ...known, ascii: true };
  if (style === undefined) return refusal('unknownDialect', 'Nothing in the file shows which assembler it is for.');
  const indent = style.form === 'line' && /^\s/.test(style.leader) ? '' : place.indent;
  const own = blockOf(doc, symbol);
  if (own !== undefined && !isUntouched(own)) {
    return refusal('edited', 'Somebody edited the CodeGloss comment; it is theirs now and stays as it is.');
  }
  const block = renderBlock({ language: doc.language, style, summary, source: sourceOf(doc, symbol), indent });
  const eol = lineEnd(doc.text);
  const newText = block.map((line) => line + eol).join('');
  const edit =
    own === undefined ? wholeLines(place.line, place.line, newText) : wholeLines(own.startLine, own.endLine, newText);
  return verified(doc.text, edit, own, block.length);
}

/** The edit that takes our doc comment off a symbol, whoever edited it. */
export function removeDocEdit(doc: SyntaxDocument, symbolIndex: number): EditOrRefusal {
  const symbol = doc.outline.symbols[symbolIndex];
  const own = symbol === undefined ? undefined : blockOf(doc, symbol);
  if (own === undefined) return refusal('notFound', 'There is no CodeGloss comment on it.');
  return { edit: wholeLines(own.startLine, own.endLine, '') };
}

function refusal(code: Refusal['code'], reason: string): Refusal {
  return { code, reason };
}

function wholeLines(startLine: number, endLine: number, newText: string): TextEdit {
  return { range: { start: { line: startLine, character: 0 }, end: { line: endLine, character: 0 } }, newText };
}

/** Rule 1: the new lines are recognized as one block of ours, and without them the text is what it was without the old block. */
function verified(text: string, edit: TextEdit, old: OwnBlock | undefined, length: number): EditOrRefusal {
  const result = applyEdit(text, edit);
  if (result === text) return refusal('unchanged', 'The comment already says this.');
  const start = edit.range.start.line;
  const isRecognized = findOwnBlocks(result).some(
    (block) => block.startLine === start && block.endLine === start + length && isUntouched(block),
  );
  const before = old === undefined ? text : applyEdit(text, wholeLines(old.startLine, old.endLine, ''));
  if (isRecognized && applyEdit(result, wholeLines(start, start + length, '')) === before) return { edit };
  return refusal('notReversible', 'The comment could not be taken out again without a trace, so it is not put in.');
}

/** Our block on a symbol: the lines right above it, or its docstring. */
function blockOf(doc: SyntaxDocument, symbol: OutlineSymbol): OwnBlock | undefined {
  const own = new Set(ownBlockLines(doc).map((block) => block.startLine));
  if (own.size === 0) return undefined;
  const above = lineAbove(splitLines(doc.text), symbol.range.start.line);
  const body = doc.language === 'python' ? bodyOf(doc, symbol) : undefined;
  return findOwnBlocks(doc.text).find((block) => {
    if (!own.has(block.startLine)) return false;
    if (doc.language === 'python') return block.startLine === body?.startPosition.row;
    return block.endLine === above;
  });
}

/** Comments that speak to a tool about the next line, which has to stay the next. */
const aboutNextLine =
  /^\s*(?:\/\/|\/\*|#|--).*(?:@ts-(?:ignore|expect-error)|disable-next-line|disable:next|NOLINTNEXTLINE|noinspection|(?:prettier|biome|dprint|deno-fmt|deno-lint)-ignore|(?:istanbul|c8|v8) ignore next|phpcs:ignore|@phpstan-ignore|shellcheck disable|(?:luacheck|stylua): ignore|go:[a-z])/;

/** The line above which a comment on what begins at `line` stands. */
function lineAbove(lines: readonly SourceLine[], line: number): number {
  let above = line;
  while (above > 0 && aboutNextLine.test(lines[above - 1]?.text ?? '')) above--;
  return above;
}

/** The symbol's source without any block of ours: the first half of the mark is of it. */
function sourceOf(doc: SyntaxDocument, { range }: OutlineSymbol): string {
  let { start } = range;
  let source = '';
  for (const { startLine, endLine } of ownBlockLines(doc)) {
    if (startLine < start.line || endLine > range.end.line) continue;
    source += doc.textIn({ start, end: { line: startLine, character: 0 } });
    start = { line: endLine, character: 0 };
  }
  return source + doc.textIn({ start, end: range.end });
}

function placeAbove(doc: SyntaxDocument, symbol: OutlineSymbol): DocPlace | Refusal {
  const lines = splitLines(doc.text);
  const { line: first, character } = symbol.range.start;
  const line = lineAbove(lines, first);
  const indent = (lines[first]?.text ?? '').slice(0, character);
  if (indent.replace(/^\uFEFF/, '').trim() !== '') {
    return refusal('noPlace', 'Other code stands before it on the same line.');
  }
  if (indent.startsWith('\uFEFF'))
    return refusal('noPlace', 'A comment above the first line would stand before the byte order mark.');
  const before = lines[line - 1]?.text ?? '';
  const joins = doc.language === 'hlasm' ? isContinued(before) : /(?:\\|\?\?\/)\s*$/.test(before);
  if (joins) return refusal('noPlace', 'The line before it goes on into its own.');
  if (doc.language !== 'mumps') return { line, indent };
  if (line === 0) return refusal('noPlace', 'The first line of a routine has to stay first.');
  const offsets = countsLines(doc.text);
  return offsets === undefined ? { line, indent: '' } : refusal('offsets', offsets);
}

function docstringPlace(doc: SyntaxDocument, symbol: OutlineSymbol): DocPlace | Refusal {
  const first = bodyOf(doc, symbol)?.namedChildren.find((child) => child?.type !== 'comment');
  if (!first) return refusal('noPlace', 'It has no body that a docstring could stand in.');
  const isString = first.type === 'expression_statement' && first.firstNamedChild?.type.includes('string') === true;
  const { row, column } = first.startPosition;
  const start = doc.offsetAt({ line: row, character: 0 });
  const indent = doc.text.slice(start, doc.offsetAt({ line: row, character: column }));
  const isOurs = ownBlockLines(doc).some((block) => block.startLine === row);
  if (isString && !isOurs) return refusal('documented', 'It already has a docstring, which CodeGloss never replaces.');
  return indent.trim() === '' && indent !== ''
    ? { line: row, indent }
    : refusal('noPlace', 'Its body stands on the line of its header.');
}

function bodyOf(doc: SyntaxDocument, symbol: OutlineSymbol): Node | undefined {
  const { line, character } = symbol.selectionRange.start;
  let node: Node | null = doc.tree.rootNode.descendantForPosition({ row: line, column: character });
  while (node !== null && node.type !== 'function_definition' && node.type !== 'class_definition') node = node.parent;
  return node?.childForFieldName('body') ?? undefined;
}
