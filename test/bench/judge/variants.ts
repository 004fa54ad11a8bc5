import type { Core } from '../../../server/src/core.ts';
import { producerChooser } from '../../../server/src/model/boundaryChooser.ts';
import { legalCuts } from '../../../server/src/partition/cuts.ts';
import { NgramScorer } from '../../../server/src/partition/ngramScorer.ts';
import { partitionDocument } from '../../../server/src/partition/partitioner.ts';
import { partitionStrategy } from '../../../server/src/partition/strategies.ts';
import type { PartitionStrategy } from '../../../server/src/partition/strategy.ts';
import { ModelError } from '../../../server/src/types/errors.ts';
import { type PartitionStrategyName, partitionStrategies } from '../../../server/src/types/partition.ts';
import { type BenchFile, type Description, documentation } from './documents.ts';

export interface Variant {
  readonly strategy: PartitionStrategyName;
  /** Undefined: the strategy's natural size. */
  readonly maxTokens: number | undefined;
}

export const sizes: readonly (number | undefined)[] = [undefined, 512, 1024, 2048, 4096];

export const variants: readonly Variant[] = partitionStrategies.flatMap((strategy) =>
  sizes.filter((size) => strategy !== 'fixed' || size !== undefined).map((maxTokens) => ({ strategy, maxTokens })),
);

export function variantName({ strategy, maxTokens }: Variant): string {
  return `${strategy} ${maxTokens ?? 'natural'}`;
}

/** The comments of one file under one strategy and size. */
export interface Generated {
  readonly comments: readonly Description[];
  readonly text: string;
  /** Partitions that the producer could say nothing usable of. */
  readonly failed: number;
}

/** A file with the comments of every strategy and size that the producer could serve. */
export interface Commented {
  readonly file: BenchFile;
  readonly made: readonly (Generated & { readonly name: string })[];
}

/** Makes the comment of every partition by the product's own summarizer. Errors that would befall every file are thrown. */
export async function generate(
  core: Core,
  file: BenchFile,
  variant: Variant,
  signal: AbortSignal,
): Promise<Generated | undefined> {
  const strategy = strategyOf(core, file, variant.strategy);
  if (strategy === undefined) return undefined;
  const syntax = await core.syntax.open(file.language, file.text, signal);
  try {
    const document = { uri: uriOf(file), path: file.path, repository: '', syntax };
    const partitions = await partitionDocument(syntax, strategy, { maxTokens: variant.maxTokens, signal });
    const comments: Description[] = [];
    let failed = 0;
    for (const { startLine, endLine, title } of partitions) {
      const end = syntax.positionAt(syntax.offsetAt({ line: endLine, character: 0 }));
      const range = { start: { line: startLine, character: 0 }, end, title };
      try {
        const { line, paragraph } = await core.summarizer.summarize(document, range, { priority: 'file', signal });
        comments.push({ startLine, endLine, text: `${line} ${paragraph}`.trim() });
      } catch (error) {
        if (!isOfOnePartition(error)) throw error;
        failed += 1;
      }
    }
    return { comments, text: documentation(comments), failed };
  } finally {
    syntax.dispose();
  }
}

export function uriOf(file: BenchFile): string {
  return `file:///bench/${file.path.split('/').map(encodeURIComponent).join('/')}`;
}

/** Bytes around the source of one partition: instructions, schema, and the context that the summarizer may add. */
const overheadBytes = 12_000;
const outputTokens = 800;
/** Each is sent twice at most: the scheduler repeats what came back as no JSON. */
const triesOfASummary = 2 * 2;
const triesOfBoundaries = 3 * 2;
const boundaryOutput = 8_192;

/** Tokens that the comments of one file may cost at most: every byte counted as a token, every try used. Asks nobody. */
export async function worstTokensOf(
  core: Core,
  file: BenchFile,
  variant: Variant,
  signal: AbortSignal,
): Promise<number> {
  const strategy = strategyOf(core, file, variant.strategy);
  if (strategy === undefined) return 0;
  const syntax = await core.syntax.open(file.language, file.text, signal);
  try {
    // Twice: line numbers and bars come with every line.
    const source = 2 * Buffer.byteLength(file.text);
    const isModel = variant.strategy === 'model';
    const count = isModel
      ? legalCuts(syntax).length + 1
      : (await partitionDocument(syntax, strategy, { maxTokens: variant.maxTokens, signal })).length;
    const boundaries = isModel ? triesOfBoundaries * (2 * source + overheadBytes + 2 * boundaryOutput) : 0;
    return boundaries + triesOfASummary * (source + count * (overheadBytes + outputTokens));
  } finally {
    syntax.dispose();
  }
}

function isOfOnePartition(error: unknown): boolean {
  return ModelError.is(error) && ['badAnswer', 'refused', 'tooLarge', 'blocked'].includes(error.kind);
}

/** Undefined for `model` where the producer is no language model. */
function strategyOf(core: Core, file: BenchFile, name: PartitionStrategyName): PartitionStrategy | undefined {
  if (name === 'surprisal') {
    const scorer = new NgramScorer();
    for (const text of file.neighbours) scorer.learn(text);
    return partitionStrategy(name, { scorer });
  }
  if (name !== 'model') return partitionStrategy(name);
  const producer = core.producer();
  if (producer.identity.provider !== 'anthropic' && producer.identity.provider !== 'openai') return undefined;
  const chooser = producerChooser(producer, { uri: uriOf(file), path: file.path });
  return partitionStrategy(name, { model: { chooser, cache: core.partitionChoices().answers } });
}
