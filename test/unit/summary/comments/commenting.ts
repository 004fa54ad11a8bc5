import { createFileContext } from '../../../../server/src/context/fileContext.ts';
import { outlineProducer } from '../../../../server/src/model/outline/outline.ts';
import { createSummaryStore } from '../../../../server/src/store/summaryStore.ts';
import { applyEdits, removeSymbolComments } from '../../../../server/src/summary/comments/symbolComments.ts';
import { createSummarizer } from '../../../../server/src/summary/summarizer.ts';
import type { SyntaxDocument } from '../../../../server/src/syntax/document.ts';
import type { LanguageId } from '../../../../server/src/types/outline.ts';
import type { Producer } from '../../../../server/src/types/produce.ts';
import { syntax } from '../../syntax/openFixture.ts';
import { testStyle } from '../fakeProducer.ts';

const signal = new AbortController().signal;

export async function withDoc<T>(
  text: string,
  language: LanguageId,
  use: (doc: SyntaxDocument) => T | Promise<T>,
): Promise<T> {
  const doc = await syntax.open(language, text);
  try {
    return await use(doc);
  } finally {
    doc.dispose();
  }
}

/** The text with a comment on every symbol, by a summarizer that knows nothing from before. */
export function commented(
  text: string,
  language: LanguageId,
  producer: () => Producer = outlineProducer,
): Promise<string> {
  const summarizer = createSummarizer({
    store: createSummaryStore({ folder: undefined, clock: () => 1 }),
    producer,
    context: createFileContext(),
    syntax,
    clock: () => 1,
    style: () => testStyle,
  });
  return withDoc(text, language, async (doc) => {
    const document = { uri: 'file:///w/a', path: 'a', repository: '', syntax: doc };
    return applyEdits(text, await summarizer.commentSymbols(document, { priority: 'file', signal }));
  });
}

/** The text without our comments on symbols. */
export const uncommented = (text: string, language: LanguageId): Promise<string> =>
  withDoc(text, language, (doc) => applyEdits(text, removeSymbolComments(doc)));
