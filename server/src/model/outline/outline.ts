import type { SymbolFacts, SymbolKind } from '../../types/outline.ts';
import type { Produced, ProduceRequest, Producer } from '../../types/produce.ts';
import { noUsage, type ProducerIdentity, type SummaryText } from '../../types/summary.ts';
import { throwIfAborted } from '../clock.ts';
import { authorText } from './authorDoc.ts';
import { containerText, fileText } from './containers.ts';
import { distinctCalls, factSentences, kindWord, resultOf } from './facts.ts';
import { namedParameters, type Phrase, phraseOf } from './phrase.ts';
import { capitalized, code, listOf } from './words.ts';

/** Raise when the wording changes: it is part of every key, so that old sentences turn stale. */
const identity: ProducerIdentity = { provider: 'outline', model: 'outline-1' };

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
      return quoted(request) ?? finished(plainText(request), 'outline');
    },
  };
}

function finished(summary: SummaryText, origin: 'author' | 'outline'): Produced {
  return { kind: 'text', summary, origin, producer: identity, usage: noUsage };
}

function quoted(request: ProduceRequest): Produced | undefined {
  const author = request.symbol?.doc === undefined ? undefined : authorText(request.symbol.doc);
  if (author === undefined) return undefined;
  const shown = author.rest === '' ? fromTheCode(request) : author.rest;
  return finished({ line: author.line, paragraph: shown, claims: [] }, 'author');
}

/** What the syntax adds to an author's single sentence, and says that it does. */
function fromTheCode(request: ProduceRequest): string {
  const text = plainText(request).paragraph;
  return text === '' ? '' : `From the code: ${text}`;
}

function plainText(request: ProduceRequest): SummaryText {
  const { symbol, facts } = request;
  if (symbol === undefined) return fileText(request);
  const holdsParts = request.parts.length > 0 || containers.has(symbol.kind);
  if (holdsParts && (containers.has(symbol.kind) || facts === undefined || facts.parameters.length === 0)) {
    return containerText(request, symbol.name);
  }
  return callableText(request, facts ?? noFacts);
}

const noFacts: SymbolFacts = { parameters: [], returnsValue: false, calls: [], raises: [], bases: [] };

function callableText(request: ProduceRequest, facts: SymbolFacts): SummaryText {
  const { symbol, subject } = request;
  if (symbol === undefined) return fileText(request);
  const owner = request.pieces.find((piece) => piece.role === 'class')?.symbol;
  const phrase = phraseOf(symbol, facts, { owner });
  const sentences = factSentences(facts, subject.language, symbol.name);
  const what = `${code(symbol.name)} is a ${kindWord(symbol.kind, subject.language)}${owner === undefined ? '' : ` of ${code(owner)}`}.`;
  return { line: lineOf(request, facts, phrase), paragraph: [what, ...sentences].join(' '), claims: [] };
}

function lineOf(request: ProduceRequest, facts: SymbolFacts, phrase: Phrase | undefined): string {
  const { symbol, subject } = request;
  const name = code(symbol?.name ?? '');
  const start = phrase?.text ?? `${capitalized(kindWord(symbol?.kind ?? 'function', subject.language))} ${name}`;
  let line = start;
  const clauses = clausesOf(facts, phrase, request);
  clauses.forEach((clause, index) => {
    const joint = index === 0 ? (phrase === undefined ? ' ' : '; ') : ', ';
    if (line.length + joint.length + clause.length < longestLine) line += `${joint}${clause}`;
  });
  return `${line}.`;
}

/** What is worth a place in the one line, most telling first. */
function clausesOf(facts: SymbolFacts, phrase: Phrase | undefined, request: ProduceRequest): readonly string[] {
  const { language } = request.subject;
  const parameters = phrase?.namesParameter === true ? [] : namedParameters(facts);
  const result = resultOf(facts);
  const isBoolean = /^`bool(?:ean)?`$/i.test(result ?? '');
  const own = request.symbol?.name;
  const calls = distinctCalls(facts, ['call', 'new'], language).filter((name) => name !== own);
  const macros = distinctCalls(facts, ['macro'], language);
  const branches = distinctCalls(facts, ['branch'], language);
  const isThin = parameters.length === 0 && (result === undefined || result === 'a value');
  const clauses = [
    parameters.length === 0 ? '' : `takes ${listOf(parameters, 3)}`,
    result === undefined || (phrase?.saysResult === true && (isBoolean || result === 'a value'))
      ? ''
      : `returns ${result}`,
    facts.raises.length === 0 ? '' : `may raise ${listOf([...new Set(facts.raises)], 2)}`,
    calls.length > 0 && isThin ? `calls ${listOf(calls, 2)}` : '',
    macros.length > 0 && calls.length === 0 ? `uses ${listOf(macros, 3)}` : '',
    branches.length > 0 && calls.length === 0 && macros.length === 0 ? `branches to ${listOf(branches, 3)}` : '',
  ].filter((clause) => clause !== '');
  return clauses.length === 0 && phrase === undefined ? ['without parameters or result'] : clauses;
}
