import { type LanguageId, languageIds, type SymbolKind, symbolKinds } from '../types/outline.ts';
import type { CallRecord, FileRecord, SymbolRecord } from './fileRecord.ts';

/*
 * Facts as text that other machines read: rows of plain values, because names of fields would be most of it. Raise `factsFormat` when the rows
 * change. What comes from elsewhere is looked at value by value: a row that is none costs a parse and nothing more.
 */

export const factsFormat = 2;

type Row = readonly unknown[];

export function encodeFacts({ language, symbols, calls, imports, bases, links }: FileRecord): string {
  return JSON.stringify([
    language,
    symbols.map((symbol) => [
      symbol.name,
      symbol.symbolPath,
      symbol.kind,
      symbol.parent,
      symbol.range.start.line,
      symbol.range.start.character,
      symbol.range.end.line,
      symbol.range.end.character,
      symbol.signature,
      symbol.doc,
      symbol.docLines?.startLine ?? null,
      symbol.docLines?.endLine ?? null,
      symbol.nameTerms,
      symbol.contextTerms,
      symbol.bodyTerms,
    ]),
    calls.map(({ caller, name, receiver, at }) => [caller, name, receiver, at.line, at.character]),
    imports,
    bases.map(({ symbol, name }) => [symbol, name]),
    links,
  ]);
}

/** The facts that `encodeFacts` wrote; undefined for anything else. */
export function decodeFacts(text: string): FileRecord | undefined {
  try {
    const [language, symbols, calls, imports, bases, links] = rowOf(JSON.parse(text));
    const count = rowOf(symbols).length;
    return {
      language: oneOf<LanguageId>(languageIds, language),
      symbols: rowOf(symbols).map((row, index) => symbolOf(rowOf(row), index)),
      calls: rowOf(calls).map((row) => callOf(rowOf(row), count)),
      imports: rowOf(imports).map(textOf),
      bases: rowOf(bases).map((row) => {
        const [symbol, name] = rowOf(row);
        return { symbol: indexBelow(count, symbol), name: textOf(name) };
      }),
      links: textOf(links),
    };
  } catch {
    return undefined;
  }
}

function symbolOf(row: Row, index: number): SymbolRecord {
  const [name, symbolPath, kind, parent, line, character, endLine, endCharacter, signature, doc, from, to] = row;
  const [nameTerms, contextTerms, bodyTerms] = row.slice(12);
  return {
    name: textOf(name),
    symbolPath: textOf(symbolPath),
    kind: oneOf<SymbolKind>(symbolKinds, kind),
    // A symbol comes after the one around it.
    parent: parent === null ? null : indexBelow(index, parent),
    range: {
      start: { line: countOf(line), character: countOf(character) },
      end: { line: countOf(endLine), character: countOf(endCharacter) },
    },
    signature: textOf(signature),
    doc: textOf(doc),
    docLines: from === null ? undefined : { startLine: countOf(from), endLine: countOf(to) },
    nameTerms: textOf(nameTerms),
    contextTerms: textOf(contextTerms),
    bodyTerms: textOf(bodyTerms),
  };
}

function callOf([caller, name, receiver, line, character]: Row, symbols: number): CallRecord {
  return {
    caller: caller === null ? null : indexBelow(symbols, caller),
    name: textOf(name),
    receiver: textOf(receiver),
    at: { line: countOf(line), character: countOf(character) },
  };
}

function rowOf(value: unknown): Row {
  if (Array.isArray(value)) return value as Row;
  throw new TypeError('no row');
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError('no text');
}

function countOf(value: unknown): number {
  return indexBelow(Number.MAX_SAFE_INTEGER, value);
}

function indexBelow(end: number, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < end) return value;
  throw new TypeError('no such number');
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T {
  const found = known.find((each) => each === value);
  if (found !== undefined) return found;
  throw new TypeError('no such word');
}
