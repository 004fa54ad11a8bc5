import { staleness } from '../summary/comments/edit.ts';
import { headerItems } from '../summary/comments/header.ts';
import { modulePlace } from '../summary/comments/insertionPoint.ts';
import { splitLines } from '../types/lines.ts';
import type { LanguageId } from '../types/outline.ts';

/**
 * How a file stands with its module comment. `author`: a person wrote one, or edited ours, and answers for it. `none` only where one could be
 * put in.
 */
export type CommentStanding = 'fresh' | 'stale' | 'missing' | 'author' | 'impossible';

export function commentStanding(text: string, language: LanguageId): CommentStanding {
  switch (staleness(text, language)) {
    case 'fresh':
      return 'fresh';
    case 'stale':
      return 'stale';
    case 'edited':
      return 'author';
    case 'none': {
      const place = modulePlace(text, language);
      if (place.kind === 'refused') return 'impossible';
      const isDocumented = (place.kind === 'insert' && place.humanDocstring) || hasOwnHeader(text, language);
      return isDocumented ? 'author' : 'missing';
    }
  }
}

/** A comment at the top that stands apart from the code below speaks of the file; licences and lines for tools do not count. */
function hasOwnHeader(text: string, language: LanguageId): boolean {
  const lines = splitLines(text);
  return headerItems(language, text, lines, () => undefined).some(
    ({ kind, endLine }) => kind === 'comment' && (lines[endLine]?.text.trim() ?? '') === '',
  );
}
