import { chunksOf, type PartitionSource } from './chunks.ts';
import type { SymbolComment } from './comments/symbolComments.ts';
import { mapBounded } from './mapBounded.ts';
import { placeholdersIn } from './placeholders.ts';
import type { RollUp } from './rollUp.ts';
import { subjectLines } from './subjectSource.ts';
import { type SummaryDocument, subjectOf, symbolOf } from './subjects.ts';

const concurrency = 6;

/**
 * A comment for each symbol without its author's, made partition by partition: one request answers for all symbols that begin in it. Whoever
 * answers without cost is asked for each symbol instead. The document must not change meanwhile.
 */
export async function commentSymbols(
  document: SummaryDocument,
  {
    rollUp,
    partitions,
    local,
  }: { readonly rollUp: RollUp; readonly partitions: PartitionSource; readonly local: boolean },
  signal: AbortSignal,
): Promise<readonly SymbolComment[]> {
  const lines = subjectLines(document.syntax, subjectOf(document, 'file').range, { comments: 'keep' });
  const targets = chunksOf(document.syntax, lines, await partitions.of(document, signal));
  const comments = await mapBounded(targets, concurrency, async (target): Promise<readonly SymbolComment[]> => {
    const placeholders = placeholdersIn(document, target);
    if (placeholders.length === 0) return [];
    if (local) return mapBounded(placeholders, 1, async ({ symbol }) => ({ symbol, text: await lineOf(symbol) }));
    const said = new Map((await rollUp.make(document, target)).comments?.map(({ id, text }) => [id, text]));
    return placeholders.flatMap(({ id, symbol }) => {
      const text = said.get(id);
      return text === undefined ? [] : [{ symbol, text }];
    });
  });
  return comments.flat();

  async function lineOf(symbol: number): Promise<string> {
    const { line } = await rollUp.make(document, symbol);
    return line === '' ? symbolOf(document, symbol).name : line;
  }
}
