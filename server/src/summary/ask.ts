import { ModelError } from '../types/errors.ts';
import type { Produced, ProduceRequest, Producer } from '../types/produce.ts';
import { noUsage, type ProducerIdentity, type SummaryOrigin, type SummaryText, type Usage } from '../types/summary.ts';
import { type Ground, ground } from './ground.ts';
import { cleanTexts, parseAnswer } from './parse.ts';

/** A checked answer; claim lines are relative to the subject. */
export interface Answer {
  readonly text: SummaryText;
  readonly origin: SummaryOrigin;
  readonly producer: ProducerIdentity;
  /** Of all tries together. */
  readonly usage: Usage;
  readonly droppedClaims: number;
  readonly confidence?: number;
}

type Judged = { readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly problem: string };

/**
 * Asks the producer and checks what comes back. A bad answer gets one more try that is told what was wrong; a second one is
 * `ModelError('badAnswer')`. `request(complaint)` builds the request of a try.
 */
export async function ask(
  producer: Producer,
  request: (complaint: string | undefined) => ProduceRequest,
  source: Ground,
  signal: AbortSignal,
): Promise<Answer> {
  const first = await producer.produce(request(undefined), signal);
  const judged = judge(first, source, noUsage);
  if (judged.ok) return judged.answer;
  // A local producer would give the same answer again.
  if (first.kind === 'text') throw new ModelError('badAnswer', judged.problem, { usage: first.usage });
  signal.throwIfAborted();
  const second = await producer.produce(request(judged.problem), signal);
  const again = judge(second, source, first.usage);
  if (again.ok) return again.answer;
  throw new ModelError('badAnswer', again.problem, { usage: addUsage(first.usage, second.usage) });
}

function judge(produced: Produced, source: Ground, before: Usage): Judged {
  const usage = addUsage(before, produced.usage);
  const { producer } = produced;
  if (produced.kind === 'json') {
    const parsed = parseAnswer(produced.text);
    if (!parsed.ok) return parsed;
    return checked(parsed.text, source, { origin: 'model', producer, usage, droppedClaims: parsed.malformedClaims });
  }
  const text = cleanTexts(produced.summary);
  if (text.line === '') return { ok: false, problem: '`line` was empty.' };
  const rest = { producer, usage, ...(produced.confidence === undefined ? {} : { confidence: produced.confidence }) };
  // The author may name what we cannot see; nobody else may.
  if (produced.origin === 'author') return { ok: true, answer: { ...rest, text, origin: 'author', droppedClaims: 0 } };
  return checked(text, source, { ...rest, origin: produced.origin, droppedClaims: 0 });
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
