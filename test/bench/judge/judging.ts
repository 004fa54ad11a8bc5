import { mapBounded } from '../../../server/src/summary/mapBounded.ts';
import { type Asker, worstTokens } from './asker.ts';
import { type BenchFile, documentation, shuffled, wrongDocumentation } from './documents.ts';
import {
  compareQuestion,
  largestQuiz,
  type QuizQuestion,
  quizLength,
  quizQuestion,
  takeQuestion,
} from './questions.ts';
import { humanBlindness, mean, meanRating, reliabilityOf, type SwappedPair, selfDisagreement } from './reliability.ts';
import type { Scores, Verdict } from './table.ts';
import type { Commented } from './variants.ts';

const concurrency = 4;

/** Tokens that judging may cost at most, what is already known left out. */
export function judgeForecast(commented: readonly Commented[], asker: Asker): number {
  const files = commented.map(({ file }) => file);
  return commented.reduce((sum, { file, made }, index) => {
    const human = documentation(file.human);
    const others = new Set([wrongDocumentation(files, index), ...made.map(({ text }) => text)]);
    const questions = [quizQuestion(file.text), ...[...others].flatMap((other) => bothOrders(file, human, other))];
    const unknown = questions.filter((question) => !asker.isKnown(question));
    const taken = [undefined, human, ...made.map(({ text }) => text)].map(
      (text) => worstTokens(takeQuestion([], text)) + 4 * largestQuiz,
    );
    // Which quiz will be made is not known yet, so that its takers count as unknown, too.
    const isDone = unknown.length === 0;
    return sum + unknown.reduce((all, one) => all + worstTokens(one), 0) + (isDone ? 0 : mean(taken) * taken.length);
  }, 0);
}

function bothOrders(file: BenchFile, first: string, second: string) {
  return [compareQuestion(file.text, first, second), compareQuestion(file.text, second, first)];
}

/** Holds the judge to the human descriptions first; only one that passes rates the rest and takes the quizzes. */
export async function judgeAll(
  commented: readonly Commented[],
  asker: Asker,
  seed: number,
  signal: AbortSignal,
): Promise<Verdict> {
  const files = commented.map(({ file }) => file);
  const compare = async (file: BenchFile, first: string, second: string): Promise<SwappedPair> => {
    const [forward, backward] = await Promise.all(
      bothOrders(file, first, second).map((question) => asker.ask(file, question, signal)),
    );
    return { forward, backward };
  };
  const trial = await mapBounded([...files.keys()], concurrency, (index) => {
    const file = files[index] as BenchFile;
    return compare(file, documentation(file.human), wrongDocumentation(files, index));
  });
  const failure = selfDisagreement(reliabilityOf(trial)) ?? humanBlindness(trial, seed);
  if (failure !== undefined) return { measured: false, reason: failure };

  const all: SwappedPair[] = [...trial];
  const rated = new Map<string, SwappedPair[]>();
  await mapBounded(commented, concurrency, async ({ file, made }) => {
    for (const { name, text } of made) {
      const pair = await compare(file, text, documentation(file.human));
      all.push(pair);
      rated.set(name, [...(rated.get(name) ?? []), pair]);
    }
  });
  const reliability = reliabilityOf(all);
  const later = selfDisagreement(reliability);
  if (later !== undefined) return { measured: false, reason: later };
  const quizzes = await quizScores(commented, asker, seed, signal);
  const scores = new Map<string, Scores>();
  scores.set('human', scoresOf(trial, quizzes.get('human') ?? []));
  for (const [name, pairs] of rated) scores.set(name, scoresOf(pairs, quizzes.get(name) ?? []));
  return { measured: true, scores, reliability, control: shareOf(quizzes.get(control) ?? []) };
}

const control = 'no comments';

function scoresOf(pairs: readonly SwappedPair[], quiz: readonly number[]): Scores {
  const ratings = pairs.map(meanRating).filter((rating) => rating !== undefined);
  return {
    files: ratings.length,
    completeness: mean(ratings.map(({ completeness }) => completeness)),
    factuality: mean(ratings.map(({ factuality }) => factuality)),
    readability: mean(ratings.map(({ readability }) => readability)),
    usefulness: mean(ratings.map(({ usefulness }) => usefulness)),
    quiz: shareOf(quiz),
  };
}

/** Share of right answers; undefined where nobody took a quiz. */
function shareOf(right: readonly number[]): number | undefined {
  return right.length === 0 ? undefined : mean(right) / quizLength;
}

/** Right answers per file, by whose comments were shown. */
async function quizScores(
  commented: readonly Commented[],
  asker: Asker,
  seed: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const scores = new Map<string, number[]>();
  await mapBounded(commented, concurrency, async ({ file, made }) => {
    const written = await asker.ask(file, quizQuestion(file.text), signal);
    if (written === undefined) return;
    const quiz = written.map((question, index) => mixed(question, seed + index));
    const shown = [
      { name: control, text: undefined },
      { name: 'human', text: documentation(file.human) },
      ...made.map(({ name, text }) => ({ name, text })),
    ];
    for (const { name, text } of shown) {
      const answers = await asker.ask(file, takeQuestion(quiz, text), signal);
      if (answers === undefined) continue;
      const right = quiz.filter(({ answer }, index) => answers[index] === answer).length;
      scores.set(name, [...(scores.get(name) ?? []), right]);
    }
  });
  return scores;
}

/** The options in another order, so that a habit of putting the right one first tells nothing. */
export function mixed({ question, options, answer }: QuizQuestion, seed: number): QuizQuestion {
  const order = shuffled([...options.keys()], seed);
  return { question, options: order.map((at) => options[at] ?? ''), answer: order.indexOf(answer) };
}
