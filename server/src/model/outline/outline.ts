import { cleanLine, textLimits } from '../../summary/clean.ts';
import { namesOnlyShown } from '../../summary/ground.ts';
import type { CallSite, LanguageId, SymbolFacts, SymbolKind } from '../../types/outline.ts';
import type { Produced, ProduceRequest, Producer } from '../../types/produce.ts';
import { noUsage, type ProducerIdentity, type SummaryText } from '../../types/summary.ts';
import { throwIfAborted } from '../clock.ts';
import { authorText } from './authorDoc.ts';
import { containerText, fileText, partitionText } from './containers.ts';
import { distinctCalls, factSentences, kindWord } from './facts.ts';
import { type Phrase, phraseOf } from './phrase.ts';
import { namedParameters, raisedTypes, resultOf } from './signatureFacts.ts';
import { sourceClauses } from './sourceFacts.ts';
import { capitalized, code, decapitalized, lineCount, listOf, withArticle } from './words.ts';

/** Raise when the wording changes: it is part of every key, so that old sentences turn stale. */
const identity: ProducerIdentity = { provider: 'outline', model: 'outline-4' };

/** Longest line, in characters; clauses that do not fit are left to the paragraph. */
const longestLine = 140;

const containers: ReadonlySet<SymbolKind> = new Set([
  'class',
  'interface',
  'struct',
  'enum',
  'module',
  'namespace',
  'package',
  'object',
]);

/**
 * Says what the source itself shows, without any model: the author's own first sentence where there is a doc comment (origin `author`), else
 * a plain sentence from name, parameters, result and calls (origin `outline`). Never guesses beyond the name, never pads, makes no claims.
 */
export function outlineProducer(): Producer {
  return {
    identity,
    local: true,
    async produce(request, signal) {
      throwIfAborted(signal);
      return quoted(request) ?? finished(groundedText(request), 'outline');
    },
  };
}

function finished(summary: SummaryText, origin: 'author' | 'outline'): Produced {
  return { kind: 'text', summary, origin, producer: identity, usage: noUsage };
}

function quoted(request: ProduceRequest): Produced | undefined {
  const author =
    request.symbol?.doc === undefined ? undefined : authorText(request.symbol.doc, request.subject.language);
  // Of a comment that is nothing but a link, nothing is left to show.
  if (author === undefined || cleanLine(author.line, textLimits.line) === '') return undefined;
  const shown = author.rest === '' ? fromTheCode(request) : author.rest;
  return finished({ line: author.line, paragraph: shown, claims: [] }, 'author');
}

/** What the syntax adds to an author's single sentence, and says that it does; nothing where it has nothing to add. */
function fromTheCode(request: ProduceRequest): string {
  const { symbol, facts, subject } = request;
  if (symbol === undefined || facts === undefined || isContainer(request)) return '';
  const sentences = [...factSentences(facts, subject.language, symbol.name), ...sourceSentences(request)];
  return sentences.length === 0 ? '' : `From the code: ${decapitalized(sentences.join(' '))}`;
}

function isContainer({ symbol, parts, facts }: ProduceRequest): boolean {
  if (symbol === undefined || containers.has(symbol.kind)) return true;
  return parts.length > 0 && (facts === undefined || facts.parameters.length === 0);
}

/**
 * What is said names only what is shown, whatever the parser took for a name: an answer of ours that did not would be refused as a model's is,
 * and there is nobody to ask again.
 */
function groundedText(request: ProduceRequest): SummaryText {
  const text = plainText(request);
  return namesOnlyShown(text.line, request) ? text : { ...text, line: plainestLine(request) };
}

/** Kind, name and size, which nothing can be wrong with. */
function plainestLine(request: ProduceRequest): string {
  const { symbol, subject } = request;
  const size = `of ${lineCount(request)}`;
  if (symbol === undefined) return `Text ${size}.`;
  const kind = capitalized(kindWord(symbol.kind, subject.language));
  const named = `${kind} ${code(symbol.name)} ${size}.`;
  return namesOnlyShown(named, request) ? named : `${kind} ${size}.`;
}

function plainText(request: ProduceRequest): SummaryText {
  const { symbol, facts } = request;
  if (symbol === undefined && request.subject.title !== undefined) return partitionText(request, request.subject.title);
  if (symbol === undefined) return fileText(request);
  if (isContainer(request)) return containerText(request, symbol.name);
  return callableText(request, facts ?? noFacts);
}

const noFacts: SymbolFacts = { parameters: [], returnsValue: false, calls: [], raises: [], bases: [] };

