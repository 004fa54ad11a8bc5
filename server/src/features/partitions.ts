import type { Connection } from 'vscode-languageserver';
import {
  choiceFor,
  type FilePartitionPorts,
  type FilePartitions,
  filePartitions,
  keepChoice,
} from '../filePartitions.ts';
import { legalCuts } from '../partition/cuts.ts';
import { editBoundaries } from '../partition/edits.ts';
import type { PartitionStrategy } from '../partition/strategy.ts';
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
import type { PartitionChoice, PartitionChoices } from '../store/partitionChoices.ts';
import { type PartitionStrategyName, partitionStrategies } from '../types/partition.ts';
import { cancellable } from './cancellation.ts';
import type { Configuration } from './configuration.ts';
import type { Documents } from './documents.ts';
import type { ParsedDocument } from './gloss.ts';

interface PartitionPorts {
  readonly documents: Documents;
  readonly configuration: Configuration;
  readonly choices: () => PartitionChoices;
  readonly strategy: (name: PartitionStrategyName, uri: string, signal: AbortSignal) => Promise<PartitionStrategy>;
}

/** Boundaries with titles for Show Partitions, and what the user does to them. */
export function registerPartitions(connection: Connection, ports: PartitionPorts): void {
  connection.onRequest(partitionsMethod, (params: PartitionsParams, token) =>
    cancellable(token, async (signal) => {
      const document = await ports.documents.get(params.uri);
      return document === undefined ? null : partitionsOf(ports, document, params, signal);
    }),
  );
  connection.onRequest(partitionEditMethod, (params: PartitionEditParams, token) =>
    cancellable(token, async (signal) => {
      const document = await ports.documents.get(params.uri);
      return document === undefined ? null : editPartitions(ports, document, params, signal);
    }),
  );
  connection.onRequest(partitionLinesMethod, (params: PartitionLinesParams, token) =>
    cancellable(token, () => linesOf(ports, params)),
  );
}

async function partitionsOf(
  ports: PartitionPorts,
  { syntax }: ParsedDocument,
  { uri, strategy }: PartitionsParams,
  signal: AbortSignal,
): Promise<PartitionsResult> {
  const filePorts = await filePortsOf(ports, uri);
  const kept = choiceFor(filePorts.choices, syntax)?.boundaries ?? {};
  const editedStrategies = partitionStrategies.filter((name) => kept[name] !== undefined);
  return { ...(await filePartitions(syntax, filePorts, { asked: known(strategy), signal })), editedStrategies };
}

async function filePortsOf(ports: PartitionPorts, uri: string): Promise<FilePartitionPorts> {
  const { partition } = await ports.configuration.get(uri);
  return {
    choices: ports.choices(),
    strategy: (name, signal) => ports.strategy(name, uri, signal),
    setting: partition,
  };
}

/** Changes how the document is divided and keeps that; null when the edit fits no boundary, or the text changed meanwhile. */
async function editPartitions(
  ports: PartitionPorts,
  document: ParsedDocument,
  { uri, strategy, edit }: PartitionEditParams,
  signal: AbortSignal,
): Promise<PartitionsResult | null> {
  const { syntax } = document;
  const { text } = syntax;
  const filePorts = await filePortsOf(ports, uri);
  const before = choiceFor(filePorts.choices, syntax) ?? { boundaries: {} };
  const keep = (choice: PartitionChoice): Promise<PartitionsResult> => {
    keepChoice(filePorts.choices, syntax, choice);
    return partitionsOf(ports, document, { uri }, signal);
  };
  const name = known(strategy) ?? before.strategy ?? filePorts.setting.strategy;
  if (edit.kind === 'choose') return keep({ ...before, strategy: name });
  if (edit.kind === 'reset') {
    const { [name]: _gone, ...others } = before.boundaries;
    return keep({ strategy: name, boundaries: others });
  }
  const shown = await filePartitions(syntax, filePorts, { asked: name, signal });
  // The partitions may have taken a model's time: an edit of another text is none of this one.
  if (syntax.text !== text) return null;
  const after = editBoundaries(startsOf(shown), edit, legalCuts(syntax));
  if (after === undefined) return null;
  // Where structure stood in for a model that cannot be asked, the edit is of the structure's boundaries.
  return keep({ strategy: shown.strategy, boundaries: { ...before.boundaries, [shown.strategy]: after } });
}

function startsOf({ partitions }: FilePartitions): readonly number[] {
  return partitions.slice(1).map(({ startLine }) => startLine);
}

async function linesOf({ documents }: PartitionPorts, { uri }: PartitionLinesParams): Promise<PartitionLinesResult> {
  const document = await documents.get(uri);
  return { lines: document === undefined ? [] : legalCuts(document.syntax).map(({ line }) => line) };
}

function known(name: string | undefined): PartitionStrategyName | undefined {
  return partitionStrategies.find((each) => each === name);
}
