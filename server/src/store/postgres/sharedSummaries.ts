import type { StoredSummary, SummaryKey } from '../../types/summary.ts';
import { rowId, seal } from './seal.ts';

/** The team's summaries. Throws what `pg` throws when the server cannot be asked; who calls decides what that means. */
export interface SharedSummaries {
  get(keys: readonly SummaryKey[]): Promise<ReadonlyMap<SummaryKey, StoredSummary>>;
  /** Keeps what is new; what is there already stays as it is. */
  put(rows: readonly SealedRow[]): Promise<void>;
  /** Deletes what nobody has used for so many days. For owners. @returns how many */
  trim(unusedDays: number): Promise<number>;
  close(): Promise<void>;
}

/** A summary as the server sees it. */
export interface SealedRow {
  readonly id: Buffer;
  readonly body: Buffer;
}

export function sealedRow(summary: StoredSummary): SealedRow {
  return { id: rowId(summary.key), body: seal(summary) };
}

/** Rows of one statement, as the functions of the database allow. */
export const mostRows = 500;
