import { z } from 'zod';
import type { SummaryText } from '../types/summary.ts';
import { cleanLine, cleanParagraph, textLimits } from './clean.ts';
import type { PlaceholderComment } from './placeholders.ts';

/** A cleaned answer, or one sentence that tells the model what was wrong. */
export type ParsedAnswer =
  | {
      readonly ok: true;
      readonly text: SummaryText;
      readonly malformedClaims: number;
      /** Comments by the id of their placeholder; cleaned, ids unchecked. */
      readonly comments: readonly PlaceholderComment[];
    }
  | { readonly ok: false; readonly problem: string };

const maxAnswerCharacters = 200_000;

const answerShape = z.object({
  line: z.string(),
  paragraph: z.string(),
  claims: z.array(z.unknown()).catch([]),
  comments: z.array(z.unknown()).catch([]),
});
const commentShape = z.object({ id: z.string(), text: z.string() });
const maxComments = 200;
const claimShape = z.object({ text: z.string(), startLine: z.number().int(), endLine: z.number().int() });

/**
 * Reads a model's answer. Text around the object is skipped; anything but the schema is refused; texts come back cleaned. Claim lines are
 * turned from the prompt's numbers (from 1, inclusive) into 0-based half-open ones, unchecked.
 */
export function parseAnswer(raw: string): ParsedAnswer {
  if (raw.length > maxAnswerCharacters) return { ok: false, problem: 'it was far too long.' };
  const value = jsonObject(raw);
  if (value === undefined) return { ok: false, problem: 'it was not one JSON object.' };
  const shape = answerShape.safeParse(value);
  if (!shape.success) {
    const names = [...new Set(shape.error.issues.map((issue) => issue.path.join('.')))].join(', ');
    return { ok: false, problem: `these members were missing or of the wrong type: ${names}.` };
  }
  return finish(shape.data);
}

function finish(answer: z.infer<typeof answerShape>): ParsedAnswer {
  const text = cleanTexts({ line: answer.line, paragraph: answer.paragraph, claims: [] });
  if (text.line === '') return { ok: false, problem: '`line` was empty.' };
  const claims = answer.claims.slice(0, textLimits.claims).flatMap((claim) => {
    const shape = claimShape.safeParse(claim);
    if (!shape.success) return [];
    const cleaned = cleanLine(shape.data.text, textLimits.claim);
    if (cleaned === '') return [];
    return [{ text: cleaned, startLine: shape.data.startLine - 1, endLine: shape.data.endLine }];
  });
  const comments = answer.comments.slice(0, maxComments).flatMap((comment) => {
    const shape = commentShape.safeParse(comment);
    if (!shape.success) return [];
    return [{ id: shape.data.id.trim(), text: cleanLine(shape.data.text, textLimits.claim) }];
  });
  return { ok: true, text: { ...text, claims }, malformedClaims: answer.claims.length - claims.length, comments };
}

/** Cleans the texts of a finished summary from a local producer; claim lines stay as they are. */
export function cleanTexts(text: SummaryText): SummaryText {
  return {
    line: cleanLine(text.line, textLimits.line),
    paragraph: cleanParagraph(text.paragraph, textLimits.paragraph),
    claims: text.claims
      .slice(0, textLimits.claims)
      .map((claim) => ({ ...claim, text: cleanLine(claim.text, textLimits.claim) })),
  };
}

function jsonObject(raw: string): unknown {
  const start = raw.indexOf('{');
  const end = raw.lastIndexOf('}');
  if (start < 0 || end < start) return undefined;
  try {
    return JSON.parse(raw.slice(start, end + 1));
  } catch {
    return undefined;
  }
}
