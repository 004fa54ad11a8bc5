import type { LanguageId } from '../../types/outline.ts';
import type { ModelDescription } from './description.ts';
import type { PromptInput } from './tasks.ts';
import type { Tokenizer } from './tokenizer.ts';

/** A prompt as ids, ending with `<|doc|>`. */
export interface PromptTokens {
  readonly ids: readonly number[];
  /** Length of the beginning that all symbols of one class (or file, outside classes) share: language, path and class. */
  readonly shared: number;
}

/** Names of languages in the model, where they are not VS Code's. */
const modelNames: Partial<Record<LanguageId, string>> = {
  typescriptreact: 'typescript',
  javascriptreact: 'javascript',
  hlasm: 'asm',
  shellscript: 'shell',
};

/** The language as the model (and its calibration) names it. */
export function modelLanguage(language: LanguageId): string {
  return modelNames[language] ?? language;
}

export function languageToken(language: LanguageId | undefined, { specials }: ModelDescription): number {
  const name = language === undefined ? 'other' : modelLanguage(language);
  return specials[`<|${name}|>`] ?? special('other', specials);
}

export function special(name: string, specials: ModelDescription['specials']): number {
  const id = specials[`<|${name}|>`];
  if (id === undefined) throw new Error(`the model has no <|${name}|>`);
  return id;
}

/** The counterpart of training/layout.py and encode.py: same sections, same order, same limits; held equal by a test. */
export function promptTokens(input: PromptInput, tokenizer: Tokenizer, description: ModelDescription): PromptTokens {
  const { limits, specials } = description;
  const id = (name: string): number => special(name, specials);
  const section = (name: string, ids: readonly number[]): readonly number[] =>
    ids.length === 0 ? [] : [id(name), ...ids];
  const sentence = (text: string, limit: number): readonly number[] => tokenizer.encode(` ${text}`, limit);
  const path = tokenizer.encode(shortPath(input.path));
  const start = [
    languageToken(input.language, description),
    ...section('path', path.slice(-limits.max_path)),
    ...section('cls', tokenizer.encode(input.owner, limits.max_class)),
  ];
  const code = tokenizer.encode(input.code, limits.max_code + 1);
  const ids = [
    ...start,
    ...section('calls', tokenizer.encode(input.calls.join(' '), limits.max_calls)),
    ...input.callees
      .slice(0, limits.max_callees)
      .flatMap((callee) => [
        id('callee'),
        ...tokenizer.encode(callee.name, limits.max_callee_name),
        id('sum'),
        ...sentence(callee.sentence, limits.max_callee_doc),
      ]),
    ...input.examples
      .slice(0, limits.max_examples)
      .flatMap((example) => [
        id('ex'),
        ...tokenizer.encode(example.head, limits.max_example_head),
        id('sum'),
        ...sentence(example.sentence, limits.max_example_doc),
      ]),
    id('code'),
    ...code.slice(0, limits.max_code),
    ...(code.length > limits.max_code ? [id('trunc')] : []),
    id('doc'),
  ];
  return { ids, shared: start.length };
}

/** Folder and file name. */
function shortPath(path: string): string {
  return path.split('/').slice(-2).join('/');
}

/** `<|lang|><|query|> text<|emb|>`: what is looked for, as the model embeds it. */
export function queryTokens(
  language: LanguageId | undefined,
  text: string,
  tokenizer: Tokenizer,
  description: ModelDescription,
): readonly number[] {
  const { limits, specials } = description;
  const words = tokenizer.encode(` ${text}`, limits.max_query);
  return [languageToken(language, description), special('query', specials), ...words, special('emb', specials)];
}
