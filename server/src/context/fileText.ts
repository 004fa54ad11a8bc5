import type { SyntaxDocument } from '../syntax/document.ts';
import type { OutlineSymbol, SymbolKind } from '../types/outline.ts';
import { estimateTokens } from '../types/tokens.ts';
import { ownBlockLines, wholeRange } from './meaning.ts';
import { foldBlanks, isContainer, spanOf } from './pieceText.ts';

/** What all questions about one file are told of it, byte for byte the same. */
export interface FileText {
  readonly text: string;
  /** `code` when it is the whole file, `outline` when declarations stand for most of it. */
  readonly form: 'code' | 'outline';
  /** Lines, signatures and imports that it shows, white space folded: what need not be said again. */
  readonly says: ReadonlySet<string>;
}

/** Of the tokens, at most this share for imports. */
const importShare = 0.2;
const callable: ReadonlySet<SymbolKind> = new Set(['function', 'method', 'constructor', 'operator', 'macro', 'proc']);

/**
 * The file without doc comments and empty lines where that fits; else its imports and declarations, and as much of the code that the file itself
 * calls most as there is room for. Doc comments are left out because the text goes before the question about each of their symbols.
 * Undefined for a file that shows nothing.
 */
export function fileText(
  doc: SyntaxDocument,
  { tokens, comments }: { readonly tokens: number; readonly comments: 'keep' | 'strip' },
): FileText | undefined {
  const lines = shownLines(doc, comments);
  const whole = lines.filter((line) => line !== '');
  if (whole.length === 0) return undefined;
  const imports = [...new Set(doc.imports().map(({ range }) => foldBlanks(doc.textIn(range))))];
  const code = whole.join('\n');
  if (estimateTokens(code) <= tokens) {
    const signatures = doc.outline.symbols.map((symbol) => symbol.signature ?? '');
    return { text: code, form: 'code', says: folded([...whole, ...imports, ...signatures]) };
  }
  return outlineText(doc, lines, imports, tokens);
}

interface Entry {
  readonly symbol: OutlineSymbol;
  readonly index: number;
  readonly head: string;
  body?: readonly string[];
}

function outlineText(
  doc: SyntaxDocument,
  lines: readonly string[],
  imports: readonly string[],
  tokens: number,
): FileText | undefined {
  const costOf = (texts: readonly string[]): number => estimateTokens(texts.join('\n')) + 1;
  const shownImports = fitting(imports, tokens * importShare, (line) => costOf([line]));
  let left = tokens - costOf(shownImports);
  const all = declarations(doc);
  const entries = fitting(all, left, ({ head }) => costOf([head]));
  if (entries.length === 0) return undefined;
  for (const { head } of entries) left -= costOf([head]);
  const taken = new Set<number>();
  for (const entry of byUse(doc, entries)) {
    const span = spanOf(entry.symbol.range);
    const body = lines.slice(span.startLine, span.endLine).filter((line) => line !== '');
    const cost = costOf(body) - costOf([entry.head]);
    const isShared = Array.from({ length: span.endLine - span.startLine }, (_, at) => span.startLine + at).some(
      (line) => taken.has(line),
    );
    if (body.length < 2 || cost > left || isShared) continue;
    for (let line = span.startLine; line < span.endLine; line++) taken.add(line);
    entry.body = body;
    left -= cost;
  }
  const shown = [...shownImports, ...entries.flatMap(({ head, body }) => body ?? [head])];
  const missing = all.length - entries.length;
  if (missing > 0) shown.push(`(${missing} more declarations)`);
  const signatures = entries.map(({ symbol }) => symbol.signature ?? '');
  return { text: shown.join('\n'), form: 'outline', says: folded([...shown, ...signatures]) };
}

/** Declarations outside function bodies, indented by what they are in. */
function declarations(doc: SyntaxDocument): readonly Entry[] {
  const { symbols } = doc.outline;
  const found: Entry[] = [];
  for (const [index, symbol] of symbols.entries()) {
    let depth = 0;
    let isLocal = false;
    for (let at = symbol.parent; at !== undefined; at = symbols[at]?.parent) {
      depth++;
      isLocal ||= callable.has(symbols[at]?.kind ?? 'variable');
    }
    if (isLocal) continue;
    const first = foldBlanks(doc.textIn(symbol.range).split(/\r\n|\n|\r/, 1)[0] ?? '');
    found.push({ symbol, index, head: `${'  '.repeat(depth)}${foldBlanks(symbol.signature ?? first)}` });
  }
  return found;
}

/** Functions that the file itself calls most, short ones first among equals. */
function byUse(doc: SyntaxDocument, entries: readonly Entry[]): readonly Entry[] {
  const uses = new Map<string, number>();
  for (const { name } of doc.calls(wholeRange(doc))) uses.set(name, (uses.get(name) ?? 0) + 1);
  const length = ({ range }: OutlineSymbol): number => range.end.line - range.start.line;
  return entries
    .filter(({ symbol }) => !isContainer(symbol.kind))
    .sort(
      (left, right) =>
        (uses.get(right.symbol.name) ?? 0) - (uses.get(left.symbol.name) ?? 0) ||
        length(left.symbol) - length(right.symbol) ||
        left.index - right.index,
    );
}

interface Cut {
  readonly start: number;
  readonly end: number;
}

/** Each line of the document without doc comments, our own comments and, where they are to be stripped, all others. */
function shownLines(doc: SyntaxDocument, comments: 'keep' | 'strip'): readonly string[] {
  const cuts: Cut[] = doc.outline.symbols.flatMap(({ docRange }) =>
    docRange === undefined ? [] : [{ start: doc.offsetAt(docRange.start), end: doc.offsetAt(docRange.end) }],
  );
  if (comments === 'strip') cuts.push(...doc.comments().filter(({ kind }) => kind !== 'data'));
  const own = new Set<number>();
  for (const { startLine, endLine } of ownBlockLines(doc)) for (let at = startLine; at < endLine; at++) own.add(at);
  return withoutCuts(doc.text, cuts)
    .split(/\r\n|\n|\r/)
    .map((line, at) => (own.has(at) ? '' : line.trimEnd()));
}

/** The text without the cuts, which may overlap; their line ends stay, so that lines keep their numbers. */
function withoutCuts(text: string, cuts: readonly Cut[]): string {
  let kept = '';
  let at = 0;
  for (const { start, end } of [...cuts].sort((left, right) => left.start - right.start)) {
    if (end <= at) continue;
    const from = Math.max(at, start);
    kept += text.slice(at, from) + text.slice(from, end).replace(/[^\r\n]+/g, '');
    at = end;
  }
  return kept + text.slice(at);
}

function fitting<T>(items: readonly T[], tokens: number, costOf: (item: T) => number): readonly T[] {
  const chosen: T[] = [];
  let left = tokens;
  for (const item of items) {
    left -= costOf(item);
    if (left < 0) break;
    chosen.push(item);
  }
  return chosen;
}

function folded(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.map(foldBlanks).filter((text) => text !== ''));
}
