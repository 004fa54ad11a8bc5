import type { CommentSpan } from './document.ts';
import type { Item } from './items.ts';
import type { LanguageRow } from './languages.ts';
import type { LineIndex } from './lineIndex.ts';

/** Comments among the items of a text, by what they are for. */
export function commentSpans(items: readonly Item[], lines: LineIndex, row: LanguageRow): readonly CommentSpan[] {
  const { block, docStart } = row.comments;
  const spans: CommentSpan[] = [];
  for (const { role, kind, at } of items) {
    if (role !== 'comment') continue;
    const [start = 0, end = 0] = at;
    const opening = lines.text.slice(start, start + 8);
    const shape = block !== undefined && opening.startsWith(block[0]) ? 'block' : 'line';
    spans.push({
      range: { start: lines.positionAt(start), end: lines.positionAt(end) },
      start,
      end,
      kind: kind === 'data' ? 'data' : docStart?.test(opening) === true ? 'doc' : shape,
    });
  }
  return spans;
}
