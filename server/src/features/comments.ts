import type { Priority } from '../types/produce.ts';
import type { StoredSummary } from '../types/summary.ts';
import type { TextEdit } from '../types/text.ts';
import type { Gloss, ParsedDocument } from './gloss.ts';

/** An edit, or the one-line reason why there is none. */
export type EditOrReason = { readonly edit: TextEdit } | { readonly reason: string };

/** The comment writer as the features need it; `main.ts` binds the real one. Every edit it returns has passed the check of rule 1. */
export interface CommentPort {
  module(document: ParsedDocument, summary: StoredSummary): EditOrReason;
  doc(document: ParsedDocument, symbol: number, summary: StoredSummary): EditOrReason;
  removeModule(document: ParsedDocument): EditOrReason;
  /** Whether the file holds a module comment of ours, and whether it still fits the code. */
  state(document: ParsedDocument): 'none' | 'fresh' | 'stale' | 'edited';
}

/** A comment made with a summary that is asked for when it is not known. */
export async function makeCommentEdit(
  ports: { readonly gloss: Gloss; readonly comments: CommentPort },
  request: {
    readonly document: ParsedDocument;
    readonly kind: 'module' | 'doc' | 'removeModule';
    readonly symbol?: number;
    readonly priority: Priority;
    readonly signal: AbortSignal;
  },
): Promise<EditOrReason> {
  const { document, kind, symbol, priority, signal } = request;
  if (kind === 'removeModule') return ports.comments.removeModule(document);
  if (kind === 'doc' && symbol === undefined) {
    return { reason: 'There is no function, class or routine here to comment: place the cursor in one.' };
  }
  if (kind === 'doc' && symbol !== undefined && document.syntax.outline.symbols[symbol]?.doc !== undefined) {
    return { reason: "It already has its author's comment, which CodeGloss never replaces." };
  }
  const target = symbol === undefined || kind === 'module' ? { document } : { document, symbol };
  const known = ports.gloss.state(target);
  const summary =
    known.freshness === 'fresh' && known.summary !== undefined
      ? known.summary
      : await ports.gloss.make(target, { priority, signal });
  return kind === 'doc' && symbol !== undefined
    ? ports.comments.doc(document, symbol, summary)
    : ports.comments.module(document, summary);
}
