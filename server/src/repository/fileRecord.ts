import type { SyntaxDocument } from '../syntax/document.ts';
import { symbolPaths } from '../syntax/symbolPaths.ts';
import type { CallSite, LanguageId, OutlineSymbol, SymbolKind } from '../types/outline.ts';
import type { LineSpan, Position, Range } from '../types/text.ts';
import { chainAt } from './expressionText.ts';
import { linksOf } from './fileLinks.ts';
import { identifierTerms, textTerms } from './identifiers.ts';
import { joinedTerms } from './joinedTerms.ts';

/** What the index keeps of one file: plain data, small enough to be posted between threads. */
export interface FileRecord {
  readonly language: LanguageId;
  readonly symbols: readonly SymbolRecord[];
  readonly calls: readonly CallRecord[];
  /** Modules, headers, members as they are written. */
  readonly imports: readonly string[];
  readonly bases: readonly BaseRecord[];
  /** What `linksOf` says of the file. */
  readonly links: string;
}

export interface SymbolRecord {
  readonly name: string;
  readonly symbolPath: string;
  readonly kind: SymbolKind;
  /** Index of the enclosing symbol in the file. */
  readonly parent: number | null;
  readonly range: Range;
  readonly signature: string;
  readonly doc: string;
  /** Lines of the doc comment; undefined without one. */
  readonly docLines: LineSpan | undefined;
  /** Search terms joined by blanks: of the name, of where the symbol stands (with its path once `placed`), of its own text and comment. */
  readonly nameTerms: string;
  readonly contextTerms: string;
  readonly bodyTerms: string;
}

export interface CallRecord {
  /** Index of the innermost symbol around the call; null at the top level of the file. */
  readonly caller: number | null;
  readonly name: string;
  readonly receiver: string;
  readonly at: Position;
}

interface BaseRecord {
  /** Index of the class in the file. */
  readonly symbol: number;
  readonly name: string;
}

