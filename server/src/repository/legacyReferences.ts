import type { Syntax, SyntaxDocument } from '../syntax/document.ts';
import type { Range } from '../types/text.ts';
import type { LegacyGraph, LegacySymbol, LegacyUse } from './legacyGraph.ts';
import { placesOfWord } from './legacyWords.ts';

export interface ReferencePorts {
  readonly graph: LegacyGraph;
  readonly syntax: Pick<Syntax, 'open'>;
  /** An open document; its tree belongs to the editor. */
  readonly openDocument: (path: string) => SyntaxDocument | undefined;
  /** Text of a file on disk; undefined when it cannot be read. */
  readonly textOf: (path: string) => Promise<string | undefined>;
}

export interface Reference {
  readonly path: string;
  readonly range: Range;
}

/** Larger repositories are searched for calls beyond this, no longer for every mention. */
const maxFiles = 3_000;
const maxParsed = 400;

/**
 * Where a symbol is used, declaration left out. In MUMPS by its calls, since a variable may bear the same name; in assembler wherever the
 * name stands in code, as an address in a table is a use too.
 */
export async function referencesTo(
  symbol: LegacySymbol,
  ports: ReferencePorts,
  signal: AbortSignal,
): Promise<readonly Reference[]> {
  const calls = await placesOfCalls(ports.graph.usesOf(symbol), ports, signal);
  if (symbol.language === 'mumps') return calls;
  const mentions = await mentionsOf(symbol, ports, signal);
  const lines = new Set(mentions.map(({ path, range }) => `${range.start.line} ${path}`));
  // A call that the scan met starts at its operation; the mention is the better place.
  return [...mentions, ...calls.filter(({ path, range }) => !lines.has(`${range.start.line} ${path}`))];
}

/** A call starts at its operation or at `$$`; readers want the name marked. Uses come ordered by file. */
async function placesOfCalls(
  uses: readonly LegacyUse[],
  ports: ReferencePorts,
  signal: AbortSignal,
): Promise<readonly Reference[]> {
  let read: { readonly path: string; readonly lines: readonly string[] } | undefined;
  const places: Reference[] = [];
  for (const { path, name, start } of uses) {
    signal.throwIfAborted();
    if (read?.path !== path) {
      const text = ports.openDocument(path)?.text ?? (await ports.textOf(path)) ?? '';
      read = { path, lines: text.split(/\r\n|\n|\r/) };
    }
    const at = read.lines[start.line]?.indexOf(name, start.character) ?? -1;
    const character = at < 0 ? start.character : at;
    places.push({
      path,
      range: { start: { line: start.line, character }, end: { line: start.line, character: character + name.length } },
    });
  }
  return places;
}

async function mentionsOf(
  symbol: LegacySymbol,
  ports: ReferencePorts,
  signal: AbortSignal,
): Promise<readonly Reference[]> {
  const found: Reference[] = [];
  let parsed = 0;
  for (const path of ports.graph.files(symbol.language).slice(0, maxFiles)) {
    signal.throwIfAborted();
    const isShadowed = ports.graph
      .resolve({ path, name: symbol.name, receiver: undefined }, symbol.language)
      .every((each) => each.path !== symbol.path);
    if (isShadowed) continue;
    const open = ports.openDocument(path);
    if (open !== undefined) {
      found.push(...placesIn(open, path, symbol));
      continue;
    }
    const text = await ports.textOf(path);
    if (text === undefined || !mayHold(text, symbol) || parsed >= maxParsed) continue;
    parsed += 1;
    const doc = await ports.syntax.open(symbol.language, text, signal);
    try {
      found.push(...placesIn(doc, path, symbol));
    } finally {
      doc.dispose();
    }
  }
  return found;
}

function mayHold(text: string, { name, language }: LegacySymbol): boolean {
  return language === 'hlasm' ? text.toUpperCase().includes(name.toUpperCase()) : text.includes(name);
}

function placesIn(doc: SyntaxDocument, path: string, symbol: LegacySymbol): readonly Reference[] {
  return placesOfWord(doc, symbol.name)
    .filter(({ start }) => path !== symbol.path || start.line !== symbol.range.start.line)
    .map((range) => ({ path, range }));
}
