import type { Assets } from '../assets.ts';
import { indexLocation } from '../repository/indexLocation.ts';
import type { TeamAddress } from '../repository/indexMessages.ts';
import type { OpenBuffer } from '../repository/openBuffers.ts';
import { openRepositoryIndex, type RepositoryIndex } from '../repository/repositoryIndex.ts';
import { ensureDataFolder } from '../store/home.ts';
import type { Documents } from './documents.ts';
import type { WatchedChanges } from './fileWatch.ts';
import type { Workspace, WorkspaceRoot } from './workspace.ts';

/** A folder that the editor has open, with its index. */
export interface IndexedFolder extends WorkspaceRoot {
  readonly index: RepositoryIndex;
}

export interface FolderIndexPorts {
  readonly workspace: Workspace;
  readonly documents: Documents;
  readonly assets: Assets;
  readonly home: string;
  readonly userHome: string;
  /** The setting `codegloss.ignore`. */
  readonly ignore: () => readonly string[];
  readonly threads: number;
  readonly log: (message: string) => void;
  /** The team whose facts spare the parsing; undefined where there is none. */
  readonly team: () => Promise<TeamAddress | undefined>;
  /** Told when `progress` changed. */
  readonly onProgress?: () => void;
  /** Told when an index has followed what changed on disk. */
  readonly onFollowed?: () => void;
}

/** The index of each open folder, opened by the first question about it, told of what is saved, closed with the folder. */
export class FolderIndexes {
  readonly #ports: FolderIndexPorts;
  /** By folder URI; null for a folder that cannot have one. */
  readonly #open = new Map<string, RepositoryIndex | null>();
  /** Paths to look at, by folder URI; gathered while the index is at work. */
  readonly #changed = new Map<string, Set<string>>();
  readonly #closing = new AbortController();

  constructor(ports: FolderIndexPorts) {
    this.#ports = ports;
    ports.documents.onSaved((uri) => this.#follow(uri));
  }

  /** The folder that a document lies in, with its index; undefined outside all folders, and where there can be no index. */
  of(uri: string): IndexedFolder | undefined {
    const { repository } = this.#ports.workspace.locate(uri) ?? { repository: '' };
    return this.all().find((folder) => folder.uri === repository);
  }

  /** All open folders that can have an index. */
  all(): readonly IndexedFolder[] {
    const roots = this.#ports.workspace.roots();
    this.#closeAllBut(new Set(roots.map(({ uri }) => uri)));
    return roots.flatMap((root) => {
      const index = this.#indexOf(root);
      return index === null ? [] : [{ ...root, index }];
    });
  }

  /** The indexes that were asked for by now and are still open; asking opens none. */
  opened(): readonly RepositoryIndex[] {
    return [...this.#open.values()].filter((index) => index !== null);
  }

  /** Files looked at so far by the indexes that are at work on their whole folder; undefined when none is. */
  get progress(): number | undefined {
    const counts = [...this.#open.values()].flatMap((index) =>
      index?.state.kind === 'indexing' ? [index.state.files] : [],
    );
    return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
  }

  /** Lets the open indexes follow what happened on disk. An index that nobody asked for yet reads the disk when it is opened. */
  follow({ uris, ignoreRules }: WatchedChanges): void {
    for (const uri of uris) this.#follow(uri);
    if (!ignoreRules) return;
    for (const index of this.#open.values()) this.#watchOver(index?.refresh(this.#closing.signal));
  }

  dispose(): void {
    this.#closing.abort();
    this.#closeAllBut(new Set());
  }

  #indexOf(root: WorkspaceRoot): RepositoryIndex | null {
    const known = this.#open.get(root.uri);
    if (known !== undefined) return known;
    const made = this.#make(root);
    this.#open.set(root.uri, made);
    return made;
  }

  #make(root: WorkspaceRoot): RepositoryIndex | null {
    const { home, userHome, assets, ignore, threads, log, team } = this.#ports;
    try {
      const location = indexLocation(root.root, { home, userHome });
      ensureDataFolder(home);
      const buffers = () => this.#buffersIn(root);
      const onState = () => this.#ports.onProgress?.();
      const shared = { team, onProblem: log };
      const own = { location, assets, threads, ignore: ignore(), yields: true };
      return openRepositoryIndex({ ...own, ...shared, buffers, onState });
    } catch (error) {
      log(`No index of ${root.root}: ${(error as Error).message}`);
      return null;
    }
  }

  #buffersIn(root: WorkspaceRoot): readonly OpenBuffer[] {
    const { documents, workspace } = this.#ports;
    return documents.uris().flatMap((uri) => {
      const place = workspace.locate(uri);
      const syntax = documents.peek(uri)?.syntax;
      return place?.repository === root.uri && syntax !== undefined ? [{ path: place.path, syntax }] : [];
    });
  }

  #follow(uri: string): void {
    const place = this.#ports.workspace.locate(uri);
    const index = this.#open.get(place?.repository ?? '');
    if (place === undefined || index === undefined || index === null) return;
    const waiting = this.#changed.get(place.repository);
    if (waiting !== undefined) {
      waiting.add(place.path);
      return;
    }
    this.#changed.set(place.repository, new Set([place.path]));
    this.#watchOver(this.#catchUp(place.repository, index));
  }

  /** One update at a time; what changes meanwhile is the next. The first turn gathers what the editor tells in one breath. */
  async #catchUp(folder: string, index: RepositoryIndex): Promise<void> {
    try {
      await new Promise((resolve) => setImmediate(resolve));
      for (let paths = this.#take(folder); paths.length > 0; paths = this.#take(folder))
        await index.update(paths, this.#closing.signal);
      this.#ports.onFollowed?.();
    } finally {
      this.#changed.delete(folder);
    }
  }

  #take(folder: string): readonly string[] {
    const paths = this.#changed.get(folder);
    this.#changed.set(folder, new Set());
    return [...(paths ?? [])];
  }

  #watchOver(work: Promise<unknown> | undefined): void {
    work?.catch((error: unknown) => {
      if (!this.#closing.signal.aborted) this.#ports.log(`The index could not follow: ${(error as Error).message}`);
    });
  }

  #closeAllBut(kept: ReadonlySet<string>): void {
    for (const [uri, index] of this.#open) {
      if (kept.has(uri)) continue;
      this.#open.delete(uri);
      index?.dispose().catch((error: unknown) => this.#ports.log((error as Error).message));
    }
  }
}