function callableText(request: ProduceRequest, facts: SymbolFacts): SummaryText {
  const { symbol, subject } = request;
  if (symbol === undefined) return fileText(request);
  const owner = request.pieces.find((piece) => piece.role === 'class')?.symbol;
  const phrase =
    isBareWord(symbol.name, subject.language) || isTest(request)
      ? undefined
      : phraseOf(symbol, facts, { owner, language: subject.language });
  const sentences = [...factSentences(facts, subject.language, symbol.name), ...sourceSentences(request)];
  const what = `${code(symbol.name)} is ${withArticle(kindWord(symbol.kind, subject.language))}${owner === undefined ? '' : ` of ${code(owner)}`}.`;
  const paragraph = sentences.length === 0 ? '' : [what, ...sentences].join(' ');
  return { line: lineOf(request, facts, phrase), paragraph, claims: [] };
}

/** `END` and `START` are where a routine of MUMPS ends and starts, not what it does; few of its labels are words. */
function isBareWord(name: string, language: LanguageId): boolean {
  return language === 'mumps' && /^[A-Za-z]+\d*$/.test(name);
}

const testMark =
  /#\[(?:\w+::)*test\b|@(?:\w+\.)*(?:Parameterized|Repeated)?Test\b|\[(?:Test|TestCase|TestMethod|Fact|Theory)\b/;

/** Marked as a test, whose name says what holds and not what is done: `trim_ascii_with_line_term`. */
function isTest({ source, symbol }: ProduceRequest): boolean {
  const head = source.slice(0, Math.max(0, source.indexOf(symbol?.name ?? '')));
  return testMark.test(head);
}

function sourceSentences({ source, subject }: ProduceRequest): readonly string[] {
  const clauses = sourceClauses(source, subject.language);
  return clauses.length === 0 ? [] : [`It ${joined(clauses)}.`];
}

function lineOf(request: ProduceRequest, facts: SymbolFacts, phrase: Phrase | undefined): string {
  const { symbol, subject } = request;
  const kind = isTest(request) ? 'test' : kindWord(symbol?.kind ?? 'function', subject.language);
  const named = `${capitalized(kind)} ${code(symbol?.name ?? '')}`;
  const clauses = clausesOf(facts, phrase, request);
  const joint = phrase === undefined ? ' ' : '; ';
  let line = phrase?.text ?? named;
  const said: string[] = [];
  const whole = (more: readonly string[]): string => (more.length === 0 ? line : `${line}${joint}${joined(more)}`);
  for (const clause of clauses) {
    if (clause.startsWith('given ')) {
      if (line.length + clause.length + 2 < longestLine) line += `, ${clause}`;
    } else if (whole([...said, clause]).length < longestLine) {
      said.push(clause);
    }
  }
  line = whole(said);
  return `${line === named ? `${line} of ${lineCount(request)}` : line}.`;
}

/** `takes a, returns b and may raise c`. */
function joined(clauses: readonly string[]): string {
  return clauses.length < 2 ? clauses.join('') : `${clauses.slice(0, -1).join(', ')} and ${clauses.at(-1)}`;
}

/** What is worth a place in the one line, most telling first. */
function clausesOf(facts: SymbolFacts, phrase: Phrase | undefined, request: ProduceRequest): readonly string[] {
  const { language } = request.subject;
  const parameters = phrase?.namesParameter === true ? [] : namedParameters(facts);
  const result = resultOf(facts, language);
  const raised = raisedTypes(facts, language);
  const saysEnough = phrase?.saysResult === true && (result === 'a value' || /^`bool(?:ean)?`$/i.test(result ?? ''));
  const isThin = parameters.length === 0 && (result === undefined || result === 'a value');
  return [
    parameters.length === 0 ? '' : `${phrase === undefined ? 'takes' : 'given'} ${listOf(parameters, 3)}`,
    result === undefined || saysEnough ? '' : `returns ${result}`,
    raised.length === 0 ? '' : `may raise ${listOf(raised, 2)}`,
    isThin ? doingClause(facts, language, request.symbol?.name ?? '') : '',
    ...(isThin ? sourceClauses(request.source, language).slice(0, 2) : []),
  ].filter((clause) => clause !== '');
}

/** What a function without inputs and outputs to tell of does: the first kind of use that it has. */
function doingClause(facts: SymbolFacts, language: LanguageId, own: string): string {
  const names = (kind: CallSite['kind']): readonly string[] => distinctCalls(facts, kind, language, own);
  const [calls, made, macros, branches] = [names('call'), names('new'), names('macro'), names('branch')];
  if (calls.length > 0) return `calls ${listOf(calls, 2)}`;
  if (made.length > 0) return `creates ${listOf(made, 2)}`;
  if (macros.length > 0) return `uses ${listOf(macros, 3)}`;
  return branches.length > 0 ? `branches to ${listOf(branches, 3)}` : '';
}
