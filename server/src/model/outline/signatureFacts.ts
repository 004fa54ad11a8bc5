import type { LanguageId, SymbolFacts } from '../../types/outline.ts';
import { code } from './words.ts';

/** Return types that give nothing back. */
const nothing = /^(?:void|none|unit|\(\)|undefined|never|noreturn|promise<(?:void|undefined)>|task|future<void>|nil)$/i;

/** Return types of what answers a question; C has an `int` for it, TypeScript also `x is T`. */
const yesNo = /^(?:\w+\.)*(?:bool|boolean|_Bool|BOOL|gboolean|int)$|\bis\b/i;

/** As it is written; of a type in a macro (`AP_DECLARE(int)`), which says how the function is exported, the type. */
function typeOf(facts: SymbolFacts): string {
  const written = facts.returnType?.replace(/^\s*(?::|->)\s*/, '').trim() ?? '';
  return /^\p{Lu}[\p{Lu}\p{N}_]+\(\s*(.*?)\s*\)$/u.exec(written)?.[1] ?? written;
}

/** The declared result, unless there is none to speak of. What a shell function returns is whether it failed. */
export function resultOf(facts: SymbolFacts, language: LanguageId): string | undefined {
  const type = typeOf(facts);
  if (language === 'shellscript' || nothing.test(type)) return undefined;
  if (type !== '') return code(type);
  return facts.returnsValue ? 'a value' : undefined;
}

/** Whether anything comes back. */
export function givesBack(facts: SymbolFacts): boolean {
  const type = typeOf(facts);
  return type === '' ? facts.returnsValue : !nothing.test(type);
}

/** Whether what comes back may be yes or no: as far as the source shows it. */
export function mayAnswer(facts: SymbolFacts): boolean {
  const type = typeOf(facts);
  return type === '' ? facts.returnsValue : yesNo.test(type);
}

/** The declared type of something other than yes or no. */
export function declaredThing(facts: SymbolFacts): string | undefined {
  const type = typeOf(facts);
  return type === '' || nothing.test(type) || /bool/i.test(type) ? undefined : type;
}

/** What may be raised, each once. Where types have capitals, `raise error` names a variable, of which nothing is known. */
export function raisedTypes({ raises }: SymbolFacts, language: LanguageId): readonly string[] {
  const isType = (name: string): boolean => language === 'cpp' || /^_*\p{Lu}/u.test(name.split(/[.:\\]/).at(-1) ?? '');
  return [...new Set(raises)].filter(isType);
}

/** Parameters by their bare names, the receiver (`self`, `this`, `cls`) left out. */
export function namedParameters(facts: SymbolFacts): readonly string[] {
  return facts.parameters
    .map(
      (parameter) =>
        /[\p{L}_$%@#][\p{L}\p{N}_$%@#]*/u.exec(
          parameter.replace(/^(?:\.\.\.|\*{1,2}|&|mut\s+|ref\s+|out\s+)+/, ''),
        )?.[0] ?? '',
    )
    .filter((name) => name !== '' && !/^(?:self|this|cls|_+)$/.test(name));
}
