import type { LineSpan } from './text.ts';

/** A contiguous run of lines; the partitions of a file cover every line exactly once, in order. */
export interface Partition extends LineSpan {
  readonly title: string;
  /** Estimated tokens: see `estimateTokens`. */
  readonly tokens: number;
  /** Why the cut before this partition is where it is. */
  readonly reason?: string;
}

export const partitionStrategies = ['structure', 'fixed', 'surprisal', 'learned', 'model'] as const;
export type PartitionStrategyName = (typeof partitionStrategies)[number];
