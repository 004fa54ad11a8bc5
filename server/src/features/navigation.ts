import {
  CallHierarchyPrepareRequest,
  type Connection,
  DefinitionRequest,
  type Location,
  ReferencesRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver';
import { isLegacy, type LegacySymbol, type LegacyUse } from '../repository/legacyGraph.ts';
import { referencesTo } from '../repository/legacyReferences.ts';
import { labelInFile, namedPlaceAt } from '../repository/legacyWords.ts';
import type { Position, Range } from '../types/text.ts';
import { cancellable } from './cancellation.ts';
import type { ParsedDocument } from './gloss.ts';
import { type Ground, Grounds, type NavigationPorts, nameRange, topOfFile } from './navigationGround.ts';

const maxSymbols = 200;

/**
 * Definition, references, symbols of the workspace and call hierarchy for legacy code, from the index and the open documents. A name that
 * nothing declares has no definition; that is an answer, not an error.
 */
export function registerNavigation(connection: Connection, ports: NavigationPorts): void {
  const grounds = new Grounds(ports);
  connection.onDefinition(({ textDocument, position }, token) =>
    cancellable(token, (signal) => definition(ports, grounds, { uri: textDocument.uri, position }, signal)),
  );
  connection.onReferences(({ textDocument, position, context }, token) =>
    cancellable(token, async (signal) => {
      const meant = await symbolsAt(ports, grounds, { uri: textDocument.uri, position }, signal);
      if (meant === undefined) return null;
      const { ground, symbols } = meant;
      const found = await Promise.all(symbols.map((symbol) => referencesTo(symbol, ground.references(ports), signal)));
      const declared = context.includeDeclaration
        ? symbols.map((symbol) => ground.location(symbol.path, nameRange(symbol)))
        : [];
      return [...declared, ...found.flat().map((use) => ground.location(use.path, use.range))];
    }),
  );
  connection.onWorkspaceSymbol(({ query }, token) =>
    cancellable(token, async (signal) => {
      const all = await Promise.all(grounds.all().map((ground) => ground.symbols(query, signal)));
      return all.flat().slice(0, maxSymbols);
    }),
  );
  registerCallHierarchy(connection, ports, grounds);
}

function registerCallHierarchy(connection: Connection, ports: NavigationPorts, grounds: Grounds): void {
  connection.languages.callHierarchy.onPrepare(({ textDocument, position }, token) =>
    cancellable(token, async (signal) => {
      const meant = await symbolsAt(ports, grounds, { uri: textDocument.uri, position }, signal);
      return meant === undefined || meant.symbols.length === 0
        ? null
        : meant.symbols.map((each) => meant.ground.item(each));
    }),
  );
  connection.languages.callHierarchy.onIncomingCalls(({ item }, token) =>
    cancellable(token, async (signal) => {
      const found = await grounds.symbolOf(item, signal);
      if (found === undefined) return null;
      const { ground, symbol } = found;
      const byCaller = grouped(ground.graph.usesOf(symbol), (use) => use.caller);
      return byCaller.map(([caller, uses]) => ({ from: ground.item(caller), fromRanges: uses.map(useRange) }));
    }),
  );
  connection.languages.callHierarchy.onOutgoingCalls(({ item }, token) =>
    cancellable(token, async (signal) => {
      const found = await grounds.symbolOf(item, signal);
      if (found === undefined) return null;
      const { ground, symbol } = found;
      const byCallee = grouped(ground.graph.usesIn(symbol), (use) => ground.graph.resolve(use, symbol.language)[0]);
      return byCallee.map(([callee, uses]) => ({ to: ground.item(callee), fromRanges: uses.map(useRange) }));
    }),
  );
}

interface DocumentPlace {
  readonly uri: string;
  readonly position: Position;
}

async function definition(
  ports: NavigationPorts,
  grounds: Grounds,
  place: DocumentPlace,
  signal: AbortSignal,
): Promise<Location[] | null> {
  const document = await ports.documents.get(place.uri);
  const ground = grounds.of(place.uri);
  if (document === undefined || ground === undefined || !isLegacy(document.language)) return null;
  const named = namedPlaceAt(document.syntax, place.position);
  if (named === undefined) return null;
  const shown = ground.pathOf(place.uri);
  if (named.isMember) {
    await ground.ready(signal);
    return ground.graph.filesNamed(named.name).map((file) => ground.location(file, topOfFile));
  }
  const use = { path: shown, name: named.name, receiver: named.receiver };
  const own = ground.graph.resolve(use, document.language).filter((symbol) => symbol.path === shown);
  if (own.length > 0) return own.map((symbol) => ground.location(symbol.path, nameRange(symbol)));
  const label = named.receiver === undefined ? labelInFile(document.syntax, named.name) : undefined;
  if (label !== undefined) return [{ uri: place.uri, range: label }];
  await ground.ready(signal);
  return ground.graph.resolve(use, document.language).map((symbol) => ground.location(symbol.path, nameRange(symbol)));
}

/** The symbols that a place names, once the whole repository is known: a count that misses files would be false. */
async function symbolsAt(
  ports: NavigationPorts,
  grounds: Grounds,
  { uri, position }: DocumentPlace,
  signal: AbortSignal,
): Promise<{ readonly ground: Ground; readonly symbols: readonly LegacySymbol[] } | undefined> {
  const document: ParsedDocument | undefined = await ports.documents.get(uri);
  const ground = grounds.of(uri);
  if (document === undefined || ground === undefined || !isLegacy(document.language)) return undefined;
  const named = namedPlaceAt(document.syntax, position);
  if (named === undefined || named.isMember) return undefined;
  await ground.ready(signal);
  const use = { path: ground.pathOf(uri), name: named.name, receiver: named.receiver };
  return { ground, symbols: ground.graph.resolve(use, document.language) };
}

function useRange({ name, start }: LegacyUse): Range {
  return { start, end: { line: start.line, character: start.character + name.length } };
}

/** Uses by the symbol at their other end, in order; those without one are left out. */
function grouped(
  uses: readonly LegacyUse[],
  by: (use: LegacyUse) => LegacySymbol | undefined,
): readonly (readonly [LegacySymbol, readonly LegacyUse[]])[] {
  const groups = new Map<string, { readonly symbol: LegacySymbol; readonly uses: LegacyUse[] }>();
  for (const use of uses) {
    const symbol = by(use);
    if (symbol === undefined) continue;
    const key = `${symbol.range.start.line} ${symbol.name} ${symbol.path}`;
    const group = groups.get(key) ?? { symbol, uses: [] };
    group.uses.push(use);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => [group.symbol, group.uses]);
}

/** Registers navigation with an editor for the languages that nobody else navigates there. */
export async function offerNavigation(connection: Connection, languages: readonly string[]): Promise<void> {
  if (languages.length === 0) return;
  const documentSelector = languages.map((language) => ({ language }));
  await Promise.all([
    connection.client.register(DefinitionRequest.type, { documentSelector }),
    connection.client.register(ReferencesRequest.type, { documentSelector }),
    connection.client.register(CallHierarchyPrepareRequest.type, { documentSelector }),
    connection.client.register(WorkspaceSymbolRequest.type, {}),
  ]);
}
