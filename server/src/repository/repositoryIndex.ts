import type { DatabaseSync } from 'node:sqlite';
import { openIndexDatabase } from './indexDatabase.ts';
import type { IndexLocation } from './indexLocation.ts';
import type { IndexReport } from './indexRepository.ts';
import { createIndexService, type IndexServiceOptions, type IndexState } from './indexService.ts';
import { bufferOverlay, type OpenBuffer } from './openBuffers.ts';
import type { SearchHit } from './searchIndex.ts';
import { type SimilarSymbol, similarDocumented } from './similarSymbols.ts';
import { openSymbolGraph, type SymbolGraph } from './symbolGraph.ts';

export interface RepositoryIndexOptions extends IndexServiceOptions {
  /**
   * The documents that the editor has open. They are asked for when a question comes and win over what the database has of their paths; they
   * are never written into it, because other windows and the command line read the same database and must see what is on disk.
   */
  readonly buffers?: () => readonly OpenBuffer[];
}

/** The index of one repository, held open for as long as the folder is: it answers at once from what it has, and follows what changes. */
export interface RepositoryIndex {
  readonly location: IndexLocation;
  readonly state: IndexState;
  /** Resolves when the first run over the repository is through, with what the index then holds; undefined when it failed or was disposed. */
  readonly ready: Promise<IndexReport | undefined>;
  /**
   * Calls and symbols. Symbols of an open buffer that has edits have the buffer's places and words; calls between files follow when the file is saved.
   */
  readonly graph: SymbolGraph;
  /** For reading only: what is written here is seen by all windows. */
  readonly database: DatabaseSync;
  /**
   * Brings files or folders, named relative to the root, up to date: changed, new and deleted alike. Resolves when `search` sees it. Many paths
   * at once (a branch switch) become one run over the repository.
   */
  update(paths: readonly string[], signal: AbortSignal): Promise<void>;
  /** Brings the whole repository up to date, for instance after its ignore rules changed. */
  refresh(signal: AbortSignal): Promise<void>;
  /** Symbols whose name, place or text share terms with the query, best first. */
  search(query: string, limit: number): readonly SearchHit[];
  /** Documented functions that resemble a text, best first. */
  similar(text: string, limit: number): readonly SimilarSymbol[];
  dispose(): Promise<void>;
}

/**
 * Opens the index of a repository and starts to bring it up to date in threads of its own. What earlier runs left is answered from meanwhile.
 * Throws when the database cannot be made.
 */
export function openRepositoryIndex(options: RepositoryIndexOptions): RepositoryIndex {
  const { buffers, ...forService } = options;
  const { location } = options;
  const database = openIndexDatabase(location.database);
  const overlay = bufferOverlay(database, buffers ?? (() => []));
  const service = createIndexService(forService);
  return {
    location,
    get state() {
      return service.state;
    },
    ready: service.ready,
    graph: overlay.graph(openSymbolGraph(database)),
    database,
    update: (paths, signal) => service.update(paths, signal),
    refresh: (signal) => service.refresh(signal),
    search: (query, limit) => overlay.search(query, limit),
    similar: (text, limit) => similarDocumented(database, text, limit),
    async dispose() {
      await service.dispose();
      database.close();
    },
  };
}
