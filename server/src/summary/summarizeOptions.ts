import type { Priority } from '../types/produce.ts';

/** How many questions are asked in one go, and so can share how their prompts begin. */
export interface Together {
  /** About the subject's file. */
  readonly ofFile: number;
  /** About its repository. */
  readonly ofRepository: number;
}

/** How urgently a summary is wanted, and what is told meanwhile. */
export interface SummarizeOptions {
  readonly priority: Priority;
  readonly signal: AbortSignal;
  /** Ask again even if a fresh summary exists; parts are not asked again. */
  readonly refresh?: boolean;
  /** Of a run that asks for one summary after the other; a roll-up counts its own when absent. */
  readonly together?: Together;
  /** Told after each request of a roll-up: how many of how many parts are done. */
  readonly onProgress?: (done: number, total: number) => void;
}
