import type { PartitionStrategyName } from '../types/partition.ts';
import type { BoundaryCache, BoundaryChooser } from './boundaryChooser.ts';
import { fixedStrategy } from './fixed.ts';
import { learnedStrategy } from './learned.ts';
import { modelStrategy } from './model.ts';
import type { PartitionStrategy } from './strategy.ts';
import { structureStrategy } from './structure.ts';
import { surprisalStrategy } from './surprisal.ts';
import type { TokenScorer } from './tokenScorer.ts';

/** What some strategies need beside the text. */
export interface StrategyPorts {
  /** For `surprisal`. */
  readonly scorer?: TokenScorer;
  /** For `model`. */
  readonly model?: { readonly chooser: BoundaryChooser; readonly cache: BoundaryCache };
}

/** The strategy of a name; undefined for one that needs a model or a scorer which is not there. */
export function partitionStrategy(
  name: PartitionStrategyName,
  ports: StrategyPorts = {},
): PartitionStrategy | undefined {
  switch (name) {
    case 'structure':
      return structureStrategy;
    case 'fixed':
      return fixedStrategy;
    case 'learned':
      return learnedStrategy;
    case 'surprisal':
      return ports.scorer === undefined ? undefined : surprisalStrategy(ports.scorer);
    case 'model':
      return ports.model === undefined ? undefined : modelStrategy(ports.model.chooser, ports.model.cache);
  }
}
