import type { SyntaxDocument } from '../syntax/document.ts';
import { splitLines } from '../types/lines.ts';
import type { OutlineSymbol, SymbolKind } from '../types/outline.ts';
import { CutMap, type CutStrength, type LegalCut } from './cutMap.ts';

const unitKinds: ReadonlySet<SymbolKind> = new Set<SymbolKind>([
  'class',
  'interface',
  'enum',
  'struct',
  'object',
  'module',
  'namespace',
  'function',
  'method',
  'constructor',
  'operator',
  'routine',
  'section',
  'macro',
  'proc',
  'paragraph',
]);

/**
 * The legal cut lines of a file in a language with blocks, from its tree: before declarations and before statements that start a line.
 * Never inside a literal, a comment, an argument list or an expression, nor between a comment and what it speaks of.
 */
export function blockCuts(document: SyntaxDocument): readonly LegalCut[] {
  const lines = splitLines(document.text);
  const comments = commentLines(document);
  const map = new CutMap(lines.length);
  for (const line of comments) map.leadIn(line, line + 1);
  const blank = (line: number) => (lines[line]?.text.trim() ?? '') === '';
  for (const { line, depth } of statementStarts(document)) {
    const apart = blank(map.startOf(line) - 1);
    map.offer(line, depth === 0 ? (apart ? 2 : 1) : 0, apart ? 'after a blank line' : 'between statements');
  }
  const { symbols } = document.outline;
  for (const symbol of symbols) {
    const strength = symbolStrength(symbol, symbols);
    if (strength === undefined || !startsLine(symbol, lines)) continue;
    map.offer(
      Math.min(symbol.range.start.line, symbol.docRange?.start.line ?? Infinity),
      strength,
      `start of ${symbol.kind} ${symbol.name}`,
    );
  }
  return map.cuts();
}

function symbolStrength(symbol: OutlineSymbol, symbols: readonly OutlineSymbol[]): CutStrength | undefined {
  if (!unitKinds.has(symbol.kind)) return undefined;
  if (symbol.parent === undefined) return 5;
  const parent = symbols[symbol.parent];
  if (parent === undefined || parent.range.start.line === symbol.range.start.line) return undefined;
  if (parent.kind === 'namespace' || parent.kind === 'module') return 5;
  return parent.kind === 'function' || parent.kind === 'method' ? 1 : 4;
}

function startsLine({ range, docRange }: OutlineSymbol, lines: ReturnType<typeof splitLines>): boolean {
  const start = docRange !== undefined && docRange.start.line < range.start.line ? docRange.start : range.start;
  return (
    (lines[start.line]?.text
      .slice(0, start.character)
      .replace(/^\uFEFF/, '')
      .trim() ?? '') === ''
  );
}

/** Lines that hold nothing but a comment (or a part of one). */
export function commentLines(document: SyntaxDocument): ReadonlySet<number> {
  const lines = splitLines(document.text);
  const found = new Set<number>();
  for (const { range, start, end } of document.comments()) {
    const before = document.text.slice(lines[range.start.line]?.start ?? start, start).trim();
    const after = document.text.slice(end, lines[range.end.line]?.end ?? end).trim();
    if (before !== '' || after !== '') continue;
    const last = range.end.character === 0 && range.end.line > range.start.line ? range.end.line - 1 : range.end.line;
    for (let line = range.start.line; line <= last; line += 1) found.add(line);
  }
  return found;
}

/** Node types whose children are statements or members, one after the other. */
const container =
  /^(program|module|source_file|translation_unit|chunk|compilation_unit|document)$|(^|_)(block|body|statements|suite)$|^(compound_statement|declaration_list|field_declaration_list|template_body|do_group|switch_case|case_item)$/;

const maxDepth = 200;

/** Lines on which a statement or member starts as the first thing, with the number of containers around it. */
function* statementStarts(document: SyntaxDocument): Generator<{ readonly line: number; readonly depth: number }> {
  const cursor = document.tree.rootNode.walk();
  try {
    let level = 0;
    const inside: boolean[] = [];
    let depth = -1;
    for (;;) {
      const isContainer = container.test(cursor.nodeType);
      if (inside.at(-1) === true && cursor.nodeIsNamed && !/comment/.test(cursor.nodeType))
        yield { line: document.positionAt(cursor.startIndex).line, depth };
      const spansLines = document.positionAt(cursor.endIndex).line > document.positionAt(cursor.startIndex).line;
      if (spansLines && level < maxDepth && cursor.gotoFirstChild()) {
        level += 1;
        inside.push(isContainer);
        if (isContainer) depth += 1;
        continue;
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return;
        level -= 1;
        if (inside.pop() === true) depth -= 1;
        if (level === 0) return;
      }
    }
  } finally {
    cursor.delete();
  }
}
