import type { LanguageId, OutlineSymbol } from '../../types/outline.ts';

/** A name to which the language itself gives a meaning. */
interface Meaning {
  readonly says: string;
  /** Without the receiver; any number when absent. */
  readonly parameters?: number;
  readonly of: 'method' | 'function' | 'any';
}

const textForm: Meaning = { says: 'Gives its text form', parameters: 0, of: 'method' };
const forDevelopers: Meaning = { says: 'Gives its text form for developers', parameters: 0, of: 'method' };
const equality: Meaning = { says: 'Tells whether another object is equal', parameters: 1, of: 'method' };
const hash: Meaning = { says: 'Gives its hash code', parameters: 0, of: 'method' };
const comparison: Meaning = { says: 'Compares itself with another object', parameters: 1, of: 'method' };
const entryPoint: Meaning = { says: 'Is the entry point of the program', of: 'function' };
const entryMethod: Meaning = { says: 'Is the entry point of the program', of: 'any' };
const protocol = (says: string): Meaning => ({ says, of: 'method' });

const jvm = { toString: textForm, equals: equality, hashCode: hash, compareTo: comparison };
const ecmaScript = {
  toString: textForm,
  toJSON: { says: 'Gives its form for JSON', of: 'method' },
} satisfies Record<string, Meaning>;

/** What a language calls by these names, whatever a program does in them. */
const meanings: Partial<Record<LanguageId, Readonly<Record<string, Meaning>>>> = {
  typescript: ecmaScript,
  typescriptreact: ecmaScript,
  javascript: ecmaScript,
  javascriptreact: ecmaScript,
  java: {
    ...jvm,
    main: entryMethod,
    finalize: { says: 'Runs before the object is collected as garbage', parameters: 0, of: 'method' },
  },
  kotlin: { ...jvm, main: entryPoint },
  scala: { ...jvm, main: entryMethod },
  csharp: { ToString: textForm, Equals: equality, GetHashCode: hash, CompareTo: comparison, Main: entryMethod },
  ruby: { to_s: textForm, inspect: forDevelopers },
  php: { __toString: textForm },
  c: { main: entryPoint },
  cpp: { main: entryPoint },
  go: { main: entryPoint },
  rust: { main: entryPoint },
  python: {
    __str__: textForm,
    __repr__: forDevelopers,
    __eq__: equality,
    __hash__: hash,
    __lt__: protocol('Tells whether it comes before another object'),
    __len__: protocol('Gives its length'),
    __iter__: protocol('Iterates over its elements'),
    __next__: protocol('Gives the next element'),
    __getitem__: protocol('Gives the element at a key'),
    __setitem__: protocol('Sets the element at a key'),
    __delitem__: protocol('Deletes the element at a key'),
    __contains__: protocol('Tells whether it contains an element'),
    __call__: protocol('Runs when the object is called'),
    __enter__: protocol('Enters the context'),
    __exit__: protocol('Leaves the context'),
    __del__: protocol('Runs when the object is destroyed'),
    __getattr__: protocol('Gives an attribute that was not found elsewhere'),
    __bool__: protocol('Tells whether it counts as true'),
  },
};

/** What the language says of a symbol's name; undefined where it says nothing. */
export function wellKnown(symbol: OutlineSymbol, language: LanguageId, parameters: number): string | undefined {
  const ofLanguage = meanings[language] ?? {};
  const meaning = Object.hasOwn(ofLanguage, symbol.name) ? ofLanguage[symbol.name] : undefined;
  if (meaning === undefined || (meaning.parameters ?? parameters) !== parameters) return undefined;
  const isThere = meaning.of === 'any' || meaning.of === symbol.kind;
  return isThere ? meaning.says : undefined;
}
