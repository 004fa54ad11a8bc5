import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { noteSaid, type SaidOf } from '../repository/saidSearch.ts';
import { type SimilarSymbol, similarDocumented } from '../repository/similarSymbols.ts';
import { openSymbolGraph, type SymbolGraph } from '../repository/symbolGraph.ts';
import { languageOf } from '../syntax/detect.ts';
import type { LanguageId } from '../types/outline.ts';

/** A text of the repository as it is now. */
export interface SourceFile {
  readonly text: string;
  readonly language: LanguageId;
  /** SHA-256 of its bytes, comparable with the index's. */
  readonly hash: string;
}

/** Where a file of the repository stands for the rest of the program. */
export interface FilePlace {
  readonly uri: string;
  /** As subjects and pieces carry it. */
  readonly path: string;
}

/** What context reads of a repository whose index is ready. */
export interface RepositorySource {
  readonly graph: SymbolGraph;
  similarDocumented(text: string, limit: number): readonly SimilarSymbol[];
  /** Lets the search find a symbol by what was said of it. */
  note(said: SaidOf): void;
  /** A file by its path in the index; undefined when it cannot be read. What an editor has open wins over the disk. */
  read(path: string): Promise<SourceFile | undefined>;
  /** Text of any file by its path from the root, whatever it is written in; undefined when it cannot be read. */
  text(path: string): Promise<string | undefined>;
  /** The path in the index of a file that is known by another path; undefined outside the repository. */
  toIndex(place: FilePlace): string | undefined;
  fromIndex(path: string): FilePlace;
  /** SHA-256 of a file's bytes as they are now, as far as is known without reading it; undefined for a file that is gone. */
  hashNow(path: string): string | undefined;
}

export interface SourcePorts extends Pick<RepositorySource, 'toIndex' | 'fromIndex'> {
  /** Text of a file by its path in the index. */
  readonly textOf: (path: string) => Promise<string | undefined>;
  /** Text of a file that an editor has open. */
  readonly openText?: (path: string) => string | undefined;
}

/** What a source needs of an index: the one that a window holds open, or a database. */
export interface ReadableIndex {
  readonly graph: SymbolGraph;
  similar(text: string, limit: number): readonly SimilarSymbol[];
  /** Where summaries are noted for search; absent where nothing may be written. */
  readonly database?: DatabaseSync;
}

/** Hashes of open files that are remembered: lenses ask for them at every repaint. */
const maxOpened = 200;

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The database must stay open as long as the index is used. */
export function readableIndex(database: DatabaseSync): ReadableIndex {
  return {
    graph: openSymbolGraph(database),
    similar: (text, limit) => similarDocumented(database, text, limit),
    database,
  };
}

/** A source over an index and the texts behind it. */
export function repositorySource({ graph, similar, database }: ReadableIndex, ports: SourcePorts): RepositorySource {
  const opened = new Map<string, { readonly text: string; readonly hash: string }>();
  const hashOfOpen = (path: string, text: string): string => {
    const known = opened.get(path);
    if (known?.text === text) return known.hash;
    if (opened.size >= maxOpened) opened.clear();
    const hash = sha256(text);
    opened.set(path, { text, hash });
    return hash;
  };
  const textOf = async (path: string): Promise<string | undefined> =>
    ports.openText?.(path) ?? (await ports.textOf(path));
  return {
    graph,
    similarDocumented: similar,
    note(said) {
      if (database !== undefined) noteSaid(database, said);
    },
    hashNow(path) {
      const text = ports.openText?.(path);
      return text === undefined ? graph.fileHash(path) : hashOfOpen(path, text);
    },
    text: textOf,
    async read(path) {
      const text = await textOf(path);
      const language = text === undefined ? undefined : languageOf({ path, text });
      if (text === undefined || language === undefined) return undefined;
      return { text, language, hash: sha256(text) };
    },
    toIndex: ports.toIndex,
    fromIndex: ports.fromIndex,
  };
}
