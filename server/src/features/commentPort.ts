import { docCommentEdit } from '../summary/comments/docComment.ts';
import { type EditOrRefusal, moduleCommentEdit, removeEdit, staleness } from '../summary/comments/edit.ts';
import type { CommentPort, EditOrReason } from './comments.ts';

/** The comment writer over open documents. */
export const commentPort: CommentPort = {
  module: ({ text, language }, summary) => reasoned(moduleCommentEdit(text, language, summary)),
  doc: ({ syntax }, symbol, summary) => reasoned(docCommentEdit(syntax, symbol, summary)),
  removeModule: ({ text, language }) => reasoned(removeEdit(text, language)),
  state: ({ text, language }) => staleness(text, language),
};

function reasoned(result: EditOrRefusal): EditOrReason {
  return 'edit' in result ? { edit: result.edit } : { reason: result.reason };
}
