import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type RepositorySource, repositorySource } from '../context/repositorySource.ts';
import type { RepositoryIndex } from '../repository/repositoryIndex.ts';
import { decodeSource } from '../repository/sourceText.ts';
import type { Documents } from './documents.ts';
import type { FolderIndexes, IndexedFolder } from './folderIndexes.ts';

/** The repositories of the open folders as context reads them: those whose index is ready, open documents over the disk. */
export class FolderSources {
  readonly #indexes: FolderIndexes;
  readonly #documents: Documents;
  readonly #sources = new WeakMap<RepositoryIndex, RepositorySource>();

  constructor(indexes: FolderIndexes, documents: Documents) {
    this.#indexes = indexes;
    this.#documents = documents;
  }

  /** Undefined while the index of the document's folder is not ready; asking starts it. */
  of(uri: string): RepositorySource | undefined {
    const folder = this.#indexes.of(uri);
    if (folder === undefined || folder.index.state.kind !== 'ready') return undefined;
    const source = this.#sources.get(folder.index) ?? this.#make(folder);
    this.#sources.set(folder.index, source);
    return source;
  }

  /** Paths of the index and of subjects are the same: both are relative to the folder. */
  #make({ root, index }: IndexedFolder): RepositorySource {
    const uriOf = (file: string): string => pathToFileURL(path.join(root, file)).href;
    return repositorySource(index, {
      toIndex: ({ path: file }) => (path.isAbsolute(file) ? undefined : file),
      fromIndex: (file) => ({ uri: uriOf(file), path: file }),
      openText: (file) => this.#documents.peek(uriOf(file))?.syntax?.text,
      async textOf(file) {
        const bytes = await readFile(path.join(root, file)).catch(() => undefined);
        return bytes === undefined ? undefined : decodeSource(bytes)?.text;
      },
    });
  }
}
