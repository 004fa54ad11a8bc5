import type { Connection } from 'vscode-languageserver';
import { legalCuts } from '../partition/cuts.ts';
import { chosenByUser, editBoundaries } from '../partition/edits.ts';
import { partitionDocument } from '../partition/partitioner.ts';
import type { PartitionStrategy } from '../partition/strategy.ts';
import { structureStrategy } from '../partition/structure.ts';
import {
  type PartitionEditParams,
  type PartitionLinesParams,
  type PartitionLinesResult,
  type PartitionsParams,
  type PartitionsResult,
  partitionEditMethod,
  partitionLinesMethod,
  partitionsMethod,
} from '../protocol.ts';
import type { PartitionChoices } from '../store/partitionChoices.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import { contentHash } from '../types/contentHash.ts';
import { ModelError } from '../types/errors.ts';
import { type PartitionStrategyName, partitionStrategies } from '../types/partition.ts';
import { cancellable } from './cancellation.ts';
import type { Configuration } from './configuration.ts';
import type { Documents } from './documents.ts';

interface PartitionPorts {
  readonly documents: Documents;
  readonly configuration: Configuration;
  readonly choices: () => PartitionChoices;
  readonly strategy: (name: PartitionStrategyName, uri: string, signal: AbortSignal) => Promise<PartitionStrategy>;
}

/** Boundaries with titles for Show Partitions, and what the user does to them. */
export function registerPartitions(connection: Connection, ports: PartitionPorts): void {
  connection.onRequest(partitionsMethod, (params: PartitionsParams, token) =>
    cancellable(token, (signal) => partitionsOf(ports, params, signal)),
  );
  connection.onRequest(partitionEditMethod, (params: PartitionEditParams, token) =>
    cancellable(token, (signal) => editPartitions(ports, params, signal)),
  );
  connection.onRequest(partitionLinesMethod, (params: PartitionLinesParams, token) =>
    cancellable(token, () => linesOf(ports, params)),
  );
}

async function partitionsOf(
  ports: PartitionPorts,
  params: PartitionsParams,
  signal: AbortSignal,
): Promise<PartitionsResult | null> {
  const [document, settings] = await Promise.all([
    ports.documents.get(params.uri),
    ports.configuration.get(params.uri),
  ]);
  if (document === undefined) return null;
  const { syntax } = document;
  const name = known(params.strategy) ?? settings.partition.strategy;
  const { maxTokens } = settings.partition;
  // Whoever asks for a strategy wants to see that one.
  const own = params.strategy === undefined ? ports.choices().boundaries(contentHash(syntax.text)) : undefined;
  if (own !== undefined) return withOwn(syntax, name, own, signal);
  try {
    const strategy = await ports.strategy(name, params.uri, signal);
    const partitions = await partitionDocument(syntax, strategy, { maxTokens, signal });
    return { strategy: strategy.name, partitions };
  } catch (error) {
    if (!ModelError.is(error) || error.kind === 'cancelled') throw error;
    const partitions = await partitionDocument(syntax, structureStrategy, { maxTokens, signal });
    return { strategy: structureStrategy.name, partitions, note: error.message };
  }
}

async function editPartitions(
  ports: PartitionPorts,
  params: PartitionEditParams,
  signal: AbortSignal,
): Promise<PartitionsResult | null> {
  const document = await ports.documents.get(params.uri);
  if (document === undefined) return null;
  const { syntax } = document;
  const hash = contentHash(syntax.text);
  const choices = ports.choices();
  if (params.edit.kind === 'reset') {
    choices.clearBoundaries(hash);
    return partitionsOf(ports, params, signal);
  }
  const own = choices.boundaries(hash);
  const before = own ?? (await partitionsOf(ports, params, signal))?.partitions.slice(1).map((each) => each.startLine);
  // The base may have taken a model's time: an edit of another text is none of this one.
  if (before === undefined || contentHash(syntax.text) !== hash) return null;
  const after = editBoundaries(before, params.edit, legalCuts(syntax));
  if (after === undefined) return null;
  choices.setBoundaries(hash, after);
  return withOwn(syntax, known(params.strategy) ?? 'structure', after, signal);
}

async function linesOf({ documents }: PartitionPorts, { uri }: PartitionLinesParams): Promise<PartitionLinesResult> {
  const document = await documents.get(uri);
  return { lines: document === undefined ? [] : legalCuts(document.syntax).map(({ line }) => line) };
}

async function withOwn(
  syntax: SyntaxDocument,
  name: PartitionStrategyName,
  boundaries: readonly number[],
  signal: AbortSignal,
): Promise<PartitionsResult> {
  const options = { maxTokens: undefined, signal };
  const partitions = await partitionDocument(syntax, chosenByUser(name, boundaries), options);
  return { strategy: name, edited: true, partitions };
}

function known(name: string | undefined): PartitionStrategyName | undefined {
  return partitionStrategies.find((each) => each === name);
}
