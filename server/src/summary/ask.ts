import { ModelError } from '../types/errors.ts';
import type { Produced, ProduceRequest, Producer } from '../types/produce.ts';
import { noUsage, type ProducerIdentity, type SummaryOrigin, type SummaryText, type Usage } from '../types/summary.ts';
import { type Ground, ground } from './ground.ts';
import { cleanTexts, parseAnswer } from './parse.ts';
import { checkComments, type PlaceholderComment } from './placeholders.ts';

/** A checked answer; claim lines are relative to the subject. */
export interface Answer {
  readonly text: SummaryText;
  readonly origin: SummaryOrigin;
  readonly producer: ProducerIdentity;
  /** Of all tries together. */
  readonly usage: Usage;
  readonly droppedClaims: number;
  readonly confidence?: number;
  /** By the id of their placeholder, in the order in which these were asked for. */
  readonly comments?: readonly PlaceholderComment[];
}

/** With `answer`, a bad answer that can be used where no better one comes. */
type Judged =
  | { readonly ok: true; readonly answer: Answer }
  | { readonly ok: false; readonly problem: string; readonly answer?: Answer };

/** What the answer is checked against: the source, and the ids of the placeholders for which it has to have a comment. */
export interface Asked extends Ground {
  readonly placeholders: readonly string[];
}

/**
 * Asks the producer and checks what comes back. A bad answer (no JSON, not what was asked for, or naming what nobody showed) gets one more
 * try that is told what was wrong; a second one is `ModelError('badAnswer')`. So a question costs two answers at most, whatever is wrong with
 * them. `request(complaint)` builds the request of a try.
 */
export async function ask(
  producer: Producer,
  request: (complaint: string | undefined) => ProduceRequest,
  source: Asked,
  signal: AbortSignal,
): Promise<Answer> {
  const first = await tried(producer, request(undefined), source, signal);
  if (first.ok) return first.answer;
  // A local producer would give the same answer again.
  if (first.isFinal) throw unusable(producer, first.problem, first.usage);
  signal.throwIfAborted();
  const second = await tried(producer, request(first.problem), source, signal);
  // Most of the comments are better than none: what is missing now stays empty.
  if (!second.ok && second.answer !== undefined)
    return { ...second.answer, usage: addUsage(first.usage, second.usage) };
  const usage = addUsage(first.usage, second.ok ? second.answer.usage : second.usage);
  if (second.ok) return { ...second.answer, usage };
  throw unusable(producer, second.problem, usage);
}

function unusable({ identity }: Producer, problem: string, usage: Usage): ModelError {
  const message = `${identity.model} gave no usable answer: ${problem} Ask again, or run "CodeGloss: Select Model".`;
  return new ModelError('badAnswer', message, { usage });
}

/** One request. Throws what is no answer at all. */
async function tried(
  producer: Producer,
  request: ProduceRequest,
  source: Asked,
  signal: AbortSignal,
): Promise<Judged & { readonly usage: Usage; readonly isFinal: boolean }> {
  try {
    const produced = await producer.produce(request, signal);
    return { ...judge(produced, source), usage: produced.usage, isFinal: produced.kind === 'text' };
  } catch (error) {
    if (!ModelError.is(error, 'badAnswer')) throw error;
    const problem = 'it was not the JSON document that was asked for.';
    return { ok: false, problem, usage: error.usage ?? noUsage, isFinal: false };
  }
}

function judge(produced: Produced, source: Asked): Judged {
  const { producer, usage } = produced;
  if (produced.kind === 'json') {
    const parsed = parseAnswer(produced.text);
    if (!parsed.ok) return parsed;
    const rest = { origin: 'model' as const, producer, usage, droppedClaims: parsed.malformedClaims };
    return withComments(checked(parsed.text, source, rest), parsed.comments, source);
  }
  const text = cleanTexts(produced.summary);
  if (text.line === '') return { ok: false, problem: '`line` was empty.' };
  const rest = { producer, usage, ...(produced.confidence === undefined ? {} : { confidence: produced.confidence }) };
  // The author may name what we cannot see; nobody else may.
  if (produced.origin === 'author') return { ok: true, answer: { ...rest, text, origin: 'author', droppedClaims: 0 } };
  return checked(text, source, { ...rest, origin: produced.origin, droppedClaims: 0 });
}

/** Adds the comments that only name what was shown. */
function withComments(judged: Judged, answered: readonly PlaceholderComment[], source: Asked): Judged {
  if (!judged.ok || source.placeholders.length === 0) return judged;
  const grounded = answered.filter(
    ({ text }) => ground({ line: text, paragraph: '', claims: [] }, source).unknownInLine.length === 0,
  );
  const checkedComments = checkComments(grounded, source.placeholders);
  const answer = { ...judged.answer, comments: checkedComments.comments };
  return checkedComments.ok ? { ok: true, answer } : { ok: false, problem: checkedComments.problem, answer };
}

function checked(text: SummaryText, source: Ground, rest: Omit<Answer, 'text'>): Judged {
  const grounded = ground(text, source);
  if (grounded.unknownInLine.length > 0) {
    const names = grounded.unknownInLine.map((name) => JSON.stringify(name)).join(', ');
    return { ok: false, problem: `\`line\` names ${names}, which the shown text does not contain.` };
  }
  const droppedClaims = rest.droppedClaims + grounded.droppedClaims;
  return { ok: true, answer: { ...rest, text: grounded.text, droppedClaims } };
}

/** Sum of two usages; money is unknown as soon as one part is. */
export function addUsage(left: Usage, right: Usage): Usage {
  return {
    input: left.input + right.input,
    cached: left.cached + right.cached,
    output: left.output + right.output,
    cost: left.cost === null || right.cost === null ? null : left.cost + right.cost,
  };
}
