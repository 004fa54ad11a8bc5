import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CallHierarchyItem, Location, SymbolInformation } from 'vscode-languageserver';
import { openIndexDatabase } from '../repository/indexDatabase.ts';
import { isWithin, type LegacyGraph, type LegacySymbol, openLegacyGraph } from '../repository/legacyGraph.ts';
import type { ReferencePorts } from '../repository/legacyReferences.ts';
import type { OpenBuffer } from '../repository/openBuffers.ts';
import type { RepositoryIndex } from '../repository/repositoryIndex.ts';
import { decodeSource } from '../repository/sourceText.ts';
import type { Syntax } from '../syntax/document.ts';
import type { Range } from '../types/text.ts';
import { lspKinds } from './documentSymbol.ts';
import type { Documents } from './documents.ts';
import type { FolderIndexes, IndexedFolder } from './folderIndexes.ts';
import type { Workspace } from './workspace.ts';

export interface NavigationPorts {
  readonly documents: Documents;
  readonly workspace: Workspace;
  readonly indexes: FolderIndexes;
  readonly syntax: Pick<Syntax, 'open'>;
}

const maxSymbols = 200;

/** Where names are looked up: one for each open folder, and one for documents outside all, which knows them alone. */
export class Grounds {
  readonly #ports: NavigationPorts;
  readonly #made = new WeakMap<RepositoryIndex, Ground>();
  #outside: Ground | undefined;

  constructor(ports: NavigationPorts) {
    this.#ports = ports;
  }

  of(uri: string): Ground | undefined {
    const folder = this.#ports.indexes.of(uri);
    if (folder !== undefined) return this.#groundOf(folder);
    const place = this.#ports.workspace.locate(uri);
    if (place === undefined) return undefined;
    this.#outside ??= new Ground(this.#ports, undefined);
    return this.#outside;
  }

  all(): readonly Ground[] {
    return this.#ports.indexes.all().map((folder) => this.#groundOf(folder));
  }

  /** The symbol behind an item of the call hierarchy, found anew: the document may have changed since. */
  async symbolOf(
    item: CallHierarchyItem,
    signal: AbortSignal,
  ): Promise<{ readonly ground: Ground; readonly symbol: LegacySymbol } | undefined> {
    const ground = this.of(item.uri);
    if (ground === undefined) return undefined;
    await ground.ready(signal);
    const shown = ground.pathOf(item.uri);
    const named = ground.graph
      .find(item.name, maxSymbols)
      .filter(({ name, path: file }) => name === item.name && file === shown);
    const symbol = named.find(({ range }) => isWithin(range, item.selectionRange.start)) ?? named[0];
    return symbol === undefined ? undefined : { ground, symbol };
  }

  #groundOf(folder: IndexedFolder): Ground {
    const known = this.#made.get(folder.index);
    if (known !== undefined) return known;
    const made = new Ground(this.#ports, folder);
    this.#made.set(folder.index, made);
    return made;
  }
}

export class Ground {
  readonly graph: LegacyGraph;
  readonly #folder: IndexedFolder | undefined;
  readonly #documents: Documents;
  readonly #workspace: Workspace;

  constructor({ documents, workspace }: NavigationPorts, folder: IndexedFolder | undefined) {
    this.#folder = folder;
    this.#documents = documents;
    this.#workspace = workspace;
    // Outside all folders there is no index: an empty one in memory leaves the open documents to answer.
    const database = folder?.index.database ?? openIndexDatabase(':memory:');
    this.graph = openLegacyGraph(database, () => this.#buffers());
  }

  /** Waits for the first run over the repository, and no longer than whoever asks. */
  async ready(signal: AbortSignal): Promise<void> {
    if (this.#folder === undefined) return;
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    await Promise.race([this.#folder.index.ready, aborted]);
  }

  pathOf(uri: string): string {
    return this.#workspace.locate(uri)?.path ?? uri;
  }

  location(shown: string, range: Range): Location {
    return { uri: this.#uriOf(shown), range };
  }

  async symbols(query: string, signal: AbortSignal): Promise<readonly SymbolInformation[]> {
    await this.ready(signal);
    return this.graph.find(query, maxSymbols).map((symbol) => ({
      name: symbol.name,
      kind: lspKinds[symbol.kind],
      location: this.location(symbol.path, nameRange(symbol)),
      ...(symbol.owner === undefined ? {} : { containerName: symbol.owner }),
    }));
  }

  item(symbol: LegacySymbol): CallHierarchyItem {
    return {
      name: symbol.name,
      kind: lspKinds[symbol.kind],
      uri: this.#uriOf(symbol.path),
      range: symbol.range,
      selectionRange: nameRange(symbol),
      detail: symbol.owner ?? symbol.path,
    };
  }

  references({ syntax }: NavigationPorts): ReferencePorts {
    return {
      graph: this.graph,
      syntax,
      openDocument: (shown: string) => this.#buffers().find((buffer) => buffer.path === shown)?.syntax,
      textOf: async (shown: string) => {
        const file = this.#folder === undefined ? shown : path.join(this.#folder.root, shown);
        const bytes = await readFile(file).catch(() => undefined);
        return bytes === undefined ? undefined : decodeSource(bytes)?.text;
      },
    };
  }

  #uriOf(shown: string): string {
    const open = this.#documents.uris().find((uri) => this.#isHere(uri) && this.pathOf(uri) === shown);
    return open ?? pathToFileURL(path.resolve(this.#folder?.root ?? '/', shown)).href;
  }

  #buffers(): readonly OpenBuffer[] {
    return this.#documents.uris().flatMap((uri) => {
      const syntax = this.#documents.peek(uri)?.syntax;
      return syntax !== undefined && this.#isHere(uri) ? [{ path: this.pathOf(uri), syntax }] : [];
    });
  }

  #isHere(uri: string): boolean {
    return (this.#workspace.locate(uri)?.repository ?? '') === (this.#folder?.uri ?? '');
  }
}

export const topOfFile: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** Names of legacy symbols stand where their symbols start; only a macro begins before its name. */
export function nameRange({ name, kind, range }: LegacySymbol): Range {
  const { start } = range;
  if (kind === 'macro') return { start, end: start };
  return { start, end: { line: start.line, character: start.character + name.length } };
}
