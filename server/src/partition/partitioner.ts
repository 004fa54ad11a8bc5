import type { SyntaxDocument } from '../syntax/document.ts';
import type { Partition } from '../types/partition.ts';
import { legalCuts } from './cuts.ts';
import { LineMeasure, type PartitionInput, type PartitionOptions, type PartitionStrategy } from './strategy.ts';
import { partitionTitle } from './titles.ts';

/**
 * Partitions of a document by a strategy: contiguous, in order, every line exactly once, cut only at legal lines whatever the strategy says.
 * Throws only what the strategy throws (a model's error, an abort).
 */
export async function partitionDocument(
  document: SyntaxDocument,
  strategy: PartitionStrategy,
  options: PartitionOptions,
): Promise<readonly Partition[]> {
  const input: PartitionInput = { document, lines: new LineMeasure(document.text), cuts: legalCuts(document) };
  // Taken now: an editor may change the document while a model thinks, and the answer is about this text.
  const { outline } = document;
  const legal = new Set(input.cuts.map(({ line }) => line));
  const chosen = new Map(
    (await strategy.choose(input, options)).filter(({ line }) => legal.has(line)).map((cut) => [cut.line, cut]),
  );
  const starts = [0, ...[...chosen.keys()].sort((a, b) => a - b)];
  return starts.map((startLine, index): Partition => {
    const endLine = starts[index + 1] ?? input.lines.count;
    const cut = chosen.get(startLine);
    return {
      startLine,
      endLine,
      title: cut?.title ?? partitionTitle(outline, { startLine, endLine }),
      tokens: input.lines.tokens(startLine, endLine),
      ...(cut === undefined ? {} : { reason: cut.reason }),
    };
  });
}
