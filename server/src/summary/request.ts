import type { Priority, ProduceRequest, SummaryStyle } from '../types/produce.ts';
import type { ContextPiece } from '../types/summary.ts';
import {
  answerSchema,
  answerTokens,
  buildPrompt,
  commentedSchema,
  type PromptBeginning,
  type ShownPlaceholder,
} from './prompt.ts';
import { plainSource, type SubjectLine } from './subjectSource.ts';
import { type SummaryDocument, subjectOf, type Target } from './subjects.ts';

export type Part = ProduceRequest['parts'][number];

export interface RequestInput {
  readonly parts: readonly Part[];
  readonly lines: readonly SubjectLine[];
  readonly style: SummaryStyle;
  readonly priority: Priority;
  /** Comments that the answer is to give by id. */
  readonly placeholders: readonly ShownPlaceholder[];
}

/** Room for one comment, in tokens. */
const commentTokens = 60;

/**
 * Reads all that a request needs from the document now, and makes the request later, when the context is known: the document may have
 * changed by then. A second try (with a complaint) is another question and has a key of its own.
 */
export function requestMaker(
  document: SummaryDocument,
  target: Target,
  { parts, lines, style, priority, placeholders }: RequestInput,
): (
  key: string,
  pieces: readonly ContextPiece[],
  complaint: string | undefined,
  beginning?: PromptBeginning,
) => ProduceRequest {
  const subject = subjectOf(document, target);
  const index = subject.symbol?.index;
  const symbol = index === undefined ? undefined : document.syntax.outline.symbols[index];
  const facts = index === undefined ? undefined : document.syntax.facts(index);
  return (key, pieces, complaint, beginning = {}) => ({
    key: complaint === undefined ? key : `${key} corrected`,
    subject,
    source: plainSource(lines),
    ...(symbol === undefined ? {} : { symbol }),
    ...(facts === undefined ? {} : { facts }),
    pieces,
    parts,
    prompt: buildPrompt({
      subject,
      lines,
      pieces,
      parts,
      style,
      placeholders,
      beginning,
      ...(complaint === undefined ? {} : { complaint }),
    }),
    style,
    schema: placeholders.length === 0 ? answerSchema : commentedSchema,
    maxOutputTokens: answerTokens(style) + placeholders.length * commentTokens,
    priority,
  });
}
