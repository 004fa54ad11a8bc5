import { ownBlockLines } from './context/meaning.ts';
import { chosenByUser } from './partition/edits.ts';
import { partitionDocument } from './partition/partitioner.ts';
import type { PartitionStrategy } from './partition/strategy.ts';
import { structureStrategy } from './partition/structure.ts';
import type { PartitionChoice, PartitionChoices } from './store/partitionChoices.ts';
import { isSeparator } from './summary/comments/insertionPoint.ts';
import type { SyntaxDocument } from './syntax/document.ts';
import { contentHash } from './types/contentHash.ts';
import { ModelError } from './types/errors.ts';
import { splitLines } from './types/lines.ts';
import type { Partition, PartitionStrategyName } from './types/partition.ts';

/** A file's partitions as its reader wants them. */
export interface FilePartitions {
  readonly strategy: PartitionStrategyName;
  /** The boundaries are the user's own. */
  readonly edited: boolean;
  /** Why another strategy answered than the one asked for. */
  readonly note?: string;
  readonly partitions: readonly Partition[];
}

export interface FilePartitionPorts {
  readonly choices: PartitionChoices;
  readonly strategy: (name: PartitionStrategyName, signal: AbortSignal) => Promise<PartitionStrategy>;
  /** What the settings say. */
  readonly setting: { readonly strategy: PartitionStrategyName; readonly maxTokens: number };
}

/**
 * Partitions by the strategy that is asked for, else by the one that the user picked for this content, else by the setting's; where the user
 * moved that strategy's boundaries, by these. Structure answers, with a note, where a model cannot. Throws on an abort.
 */
export async function filePartitions(
  document: SyntaxDocument,
  { choices, strategy, setting }: FilePartitionPorts,
  { asked, signal }: { readonly asked?: PartitionStrategyName | undefined; readonly signal: AbortSignal },
): Promise<FilePartitions> {
  const choice = choiceFor(choices, document);
  const name = asked ?? choice?.strategy ?? setting.strategy;
  const own = choice?.boundaries[name];
  if (own !== undefined) return partitionsByUser(document, name, own, signal);
  const options = { maxTokens: setting.maxTokens, signal };
  try {
    const partitions = await partitionDocument(document, await strategy(name, signal), options);
    return { strategy: name, edited: false, partitions };
  } catch (error) {
    if (!ModelError.is(error) || error.kind === 'cancelled') throw error;
    const partitions = await partitionDocument(document, structureStrategy, options);
    return { strategy: structureStrategy.name, edited: false, partitions, note: error.message };
  }
}

/** Partitions that begin where the user wants them to. */
async function partitionsByUser(
  document: SyntaxDocument,
  name: PartitionStrategyName,
  boundaries: readonly number[],
  signal: AbortSignal,
): Promise<FilePartitions> {
  const options = { maxTokens: undefined, signal };
  const partitions = await partitionDocument(document, chosenByUser(name, boundaries), options);
  return { strategy: name, edited: true, partitions };
}

/** What decides how this document is divided, in short: the same text, the same partitions (but for a model that could not be reached). */
export function partitionSignature(
  document: SyntaxDocument,
  { choices, setting }: Pick<FilePartitionPorts, 'choices' | 'setting'>,
): string {
  const choice = choices.peek(bareText(document).hash);
  const name = choice?.strategy ?? setting.strategy;
  const own = choice?.boundaries[name];
  return own === undefined ? `${name} ${setting.maxTokens}` : `${name} at ${own.join(',')}`;
}

/** The user's choice for the document's content, in lines of the document as it is now. */
export function choiceFor(choices: PartitionChoices, document: SyntaxDocument): PartitionChoice | undefined {
  const { hash, left } = bareText(document);
  const kept = choices.choice(hash);
  return kept && { ...kept, boundaries: withLines(kept.boundaries, (line) => left[line] ?? document.outline.lines) };
}

/** Keeps a choice, given in lines of the document, with its content. Comments of ours do not count: they come and go. */
export function keepChoice(choices: PartitionChoices, document: SyntaxDocument, choice: PartitionChoice): void {
  const { hash, left } = bareText(document);
  const bareLine = (line: number): number => {
    const at = left.findIndex((original) => original >= line);
    return at < 0 ? left.length : at;
  };
  choices.keep(hash, { ...choice, boundaries: withLines(choice.boundaries, bareLine) });
}

/** Hash of the text without our own comments, and the lines of the document that are left. */
function bareText(document: SyntaxDocument): BareText {
  const known = bareTexts.get(document);
  if (known?.text === document.text) return known;
  const fresh = { text: document.text, ...bareTextOf(document) };
  bareTexts.set(document, fresh);
  return fresh;
}

interface BareText {
  readonly text: string;
  readonly hash: string;
  readonly left: readonly number[];
}

/** Freshness asks for the hash again and again between two keystrokes. */
const bareTexts = new WeakMap<SyntaxDocument, BareText>();

function bareTextOf(document: SyntaxDocument): Omit<BareText, 'text'> {
  const gone = new Set<number>();
  const lines = splitLines(document.text);
  for (const { startLine, endLine } of ownBlockLines(document)) {
    for (let line = startLine; line < endLine; line++) gone.add(line);
    // A module comment brings a line of its own that sets it apart.
    if (endLine < lines.length && isSeparator(lines[endLine]?.text, document.language)) gone.add(endLine);
  }
  const left = lines.flatMap((_, line) => (gone.has(line) ? [] : [line]));
  return { hash: contentHash(left.map((line) => lines[line]?.text).join('\n')), left };
}

function withLines(
  boundaries: PartitionChoice['boundaries'],
  map: (line: number) => number,
): PartitionChoice['boundaries'] {
  return Object.fromEntries(Object.entries(boundaries).map(([name, lines]) => [name, lines.map(map)]));
}
