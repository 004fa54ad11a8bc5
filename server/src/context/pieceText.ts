import type { IndexedSymbol } from '../repository/symbolGraph.ts';
import type { SymbolKind } from '../types/outline.ts';
import type { LineSpan, Range } from '../types/text.ts';

/** What holds members: shown by its skeleton, never by its body. */
const containerKinds: ReadonlySet<string> = new Set<SymbolKind>([
  'class',
  'interface',
  'struct',
  'enum',
  'object',
  'namespace',
  'module',
  'package',
]);

export function isContainer(kind: string): boolean {
  return containerKinds.has(kind);
}

/** Signature of an indexed symbol, else its kind and name. */
export function headOf(symbol: IndexedSymbol): string {
  return symbol.signature === '' ? `${symbol.kind} ${symbol.name}` : symbol.signature;
}

/** The first paragraph of a doc comment on one line. */
export function firstParagraph(doc: string): string {
  return foldBlanks(doc.split(/\n\s*\n/, 1)[0] ?? '');
}

/** The first sentence of a doc comment on one line. */
export function firstSentence(doc: string): string {
  return firstParagraph(doc).split(/(?<=[.!?])\s/, 1)[0] ?? '';
}

export function foldBlanks(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Lines that a range covers. */
export function spanOf({ start, end }: Range): LineSpan {
  return { startLine: start.line, endLine: end.line + (end.character > 0 ? 1 : 0) };
}

export function rangeOfLines({ startLine, endLine }: LineSpan): Range {
  return { start: { line: startLine, character: 0 }, end: { line: endLine, character: 0 } };
}

/** Lines of a file without those of a doc comment, the indentation that all share taken off. */
export function codeOf(lines: readonly string[], { startLine, endLine }: LineSpan, doc: LineSpan | undefined): string {
  const isDoc = (line: number): boolean => doc !== undefined && line >= doc.startLine && line < doc.endLine;
  const kept: string[] = [];
  for (let line = startLine; line < Math.min(endLine, lines.length); line += 1)
    if (!isDoc(line)) kept.push(lines[line] ?? '');
  return outdented(kept).join('\n');
}

function outdented(lines: readonly string[]): readonly string[] {
  const depth = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return Number.isFinite(depth) ? lines.map((line) => line.slice(depth)) : lines;
}

/** Whether one indexed symbol holds the other. */
export function encloses(outer: IndexedSymbol, inner: IndexedSymbol): boolean {
  if (outer.path !== inner.path || outer.id === inner.id) return false;
  const { start, end } = outer.range;
  const within = inner.range;
  const startsAfter =
    within.start.line > start.line || (within.start.line === start.line && within.start.character >= start.character);
  const endsBefore =
    within.end.line < end.line || (within.end.line === end.line && within.end.character <= end.character);
  return startsAfter && endsBefore;
}

const testFolder = /(^|\/)(tests?|specs?|__tests__|testing)\//i;
const testFile = /(^|[/._-])(tests?|spec)([._-]|$)|(Test|Tests|Spec)\.[a-z]+$/;

/** Whether a path is that of a test, by the habits of all languages. */
export function isTestPath(path: string): boolean {
  return testFolder.test(path) || testFile.test(path.slice(path.lastIndexOf('/') + 1));
}
