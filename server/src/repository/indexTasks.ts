import type { FileRecord } from './fileRecord.ts';
import type { SealedFacts } from './sharedFacts.ts';
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

/**
 * What a thread does with the team's facts: `use` takes what is there and makes the rest, `fill` only makes what is missing, for others, and
 * answers with no records.
 */
export type Sharing = 'none' | 'use' | 'fill';

/** To a parsing thread: files to read, and then, if it asks, the bodies of the facts that it asked for, in that order. */
export type IndexOrder =
  | { readonly kind: 'tasks'; readonly tasks: readonly IndexTask[]; readonly sharing: Sharing }
  | { readonly kind: 'shared'; readonly bodies: readonly (Uint8Array | undefined)[] };

/** From a parsing thread. */
export type IndexReply =
  | { readonly kind: 'ask'; readonly ids: readonly Uint8Array[] }
  | {
      readonly kind: 'answers';
      readonly answers: readonly IndexAnswer[];
      /** What the team did not have. */
      readonly made: readonly SealedFacts[];
    };
