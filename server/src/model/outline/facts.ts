import type { CallSite, LanguageId, SymbolFacts, SymbolKind } from '../../types/outline.ts';
import { namedParameters } from './phrase.ts';
import { code, listOf } from './words.ts';

/** Calls that every function makes and that tell little: named last. */
const noise = new Set(
  `print println printf log debug info warn error len str int float bool list dict set tuple range isinstance append push map forEach filter
   join toString String Number Boolean Array Object format sizeof strlen memcpy get super assert require echo`.split(
    /\s+/,
  ),
);

/** Return types that give nothing back. */
const nothing = /^(?:void|none|unit|\(\)|undefined|never|noreturn|promise<(?:void|undefined)>|task|future<void>|nil)$/i;

/** What kind of symbol, in the words of its language. */
export function kindWord(kind: SymbolKind, language: LanguageId): string {
  if (language === 'mumps' && (kind === 'function' || kind === 'method' || kind === 'proc')) return 'label';
  if (language === 'mumps' && (kind === 'module' || kind === 'namespace')) return 'routine';
  if (language === 'asm' && kind === 'function') return 'routine';
  switch (kind) {
    case 'section':
      return language === 'hlasm' ? 'control section' : 'section';
    case 'proc':
      return 'procedure';
    case 'typeparameter':
      return 'type parameter';
    default:
      return kind;
  }
}

/** The declared result, unless there is none to speak of. */
export function resultOf(facts: SymbolFacts): string | undefined {
  const type = facts.returnType?.replace(/^\s*(?::|->)\s*/, '').trim() ?? '';
  if (nothing.test(type)) return undefined;
  if (type !== '') return code(type);
  return facts.returnsValue ? 'a value' : undefined;
}

/** How a call is written: `SET^RTN` in MUMPS, `db.find` elsewhere, without the receiver where it is long or the object itself. */
export function calledName(call: CallSite, language: LanguageId): string {
  const receiver = call.receiver ?? '';
  if (language === 'mumps') return receiver === '' ? call.name : `${call.name}^${receiver.replace(/^\^/, '')}`;
  if (/^(?:this|self|cls|super|Self)$/.test(receiver) || !/^[\w$]+(?:(?:\.|::|->)[\w$]+)?$/.test(receiver))
    return call.name;
  return `${receiver}${receiver.includes('::') || language === 'rust' || language === 'cpp' ? separator(call, language) : '.'}${call.name}`;
}

function separator(call: CallSite, language: LanguageId): string {
  return language !== 'cpp' && /^[A-Z]/.test(call.receiver ?? '') ? '::' : '.';
}

/** Distinct names of a kind of call, telling ones first, in order of appearance. */
export function distinctCalls(
  facts: SymbolFacts,
  kinds: readonly CallSite['kind'][],
  language: LanguageId,
): readonly string[] {
  const calls = facts.calls.filter((call) => kinds.includes(call.kind) && call.name !== '');
  const names = (isNoise: boolean): string[] =>
    calls.filter((call) => noise.has(call.name) === isNoise).map((call) => calledName(call, language));
  return [...new Set([...names(false), ...names(true)])];
}

/** Most names in one list of the paragraph. */
const mostNames = 6;

/** Sentences that say what the syntax shows, without the name's guess. Each is true by itself. */
export function factSentences(facts: SymbolFacts, language: LanguageId, ownName: string): readonly string[] {
  const parameters = namedParameters(facts);
  const result = resultOf(facts);
  const calls = distinctCalls(facts, ['call'], language);
  const others = calls.filter((name) => name !== ownName);
  const made = distinctCalls(facts, ['new'], language);
  const macros = distinctCalls(facts, ['macro'], language);
  const branches = distinctCalls(facts, ['branch'], language).filter((name) => name !== ownName);
  const copies = distinctCalls(facts, ['copy'], language);
  const inputs = parameters.length === 0 ? '' : `It takes ${listOf(parameters, mostNames)}`;
  const output = result === undefined ? '' : `returns ${result}`;
  return [
    inputs === '' ? (output === '' ? '' : `It ${output}.`) : `${inputs}${output === '' ? '' : ` and ${output}`}.`,
    facts.raises.length === 0 ? '' : `It may raise ${listOf([...new Set(facts.raises)], mostNames)}.`,
    made.length === 0 ? '' : `It creates ${listOf(made, mostNames)}.`,
    others.length === 0
      ? ''
      : `It calls ${listOf(others, mostNames)}${calls.length > others.length ? ', and itself' : ''}.`,
    others.length === 0 && calls.length > 0 ? 'It calls itself.' : '',
    macros.length === 0 ? '' : `It uses the macros ${listOf(macros, mostNames)}.`,
    branches.length === 0 ? '' : `It branches to ${listOf(branches, mostNames)}.`,
    copies.length === 0 ? '' : `It copies in ${listOf(copies, mostNames)}.`,
  ].filter((sentence) => sentence !== '');
}