const maxBodyTerms = 2000;
const maxSignature = 400;
const maxDoc = 2000;
/** Classes of a file that are asked for their bases. */
const maxBaseQuestions = 1000;
/** A class whose head has none of these names no bases, in any of the languages. */
const mayNameBases = /\b(extends|implements|with|for|is)\b|[:(<]|^$/;
const withBases: ReadonlySet<SymbolKind> = new Set(['class', 'interface', 'struct', 'object', 'enum']);

/**
 * What the text of a file says by itself, wherever the file lies: the same for everybody who has these bytes. `placed` makes it the record of a
 * file in a repository.
 */
export function factsOf(doc: SyntaxDocument): FileRecord {
  const { symbols } = doc.outline;
  const calls = doc
    .calls({ start: { line: 0, character: 0 }, end: doc.positionAt(doc.text.length) })
    .filter(({ kind }) => kind !== 'import' && kind !== 'copy');
  const imports = doc.imports();
  const records = callRecords(doc, symbols, calls);
  return {
    language: doc.language,
    symbols: symbolRecords(doc),
    calls: records,
    imports: [...new Set(imports.map(({ name }) => name))],
    bases: baseRecords(doc),
    links: linksOf(doc, imports, [...new Set(records.map(({ receiver }) => receiver))]),
  };
}

/** @param path relative to the repository's root: part of what each symbol is found by */
export function placed(facts: FileRecord, path: string): FileRecord {
  const fileTerms = joinedTerms(path);
  const symbols = facts.symbols.map((symbol) => ({
    ...symbol,
    contextTerms: symbol.contextTerms === '' ? fileTerms : `${fileTerms} ${symbol.contextTerms}`,
  }));
  return { ...facts, symbols };
}

export function recordOf(doc: SyntaxDocument, path: string): FileRecord {
  return placed(factsOf(doc), path);
}

function symbolRecords(doc: SyntaxDocument): readonly SymbolRecord[] {
  const { symbols } = doc.outline;
  const paths = symbolPaths(doc.outline);
  const children = childrenOf(symbols);
  return symbols.map((symbol, index) => {
    const parent = symbol.parent === undefined ? undefined : symbols[symbol.parent];
    const header = parent === undefined ? [] : textTerms(parent.signature ?? parent.name, 60);
    const own = [symbol.doc ?? '', ...ownText(doc, symbol, children[index] ?? [])].join('\n');
    return {
      name: symbol.name,
      symbolPath: paths[index] ?? symbol.name,
      kind: symbol.kind,
      parent: symbol.parent ?? null,
      range: symbol.range,
      signature: (symbol.signature ?? '').slice(0, maxSignature),
      doc: (symbol.doc ?? '').slice(0, maxDoc),
      docLines: symbol.docRange && {
        startLine: symbol.docRange.start.line,
        endLine: symbol.docRange.end.line + (symbol.docRange.end.character > 0 ? 1 : 0),
      },
      nameTerms: identifierTerms(symbol.name).join(' '),
      contextTerms: header.join(' '),
      bodyTerms: joinedTerms(own, maxBodyTerms),
    };
  });
}

function childrenOf(symbols: readonly OutlineSymbol[]): readonly (readonly OutlineSymbol[])[] {
  const children: OutlineSymbol[][] = symbols.map(() => []);
  for (const symbol of symbols) if (symbol.parent !== undefined) children[symbol.parent]?.push(symbol);
  return children;
}

/** The text of a symbol without that of the symbols in it, which are found by themselves. */
function ownText(doc: SyntaxDocument, symbol: OutlineSymbol, children: readonly OutlineSymbol[]): readonly string[] {
  const parts: string[] = [];
  let from = doc.offsetAt(symbol.range.start);
  const end = doc.offsetAt(symbol.range.end);
  for (const child of children) {
    const start = doc.offsetAt((child.docRange ?? child.range).start);
    if (start > from) parts.push(doc.text.slice(from, Math.min(start, end)));
    from = Math.max(from, doc.offsetAt(child.range.end));
  }
  if (from < end) parts.push(doc.text.slice(from, end));
  return parts;
}

/** Calls and symbols both come in source order: one sweep finds the innermost symbol around each call. */
function callRecords(
  doc: SyntaxDocument,
  symbols: readonly OutlineSymbol[],
  calls: readonly CallSite[],
): readonly CallRecord[] {
  const open: number[] = [];
  let next = 0;
  return calls.map((call) => {
    const at = call.range.start;
    for (
      let symbol = symbols[next];
      symbol !== undefined && !isBefore(at, symbol.range.start);
      symbol = symbols[next]
    ) {
      open.push(next);
      next += 1;
    }
    while (open.length > 0 && !covers(symbols[open[open.length - 1] ?? 0]?.range, at)) open.pop();
    return { caller: open[open.length - 1] ?? null, name: call.name, receiver: receiverOf(doc, call), at };
  });
}

/** A receiver too long to be kept as it is written is kept by its names: what a chain of calls stands on is at its beginning and its end. */
function receiverOf(doc: SyntaxDocument, { receiver = '', name, range }: CallSite): string {
  if (!receiver.endsWith('…')) return receiver;
  const chain = chainAt(doc.text, doc.offsetAt(range.start))?.text;
  const end = chain?.lastIndexOf(`.${name}`) ?? -1;
  return chain === undefined || end < 1 ? receiver : chain.slice(0, end);
}

function covers(range: Range | undefined, at: Position): boolean {
  return range !== undefined && isBefore(at, range.end);
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function baseRecords(doc: SyntaxDocument): readonly BaseRecord[] {
  return doc.outline.symbols
    .flatMap(({ kind, signature = '' }, index) => (withBases.has(kind) && mayNameBases.test(signature) ? [index] : []))
    .slice(0, maxBaseQuestions)
    .flatMap((symbol) => doc.bases(symbol).map((name) => ({ symbol, name })));
}
