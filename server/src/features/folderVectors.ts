import { setTimeout as sleep } from 'node:timers/promises';
import type { Assets } from '../assets.ts';
import type { Embedder } from '../repository/embedder.ts';
import type { VectorPlace } from '../repository/embeddingStore.ts';
import { fusedHits, keyOf, mostCandidates, symbolNow } from '../repository/meaningSearch.ts';
import type { RepositoryIndex } from '../repository/repositoryIndex.ts';
import type { SearchHit } from '../repository/searchIndex.ts';
import { createVectorService, type VectorService } from '../repository/vectorService.ts';
import type { FolderIndexes } from './folderIndexes.ts';

export interface FolderVectorPorts {
  readonly indexes: FolderIndexes;
  readonly assets: Assets;
  /** Undefined while the user does not want the embedded model, or it is missing. */
  readonly embedder: () => Embedder | undefined;
  /** Whether nothing that somebody waits for is under way. */
  readonly isQuiet: () => boolean;
  readonly log: (message: string) => void;
}

/** Between two looks whether it is quiet. */
const lookMs = 1000;
/** A question that has no vector by then is answered by words: the model may still be loading. */
const mostPatienceMs = 700;

/**
 * Search by meaning in the open folders. Once a folder's index is ready, its symbols get vectors whenever it is quiet; a search uses what there is
 * by then, and never waits for more.
 */
export class FolderVectors {
  readonly #ports: FolderVectorPorts;
  readonly #services = new Map<RepositoryIndex, VectorService>();
  readonly #closing = new AbortController();

  constructor(ports: FolderVectorPorts) {
    this.#ports = ports;
  }

  /** To be told when an index became ready or has followed a change, and when settings changed. */
  touch(): void {
    if (this.#closing.signal.aborted) return;
    const open = new Set(this.#ports.indexes.opened());
    const embedder = open.size === 0 ? undefined : this.#ports.embedder();
    for (const [index, service] of this.#services)
      if (embedder === undefined || !open.has(index)) this.#close(index, service);
    if (embedder === undefined) return;
    for (const index of open) if (index.state.kind === 'ready') this.#serviceOf(index, embedder).follow();
  }

  /** By meaning and words where there are vectors, else by words. Open documents are searched as they are. */
  async search(index: RepositoryIndex, text: string, limit: number): Promise<readonly SearchHit[]> {
    const service = this.#services.get(index);
    const embedder = service && this.#ports.embedder();
    const query = embedder && (await queryOf(embedder, text));
    if (service === undefined || query === undefined) return index.search(text, limit);
    const lexical = index.search(text, mostCandidates);
    const near = await service.near(query, lexical.map(keyOf));
    const now = (place: VectorPlace): SearchHit | undefined => {
      const onDisk = symbolNow(index.database, place);
      const shown = onDisk && index.graph.named(place.path, place.symbolPath);
      return onDisk && { ...onDisk, range: shown?.range ?? onDisk.range };
    };
    return fusedHits(lexical, near, { symbolNow: now, limit });
  }

  dispose(): void {
    this.#closing.abort();
    for (const [index, service] of this.#services) this.#close(index, service);
  }

  #serviceOf(index: RepositoryIndex, embedder: Embedder): VectorService {
    const { assets, isQuiet, log } = this.#ports;
    const known = this.#services.get(index);
    if (known !== undefined) return known;
    const rest = async (ms: number, signal: AbortSignal): Promise<void> => {
      await sleep(ms, undefined, { signal, ref: false });
    };
    const made = createVectorService({
      location: index.location,
      assets,
      embedder,
      log,
      rest,
      async whenIdle(signal) {
        while (!isQuiet()) await rest(lookMs, signal);
      },
    });
    this.#services.set(index, made);
    return made;
  }

  #close(index: RepositoryIndex, service: VectorService): void {
    this.#services.delete(index);
    service.dispose().catch((error: unknown) => this.#ports.log((error as Error).message));
  }
}

/** Undefined when the model takes too long or fails: whoever searches sees words' hits then, and why the model failed is said elsewhere. */
async function queryOf(embedder: Embedder, text: string): Promise<Float32Array | undefined> {
  const patience = AbortSignal.timeout(mostPatienceMs);
  return embedder.embedQuery(text, patience).catch(() => undefined);
}
