import type { CallSite, LanguageId, SymbolFacts, SymbolKind } from '../../types/outline.ts';
import { namedParameters, raisedTypes, resultOf } from './signatureFacts.ts';
import { listOf } from './words.ts';

/** Calls that every function makes and that tell little: named last. */
const noise = new Set(
  `print println printf log debug info warn error len str int float bool list dict set tuple range isinstance append push map forEach filter
   join toString String Number Boolean Array Object format sizeof strlen memcpy get super assert require echo`.split(
    /\s+/,
  ),
);

/** Where a language has its own word for what the outline counts among others. */
const ownWords: ReadonlyMap<string, string> = new Map([
  ['rust class', 'implementation'],
  ['rust interface', 'trait'],
  ['scala interface', 'trait'],
  ['swift interface', 'protocol'],
  // A class or an extension.
  ['swift class', 'type'],
  // A class or a trait.
  ['php class', 'type'],
]);

/** What kind of symbol, in the words of its language. */
export function kindWord(kind: SymbolKind, language: LanguageId): string {
  if (language === 'mumps' && (kind === 'function' || kind === 'method' || kind === 'proc')) return 'label';
  if (language === 'mumps' && (kind === 'module' || kind === 'namespace')) return 'routine';
  // A table of data has a label, too.
  if (kind === 'function' && language === 'asm') return 'label';
  const own = ownWords.get(`${language} ${kind}`);
  if (own !== undefined) return own;
  if (language === 'hlasm' && (kind === 'function' || kind === 'struct'))
    return kind === 'struct' ? 'dummy section' : 'label';
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

/** Distinct names of a kind of call, telling ones first, in order of appearance; the symbol's own name is left out (see `callsItself`). */
export function distinctCalls(
  facts: SymbolFacts,
  kind: CallSite['kind'],
  language: LanguageId,
  own: string,
): readonly string[] {
  // Python raises by calling the class, which is told already.
  const calls = facts.calls.filter(
    (call) =>
      call.kind === kind && call.name !== '' && !facts.raises.includes(call.name) && isWorthNaming(call, language),
  );
  const names = (isNoise: boolean): string[] =>
    calls.filter((call) => noise.has(call.name) === isNoise).map((call) => calledName(call, language));
  return [...new Set([...names(false), ...names(true)])].filter((name) => name !== own);
}

/** Assembler has no list of what is an instruction and what a macro: only names that no instruction has are told. Local labels tell nothing. */
function isWorthNaming({ kind, name }: CallSite, language: LanguageId): boolean {
  // A line that goes on without its mark in column 72 looks like a statement: `LENGTH(X)` is no macro.
  if (language === 'hlasm') return kind !== 'macro' || !/[(),'=]/.test(name);
  if (language !== 'asm') return true;
  if (kind === 'macro') return name.includes('_') || (/[A-Z]/.test(name) && /[a-z]/.test(name));
  return kind !== 'branch' || !/^(?:\d+[bf]?$|[.$%@])/i.test(name);
}

/** A call of the own name on another object is another function: `super().close()` in `close`. */
function callsItself(facts: SymbolFacts, own: string): boolean {
  return facts.calls.some((call) => call.name === own && /^(?:this|self|cls|Self)?$/.test(call.receiver ?? ''));
}

/** Most names in one list of the paragraph. */
const mostNames = 6;

/** Sentences that say what the syntax shows, without the name's guess. Each is true by itself. */
export function factSentences(facts: SymbolFacts, language: LanguageId, ownName: string): readonly string[] {
  const parameters = namedParameters(facts);
  const result = resultOf(facts, language);
  const named = (kind: CallSite['kind']): readonly string[] => distinctCalls(facts, kind, language, ownName);
  const [calls, made, macros, branches, copies] = [
    named('call'),
    named('new'),
    named('macro'),
    named('branch'),
    named('copy'),
  ];
  const raised = raisedTypes(facts, language);
  const recursive = callsItself(facts, ownName);
  const inputs = parameters.length === 0 ? '' : `It takes ${listOf(parameters, mostNames)}`;
  const output = result === undefined ? '' : `returns ${result}`;
  return [
    inputs === '' ? (output === '' ? '' : `It ${output}.`) : `${inputs}${output === '' ? '' : ` and ${output}`}.`,
    raised.length === 0 ? '' : `It may raise ${listOf(raised, mostNames)}.`,
    made.length === 0 ? '' : `It creates ${listOf(made, mostNames)}.`,
    calls.length === 0 ? '' : `It calls ${listOf(calls, mostNames)}${recursive ? ', and itself' : ''}.`,
    calls.length === 0 && recursive ? 'It calls itself.' : '',
    macros.length === 0 ? '' : `It uses the macros ${listOf(macros, mostNames)}.`,
    branches.length === 0 ? '' : `It branches to ${listOf(branches, mostNames)}.`,
    copies.length === 0 ? '' : `It copies in ${listOf(copies, mostNames)}.`,
  ].filter((sentence) => sentence !== '');
}
