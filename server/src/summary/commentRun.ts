import type { Syntax } from '../syntax/document.ts';
import type { TextEdit } from '../types/text.ts';
import { chunksOf, type PartitionSource } from './chunks.ts';
import { refusalOfText } from './comments/insertionPoint.ts';
import {
  applyEdits,
  bareText,
  editsOfOriginal,
  type SymbolComment,
  seenInsertions,
  symbolCommentEdits,
} from './comments/symbolComments.ts';
import { mapBounded } from './mapBounded.ts';
import { placeholdersIn, uncommentedWithin, withRoomForComments } from './placeholders.ts';
import type { RollUp } from './rollUp.ts';
import { subjectLines } from './subjectSource.ts';
import { type SummaryDocument, subjectOf, symbolOf } from './subjects.ts';

const concurrency = 6;

interface CommentTools {
  readonly rollUp: RollUp;
  readonly partitions: PartitionSource;
  readonly local: boolean;
  readonly open: Syntax['open'];
  /** For files whose encoding cannot hold every character. */
  readonly asciiOnly: boolean;
}

/**
 * The edits that put a comment on each symbol without its author's. They are made from the text without ours, so that a file that has been
 * commented stays as it is. Throws an `Error` with the reason for a text that takes none.
 */
export async function commentEdits(
  document: SummaryDocument,
  tools: CommentTools,
  signal: AbortSignal,
): Promise<readonly TextEdit[]> {
  const { language, text } = document.syntax;
  const refused = refusalOfText(text);
  if (refused !== undefined) throw new Error(refused.reason);
  const bare = bareText(document.syntax);
  const copy = await tools.open(language, bare.text, signal);
  try {
    const comments = await commentsOn({ ...document, syntax: copy }, tools, signal);
    const insertions = symbolCommentEdits(copy, comments, tools);
    const commented = await tools.open(language, applyEdits(bare.text, insertions), signal);
    try {
      return editsOfOriginal(bare, seenInsertions(insertions, commented));
    } finally {
      commented.dispose();
    }
  } finally {
    copy.dispose();
  }
}

/** Made partition by partition: one request answers for all symbols that begin in it. Whoever answers without cost is asked for each symbol. */
async function commentsOn(
  document: SummaryDocument,
  { rollUp, partitions, local }: CommentTools,
  signal: AbortSignal,
): Promise<readonly SymbolComment[]> {
  const { range } = subjectOf(document, 'file');
  if (local) {
    return mapBounded(uncommentedWithin(document, range), concurrency, async (symbol) => {
      const { line } = await rollUp.make(document, symbol);
      return { symbol, text: line === '' ? symbolOf(document, symbol).name : line };
    });
  }
  const lines = subjectLines(document.syntax, range, { comments: 'keep' });
  const chunks = chunksOf(document.syntax, lines, await partitions.of(document, signal));
  const targets = chunks.flatMap((chunk) => withRoomForComments(document, chunk));
  const comments = await mapBounded(targets, concurrency, async (target): Promise<readonly SymbolComment[]> => {
    const placeholders = placeholdersIn(document, target);
    if (placeholders.length === 0) return [];
    const said = new Map((await rollUp.make(document, target)).comments?.map(({ id, text }) => [id, text]));
    return placeholders.flatMap(({ id, symbol }) => {
      const text = said.get(id);
      return text === undefined ? [] : [{ symbol, text }];
    });
  });
  return comments.flat();
}
