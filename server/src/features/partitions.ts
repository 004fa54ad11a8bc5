import type { Connection } from 'vscode-languageserver';
import { partitionDocument } from '../partition/partitioner.ts';
import { partitionStrategy } from '../partition/strategies.ts';
import { type PartitionsParams, type PartitionsResult, partitionsMethod } from '../protocol.ts';
import { type PartitionStrategyName, partitionStrategies } from '../types/partition.ts';
import { cancellable } from './cancellation.ts';
import type { Configuration } from './configuration.ts';
import type { Documents } from './documents.ts';

/** Boundaries with titles for Show Partitions. */
export function registerPartitions(
  connection: Connection,
  ports: { readonly documents: Documents; readonly configuration: Configuration },
): void {
  connection.onRequest(partitionsMethod, (params: PartitionsParams, token) =>
    cancellable(token, async (signal): Promise<PartitionsResult | null> => {
      const [document, settings] = await Promise.all([
        ports.documents.get(params.uri),
        ports.configuration.get(params.uri),
      ]);
      if (document === undefined) return null;
      const name = known(params.strategy) ?? settings.partition.strategy;
      const strategy = partitionStrategy(name) ?? partitionStrategy('structure');
      if (strategy === undefined) return null;
      const partitions = await partitionDocument(document.syntax, strategy, {
        maxTokens: settings.partition.maxTokens,
        signal,
      });
      return { strategy: strategy.name, partitions };
    }),
  );
}

function known(name: string | undefined): PartitionStrategyName | undefined {
  return partitionStrategies.find((each) => each === name);
}
