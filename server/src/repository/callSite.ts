import type { Candidate } from './bearers.ts';

/** A symbol around a call. */
export interface Scope {
  readonly symbol: number;
  readonly name: string;
  readonly kind: string;
  readonly signature: string;
  /** Names of base classes, as written. */
  readonly bases: readonly string[];
}

/** Where an expression stands. */
export interface Site {
  readonly file: number;
  /** 0-based. */
  readonly line: number;
  /** The symbols around it, innermost first. */
  readonly scopes: readonly Scope[];
}

/** Who a call means, as far as declarations tell. */
export type Found =
  | { readonly kind: 'callees'; readonly symbols: readonly Candidate[] }
  /** The receiver is known, and nothing in the repository. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'unknown' };
