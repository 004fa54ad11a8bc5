import type { CodeToEmbed, Embedder } from './embedder.ts';
import type { IndexLocation } from './indexLocation.ts';
import type { NearSymbol } from './meaningSearch.ts';

/** What the thread of the vectors is told at its start. */
export interface VectorThreadData {
  readonly location: IndexLocation;
  readonly model: Pick<Embedder, 'name' | 'dimensions'>;
}

/** To the thread. `pass`: give vectors to what has none; `vector` answers `code`, undefined ends the pass; `near` asks for symbols. */
export type VectorRequest =
  | { readonly kind: 'pass' }
  | { readonly kind: 'vector'; readonly vector: Float32Array | undefined }
  | { readonly kind: 'near'; readonly id: number; readonly query: Float32Array; readonly also: readonly string[] };

/** From the thread. Of `code` there is one at a time. */
export type VectorNotice =
  | { readonly kind: 'code'; readonly code: CodeToEmbed }
  | { readonly kind: 'passed'; readonly embedded: number }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'near'; readonly id: number; readonly found: readonly NearSymbol[] };
