import type { PartitionStrategyName } from '../types/partition.ts';
import { fixedStrategy } from './fixed.ts';
import type { PartitionStrategy } from './strategy.ts';
import { structureStrategy } from './structure.ts';

const strategies: Partial<Record<PartitionStrategyName, PartitionStrategy>> = {
  fixed: fixedStrategy,
  structure: structureStrategy,
};

/** The strategies that need nothing but the text, by name; undefined for one that needs a model or a scorer which is not there. */
export function partitionStrategy(name: PartitionStrategyName): PartitionStrategy | undefined {
  return strategies[name];
}

/** All strategies that need nothing but the text. */
export function availableStrategies(): readonly PartitionStrategy[] {
  return Object.values(strategies);
}
