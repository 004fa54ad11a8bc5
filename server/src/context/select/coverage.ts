import { textTerms } from '../../repository/identifiers.ts';
import { estimateTokens } from '../../types/tokens.ts';
import { costShare, termShare, termWeights } from './benefit.ts';
import { type Part, type Parts, partsOf, textOf } from './parts.ts';
import { type Candidate, keyOf, type Selector } from './task.ts';

/** Exponent of tokens in the price of what is added: 0 ignores length, 1 is gain per token. Chosen on one half of the rows. */
const thrift = 0.5;
/** What it costs besides to show more of a piece that is shown already: text with holes reads badly. */
const holeTokens = 2;

/** What the subject stands on is declared, even where other pieces have all of its words. */
const bearing: ReadonlySet<string> = new Set(['callee', 'type', 'class']);
const leastShare = 0.15;
/** Of a class it uses, what it calls is: `open(self)` in the outline of a stream, whose words the subject says itself. */
const leastUsedShare = 0.07;

interface Open {
  readonly piece: Candidate;
  readonly key: string;
  readonly parts: Parts;
  /** Distinct terms of the whole piece. */
  readonly terms: number;
  /** Indexes of the parts that declare what the subject calls. */
  readonly used: ReadonlySet<number>;
  readonly chosen: Set<number>;
  /** Of what is chosen. */
  tokens: number;
  steps: readonly Step[];
}

interface Step {
  readonly of: Open;
  readonly added: readonly number[];
  readonly parts: readonly Part[];
  readonly price: number;
  /** The least share of the piece's score that it is worth. */
  readonly least: number;
  /** As it was when it was looked at last. */
  rate: number;
}

/**
 * Takes, again and again, the line or sentence that adds most for its length to what is shown, while anything adds something: the first of a
 * piece brings what the piece cannot do without. What repeats others is left out, so that more pieces have room.
 */
export const coverage: Selector = async ({ candidates, subjectTerms, budget, signal }) => {
  const subject = new Set(subjectTerms);
  const alone = new Set(candidates.map(keyOf));
  const open = candidates.map((piece): Open => {
    const parts = partsOf(piece);
    const terms = new Set(parts.all.flatMap((part) => part.terms)).size;
    const isAlone = (name: string): boolean => alone.has(`${keyOf(piece)}.${name}`);
    const used = bearing.has(piece.role) ? partsDeclaring(parts, subject, isAlone) : none;
    return { piece, key: keyOf(piece), parts, terms, used, chosen: new Set(), tokens: 0, steps: [] };
  });
  for (const each of open) each.steps = stepsOf(each);
  const weights = termWeights(
    open.map(({ parts }) => parts.all.flatMap(({ terms }) => terms)),
    subjectTerms,
  );
  const seen = new Set<string>();
  const shown = new Map<string, Open>();
  let left = budget;
  const rateOf = ({ piece, terms: size }: Open, { parts: added, price, least }: Step): number => {
    const news = new Set(added.flatMap(({ terms }) => terms.filter((term) => !seen.has(term))));
    let covered = 0;
    for (const term of news) covered += weights.get(term) ?? 0;
    const isOpening = !shown.has(keyOf(piece)) && bearing.has(piece.role);
    const share = Math.max(news.size / Math.max(1, size), isOpening ? leastShare : least);
    const worth = piece.score * share + termShare * covered;
    return (worth - (costShare * price) / Math.max(1, budget)) / Math.max(1, price) ** thrift;
  };
  for (;;) {
    signal.throwIfAborted();
    let best: Step | undefined;
    let bestTokens = 0;
    for (const each of open) {
      const holder = shown.get(each.key);
      if (holder !== undefined && holder !== each) continue;
      for (const step of each.steps) {
        // What is said can only grow: a rate from before is never too low.
        if (isBehind(step, best)) continue;
        step.rate = rateOf(each, step);
        if (isBehind(step, best)) continue;
        const tokens = tokensWith(each, step.added);
        if (tokens - each.tokens > left) continue;
        best = step;
        bestTokens = tokens;
      }
    }
    if (best === undefined) return [...shown.values()].map(shownOf);
    const { of } = best;
    for (const index of best.added) of.chosen.add(index);
    for (const { terms } of best.parts) for (const term of terms) seen.add(term);
    shown.set(of.key, of);
    left -= bestTokens - of.tokens;
    of.tokens = bestTokens;
    of.steps = stepsOf(of);
  }
};

function isBehind({ rate, of }: Step, best: Step | undefined): boolean {
  return rate <= 0 || (best !== undefined && (rate < best.rate || (rate === best.rate && of.key >= best.of.key)));
}

/** What may be shown next of a piece: one part more, in the beginning with all that it needs. */
function stepsOf(of: Open): readonly Step[] {
  const { parts, chosen } = of;
  const isFirst = chosen.size === 0;
  const needed = isFirst ? parts.needed : [];
  const singles = parts.all.flatMap((_, index) => (chosen.has(index) || needed.includes(index) ? [] : [index]));
  const sets = singles.map((index) => [...needed, index]);
  return (needed.length === 0 ? sets : [needed, ...sets]).map((added): Step => {
    const texts = added.flatMap((index) => parts.all[index] ?? []);
    const price = texts.reduce((sum, { tokens }) => sum + tokens, 0) + (isFirst ? 0 : holeTokens);
    const least = added.some((index) => of.used.has(index)) ? leastUsedShare : 0;
    return { of, added, parts: texts, price, least, rate: Number.POSITIVE_INFINITY };
  });
}

const none: ReadonlySet<number> = new Set();
const called = /([\p{L}_$][\p{L}\p{N}_$]*)\s*\(/gu;

/** A name is the subject's when all of its words are, and it as a whole. @param isAlone whether a piece of its own shows it */
function partsDeclaring(
  { all }: Parts,
  subject: ReadonlySet<string>,
  isAlone: (name: string) => boolean,
): ReadonlySet<number> {
  const isUsed = (name: string): boolean => {
    const terms = textTerms(name);
    return terms.length > 0 && terms.every((term) => subject.has(term)) && !isAlone(name);
  };
  return new Set(
    all.flatMap(({ text }, index) => ([...text.matchAll(called)].some(([, name = '']) => isUsed(name)) ? [index] : [])),
  );
}

function tokensWith({ piece, parts, chosen }: Open, added: readonly number[]): number {
  return estimateTokens(textOf(parts, new Set([...chosen, ...added]), piece.form));
}

function shownOf({ piece, parts, chosen }: Open): Candidate {
  if (chosen.size === parts.all.length) return piece;
  const text = textOf(parts, chosen, piece.form);
  return { ...piece, text, tokens: estimateTokens(text), form: piece.form === 'body' ? 'compressed' : piece.form };
}
