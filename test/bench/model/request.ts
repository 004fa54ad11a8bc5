import { requestMaker } from '../../../server/src/summary/request.ts';
import { subjectLines } from '../../../server/src/summary/subjectSource.ts';
import { subjectOf } from '../../../server/src/summary/subjects.ts';
import type { LanguageId } from '../../../server/src/types/outline.ts';
import type { ProduceRequest } from '../../../server/src/types/produce.ts';
import { syntax } from '../legacy/partitions.ts';

/** The request that the product would make of a text's first symbol, without context; undefined for a text without symbols. */
export async function openProduceRequest<T>(
  language: LanguageId,
  text: string,
  use: (request: ProduceRequest) => Promise<T>,
): Promise<T | undefined> {
  const document = await syntax.open(language, text);
  try {
    if (document.outline.symbols.length === 0) return undefined;
    const place = { uri: 'file:///method', path: 'method.py', repository: '', syntax: document };
    const lines = subjectLines(document, subjectOf(place, 0).range, { comments: 'keep' });
    const style = { language: '', length: 'medium', instructions: '' } as const;
    const make = requestMaker(place, 0, { parts: [], lines, style, priority: 'file', placeholders: [] });
    return await use(make('bench', [], undefined));
  } finally {
    document.dispose();
  }
}
