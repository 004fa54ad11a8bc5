import type { LanguageId } from '../../types/outline.ts';
import { wordsOf } from '../outline/words.ts';
import type { ModelDescription } from './description.ts';
import { modelLanguage } from './promptTokens.ts';
import type { PromptInput, Sentence } from './tasks.ts';

/** Why a sentence of the model is not shown. */
export type Distrust = 'unsure' | 'unknownName' | 'copied' | 'contrary' | 'broken';

/** Asked where nothing was read: below this too much is wrong in every language. */
const leastConfidence = 0.5;

/** Weights of the log probability, of each token and of the share of shown words beside the fit; found by reading (training/gate.py). */
const logProbabilityWeight = 0.0314;
const tokenWeight = -0.0081;
const shownWeight = 0.1068;

type Calibration = ModelDescription['calibration'][string];
const never: Calibration = { threshold: 1 };

/** Whether the model may speak of this language at all: it was calibrated for it, and not found wanting. */
export function speaks(language: LanguageId, { calibration }: ModelDescription): boolean {
  const { threshold, trust } = calibration[modelLanguage(language)] ?? never;
  return threshold < 1 && (trust ?? 0) < 1;
}

function isUnsure(sentence: Sentence, code: string, { threshold, trust }: Calibration): boolean {
  const confidence = confidenceIn(sentence);
  if (trust === undefined) return confidence < Math.max(leastConfidence, threshold);
  return confidence < threshold || trustIn(sentence, shownShare(code, sentence.text)) < trust;
}

/** Geometric mean of the probabilities of the sentence's tokens, its end included, 0–1. */
export function confidenceIn({ logProbability, outputTokens }: Sentence): number {
  return Math.exp(logProbability / (outputTokens + 1));
}

/**
 * How far a sentence may be believed; held against `model.json` → `calibration` → `trust`.
 * @param shown which share of its words the code holds (`shownShare`)
 */
export function trustIn(
  { fit, logProbability, outputTokens }: Pick<Sentence, 'fit' | 'logProbability' | 'outputTokens'>,
  shown: number,
): number {
  return fit + logProbabilityWeight * logProbability + tokenWeight * (outputTokens + 1) + shownWeight * shown;
}

/** Words that say nothing of what the code is about. */
const filler: ReadonlySet<string> = new Set(
  `this that with from into given when then have been will your their which there where what than them they also only some such each other over more most used
  uses using return returns returned gets sets whether true false otherwise`.split(/\s+/),
);

/**
 * Which share of the sentence's words the code holds, 0–1: words of four letters and more, the same when their first five letters are ("parse",
 * "parses", "parsing"). 0 where it has no such word. The counterpart of training/gate.py.
 */
export function shownShare(code: string, text: string): number {
  const said = beginningsOf(text, 4);
  const held = new Set(beginningsOf(code, 3));
  return said.length === 0 ? 0 : said.filter((word) => held.has(word)).length / said.length;
}

function beginningsOf(text: string, least: number): readonly string[] {
  const apart = text.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2');
  return (apart.toLowerCase().match(/[a-z]+/g) ?? [])
    .filter((word) => word.length >= least && !filler.has(word))
    .map((word) => word.slice(0, 5));
}

/** What speaks against showing the sentence; undefined when nothing does. */
export function distrust(
  sentence: Sentence,
  input: PromptInput,
  { name, description }: { readonly name: string; readonly description: ModelDescription },
): Distrust | undefined {
  const { text } = sentence;
  if (isUnsure(sentence, input.code, description.calibration[modelLanguage(input.language)] ?? never)) return 'unsure';
  if (isBroken(text)) return 'broken';
  const said = [...input.examples, ...input.callees].map(({ sentence }) => folded(sentence));
  if (said.includes(folded(text))) return 'copied';
  if (isContrary(text, name)) return 'contrary';
  return unknownNames(text, input, name).length > 0 ? 'unknownName' : undefined;
}

/**
 * Fewer than three words, a word twice in a row, the same thing on both sides of a preposition ("a mime type to a mime type"), or a name
 * explained by itself ("creates a ScalaMapper for the ScalaMapper").
 */
function isBroken(text: string): boolean {
  const plain = folded(text);
  if (plain.split(' ').length < 3) return true;
  const names = text.match(/[\p{L}_$][\p{L}\p{N}_$]*(?:_|\p{Ll}\p{Lu})[\p{L}\p{N}_$]*/gu) ?? [];
  return (
    new Set(names).size < names.length ||
    /(?:^| )(\p{L}{3,}) \1(?: |$)/u.test(plain) ||
    /(?:^| )(\p{L}+(?: \p{L}+){1,3}) (?:to|from|of|with|for|in|by|via) \1(?: |$)/u.test(plain)
  );
}

function folded(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** A neighbour's sentence fits only too well where the neighbour does the opposite. */
const opposites =
  `get:set read:write add:remove add:delete insert:remove open:close start:stop enable:disable show:hide push:pop lock:unlock
  load:save encode:decode encrypt:decrypt serialize:deserialize attach:detach connect:disconnect increment:decrement begin:end
  register:unregister subscribe:unsubscribe bind:unbind mount:unmount pack:unpack escape:unescape compress:decompress import:export
  min:max minimum:maximum first:last up:down left:right before:after prev:next previous:next parent:child parent:children
  row:column rows:columns width:height encode:parse`
    .split(/\s+/)
    .map((pair) => pair.split(':'));

/** Whether the name holds one word of a pair and the sentence only the other. */
function isContrary(text: string, name: string): boolean {
  const named = new Set(wordsOf(name).map((word) => word.toLowerCase()));
  const said = new Set(
    folded(text)
      .split(' ')
      .flatMap((word) => [word, word.replace(/s$/, ''), word.replace(/es$/, '')]),
  );
  const holds = (words: ReadonlySet<string>, word: string | undefined): boolean =>
    word !== undefined && words.has(word);
  return opposites.some(
    ([left, right]) =>
      (holds(named, left) && !holds(named, right) && holds(said, right) && !holds(said, left)) ||
      (holds(named, right) && !holds(named, left) && holds(said, left) && !holds(said, right)),
  );
}

/**
 * Names and numbers in the sentence that its input does not hold. What is written like code must stand there as it is written; a capital
 * inside the sentence or an abbreviation at least as part of some word (`CSV` of `parseCsv`).
 */
function unknownNames(text: string, input: PromptInput, name: string): readonly string[] {
  const shown = [
    input.path,
    input.owner,
    name,
    ...input.calls,
    ...input.callees.flatMap((callee) => [callee.name, callee.sentence]),
    ...input.examples.flatMap((example) => [example.head, example.sentence]),
    input.code,
  ].join('\n');
  const exact = new Set(shown.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []);
  const loose = shown.toLowerCase();
  const unknown: string[] = [];
  for (const match of text.matchAll(/[\p{L}\p{N}_$]+/gu)) {
    const [word] = match;
    const isCode = /_|\p{Ll}\p{Lu}|\$/u.test(word) || text.startsWith('()', match.index + word.length);
    const isName = /\p{N}/u.test(word) || (/\p{Lu}/u.test(word) && (match.index > 0 || /\p{Lu}.*\p{Lu}/u.test(word)));
    if (isCode ? !exact.has(word) : isName && !loose.includes(word.toLowerCase().replace(/s$/, ''))) unknown.push(word);
  }
  return unknown;
}
