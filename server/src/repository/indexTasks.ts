import type { FileRecord } from './fileRecord.ts';
import type { SkipReason } from './walk.ts';

/** Why a file is not in the index. */
export type IndexSkipReason = SkipReason | 'binary' | 'failed';

/** One file for a worker. */
export interface IndexTask {
  /** Absolute. */
  readonly file: string;
  /** Relative to the root, `/` between parts. */
  readonly path: string;
  readonly bytes: number;
  /** Hash that the index has of the file; a file that still has it is not parsed. */
  readonly knownHash?: string;
}

/** What a worker says about one file. */
export type IndexAnswer =
  | { readonly kind: 'record'; readonly path: string; readonly hash: string; readonly record: FileRecord }
  | { readonly kind: 'same'; readonly path: string }
  | { readonly kind: 'skipped'; readonly path: string; readonly reason: IndexSkipReason };
