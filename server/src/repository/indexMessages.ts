import type { Assets } from '../assets.ts';
import type { IndexLocation } from './indexLocation.ts';
import type { IndexReport } from './indexRepository.ts';
import type { WalkLimits } from './walk.ts';

/** What an index thread is told at its start. */
export interface IndexThreadData {
  readonly location: IndexLocation;
  readonly assets: Assets;
  /** Parsing threads while the whole repository is read. */
  readonly threads: number;
  /** The setting `codegloss.ignore`. */
  readonly ignore: readonly string[];
  readonly limits?: WalkLimits;
  /** Let everything else on the machine go first. */
  readonly yields: boolean;
}

/** Where a team's facts are; a message between threads holds no functions. */
export interface TeamAddress {
  /** As in the setting `codegloss.store.url`. */
  readonly url: string;
  readonly password: string | null;
}

/**
 * To an index thread. Without paths the whole repository is brought up to date, with a team's facts where there is a team; `stop` gives up a
 * request that is under way.
 */
export type IndexRequest =
  | { readonly kind: 'run'; readonly id: number; readonly team?: TeamAddress }
  | { readonly kind: 'run'; readonly id: number; readonly paths: readonly string[] }
  | { readonly kind: 'stop'; readonly id: number };

/** From an index thread. */
export type IndexNotice =
  | { readonly kind: 'progress'; readonly files: number }
  /** The team's facts cannot be used for now; the run goes on without them. */
  | { readonly kind: 'problem'; readonly message: string }
  /** With a report after a run over the whole repository. */
  | { readonly kind: 'done'; readonly id: number; readonly report?: IndexReport }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
