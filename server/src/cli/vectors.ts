import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { findAssets } from '../assets.ts';
import { systemClock } from '../model/clock.ts';
import { embeddedEmbedder } from '../model/embedded/embeddedEmbedder.ts';
import { openEmbedded } from '../model/embedded/openEmbedded.ts';
import type { Embedder } from '../repository/embedder.ts';
import { embeddingFile, openEmbeddingStore } from '../repository/embeddingStore.ts';
import { embedSymbols } from '../repository/embedSymbols.ts';
import { openIndexDatabase } from '../repository/indexDatabase.ts';
import type { IndexLocation } from '../repository/indexLocation.ts';
import { meaningSearch } from '../repository/meaningSearch.ts';
import { type SearchHit, searchIndex } from '../repository/searchIndex.ts';
import { decodeSource } from '../repository/sourceText.ts';
import type { CommandContext } from './arguments.ts';

/** Gives the symbols of an indexed repository their vectors; only those that have none yet. Throws where the model cannot be used. */
export async function updateVectors(context: CommandContext, { root, database: file }: IndexLocation): Promise<number> {
  const { embedder, dispose } = openEmbedder();
  const database = openIndexDatabase(file);
  const store = openEmbeddingStore(embeddingFile(file), embedder);
  const { isTerminal, err } = context.output;
  try {
    return await embedSymbols({
      database,
      store,
      embedder,
      linesOf: async (relative) => {
        const bytes = await readFile(path.join(root, relative)).catch(() => undefined);
        return bytes === undefined ? undefined : decodeSource(bytes)?.text.split(/\r\n|\n|\r/);
      },
      onProgress: (files, of) => isTerminal && err(`\r\x1b[K${files} of ${of} files`),
      signal: context.signal,
    });
  } finally {
    if (isTerminal) err('\r\x1b[K');
    store.close();
    database.close();
    dispose();
  }
}

/** By meaning and words where there are vectors, else by words; so it is, too, when the model cannot be used, and then said. */
export async function search(
  context: CommandContext,
  { database: file }: IndexLocation,
  asked: SearchQuestion,
): Promise<readonly SearchHit[]> {
  const database = openIndexDatabase(file);
  let opened: ReturnType<typeof openEmbedder> | undefined;
  const embedder = (): Embedder => {
    opened ??= openEmbedder();
    return opened.embedder;
  };
  try {
    return await searchIn(database, file, embedder, { ...asked, signal: context.signal });
  } catch (error) {
    context.signal.throwIfAborted();
    context.output.err(`codegloss search: by words only. ${(error as Error).message}\n`);
    return searchIndex(database, asked.text, asked.limit);
  } finally {
    opened?.dispose();
    database.close();
  }
}

export interface SearchQuestion {
  readonly text: string;
  readonly limit: number;
}

/**
 * By meaning and words where `file`'s index has vectors beside it, else by words. Throws what the model throws.
 * @param embedder asked only where there are vectors
 */
export async function searchIn(
  database: DatabaseSync,
  file: string,
  embedder: () => Embedder | undefined,
  { text, limit, signal }: SearchQuestion & { readonly signal: AbortSignal },
): Promise<readonly SearchHit[]> {
  const model = existsSync(embeddingFile(file)) ? embedder() : undefined;
  if (model === undefined) return searchIndex(database, text, limit);
  const store = openEmbeddingStore(embeddingFile(file), model);
  try {
    const query = await model.embedQuery(text, signal);
    return meaningSearch(database, store.vectors(), { text, query, limit });
  } finally {
    store.close();
  }
}

function openEmbedder(): { readonly embedder: Embedder; dispose(): void } {
  const found = openEmbedded(findAssets(import.meta.dirname), systemClock);
  return { embedder: embeddedEmbedder(found), dispose: () => found.model.dispose() };
}
