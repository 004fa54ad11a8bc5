import type { Priority } from '../types/produce.ts';

/** How urgently a summary is wanted, and what is told meanwhile. */
export interface SummarizeOptions {
  readonly priority: Priority;
  readonly signal: AbortSignal;
  /** Ask again even if a fresh summary exists; parts are not asked again. */
  readonly refresh?: boolean;
  /** Told after each request of a roll-up: how many of how many parts are done. */
  readonly onProgress?: (done: number, total: number) => void;
}
