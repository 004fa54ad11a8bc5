import type { ContentHash, StoredSummary, SummaryKey } from '../types/summary.ts';

/**
 * Where summaries live. Content-addressed: a key is the hash of everything that a summary stands on, so an entry never changes and two
 * writers never conflict. `latest` finds the newest entry for a subject whatever it stood on: that is how stale text is shown as stale.
 */
export interface SummaryStore {
  get(key: SummaryKey): StoredSummary | undefined;
  /**
   * Looks further away than this machine for what `get` did not know, and keeps it here. Absent where there is nothing further away;
   * undefined when nobody knows it, nobody can be asked, or the signal aborts.
   */
  readonly fetch?: ((key: SummaryKey, signal: AbortSignal) => Promise<StoredSummary | undefined>) | undefined;
  /** The newest summary of the subject that was made by any context, source or producer; undefined when there never was one. */
  latest(subjectId: SubjectId): StoredSummary | undefined;
  /** Keeps a summary; writing the same key twice is harmless. */
  put(subjectId: SubjectId, summary: StoredSummary): void;
  /** Forgets everything (command Clear Summaries). */
  clear(): void;
  close(): void;
}

declare const subjectIdBrand: unique symbol;
/**
 * Stable name of a subject across edits: hash of (repository identity, path, symbol path such as `Class.method#2`). Not of its text.
 */
export type SubjectId = ContentHash & { readonly [subjectIdBrand]: true };
