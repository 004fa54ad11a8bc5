import type { OutlineSymbol, SymbolFacts } from '../../types/outline.ts';
import { isDoubtful, isReflexive, isTransitive, thirdPerson, verbOf } from './verbs.ts';
import { capitalized, code, wordsOf } from './words.ts';

/** What a name says a function does. */
export interface Phrase {
  /** Starts with a capital, ends without a dot: `Parses the header`. */
  readonly text: string;
  /** The parameter is named in it, and need not be named again. */
  readonly namesParameter: boolean;
  /** It says that something is given back. */
  readonly saysResult: boolean;
}

/** What is known of the place of a function. */
export interface Surroundings {
  /** Name of the class or module that it belongs to. */
  readonly owner: string | undefined;
}

const wellKnown: Readonly<Record<string, string>> = {
  toString: 'Gives its text form',
  ToString: 'Gives its text form',
  to_s: 'Gives its text form',
  __str__: 'Gives its text form',
  __repr__: 'Gives its text form for developers',
  inspect: 'Gives its text form for developers',
  toJSON: 'Gives its form for JSON',
  equals: 'Tells whether another object is equal',
  Equals: 'Tells whether another object is equal',
  __eq__: 'Tells whether another object is equal',
  hashCode: 'Gives its hash code',
  GetHashCode: 'Gives its hash code',
  __hash__: 'Gives its hash code',
  compareTo: 'Compares itself with another object',
  __lt__: 'Tells whether it comes before another object',
  __len__: 'Gives its length',
  __iter__: 'Iterates over its elements',
  __next__: 'Gives the next element',
  __getitem__: 'Gives the element at a key',
  __setitem__: 'Sets the element at a key',
  __delitem__: 'Deletes the element at a key',
  __contains__: 'Tells whether it contains an element',
  __call__: 'Runs when the object is called',
  __enter__: 'Enters the context',
  __exit__: 'Leaves the context',
  __del__: 'Runs when the object is destroyed',
  __getattr__: 'Gives an attribute that was not found elsewhere',
  __bool__: 'Tells whether it counts as true',
  main: 'Is the entry point of the program',
  Main: 'Is the entry point of the program',
  finalize: 'Runs when the object is destroyed',
};

const questions: Readonly<Record<string, string>> = {
  is: 'is',
  are: 'are',
  was: 'was',
  has: 'has',
  have: 'have',
  can: 'can',
  should: 'should',
  must: 'must',
  needs: 'needs',
  supports: 'supports',
  contains: 'contains',
  starts: 'starts',
  ends: 'ends',
  includes: 'includes',
  exists: 'exists',
};

/** The phrase that the name suggests, or undefined when it suggests none: then only facts are told. */
export function phraseOf(symbol: OutlineSymbol, facts: SymbolFacts, around: Surroundings): Phrase | undefined {
  const said = Object.hasOwn(wellKnown, symbol.name) ? wellKnown[symbol.name] : undefined;
  if (said !== undefined) return plainPhrase(said, /^(?:Gives|Tells)/.test(said));
  if (isConstructor(symbol, around)) return creation(symbol, around);
  const words = wordsOf(symbol.name);
  const [first, ...rest] = words;
  if (first === undefined || words.length > 12) return undefined;
  return (
    questionPhrase(first.toLowerCase(), rest, facts) ??
    prefixPhrase(first.toLowerCase(), rest) ??
    verbPhrase(first.toLowerCase(), rest, symbol, facts, around) ??
    innerQuestion(words, facts) ??
    conversionPhrase(words) ??
    nounPhrase(words, symbol, facts)
  );
}

function plainPhrase(text: string, saysResult = false): Phrase {
  return { text, namesParameter: false, saysResult };
}

function isConstructor(symbol: OutlineSymbol, around: Surroundings): boolean {
  return symbol.kind === 'constructor' || symbol.name === '__init__' || symbol.name === around.owner;
}

function creation(symbol: OutlineSymbol, around: Surroundings): Phrase {
  const generic = /^(?:constructor|__init__|__construct|init|initialize|new)$/.test(symbol.name);
  const name = generic ? around.owner : symbol.name;
  return plainPhrase(name === undefined ? 'Creates an instance' : `Creates a new ${code(name)}`, true);
}

/** `isEmpty` → tells whether it is empty; only where a value comes back. */
function questionPhrase(first: string, rest: readonly string[], facts: SymbolFacts): Phrase | undefined {
  const verb = Object.hasOwn(questions, first) ? questions[first] : undefined;
  const isYesNo = facts.returnsValue || /^bool/i.test(facts.returnType ?? '');
  if (verb === undefined || !isYesNo || (rest.length === 0 && first !== 'exists' && first !== 'contains'))
    return undefined;
  const [only, ...others] = namedParameters(facts);
  const object = rest.join(' ');
  if (only !== undefined && others.length === 0 && first !== 'contains' && first !== 'has' && first !== 'includes') {
    return {
      text: `Tells whether ${code(only)} ${[verb, object].join(' ').trim()}`,
      namesParameter: true,
      saysResult: true,
    };
  }
  return plainPhrase(`Tells whether it ${[verb, object].join(' ').trim()}`, true);
}

/** Names that start with a preposition: `onClick`, `toJson`, `fromBytes`, `testParsing`. */
function prefixPhrase(first: string, rest: readonly string[]): Phrase | undefined {
  if (rest.length === 0) return undefined;
  const object = rest.join(' ');
  switch (first) {
    case 'on':
      return plainPhrase(`Handles ${object}`);
    case 'to':
    case 'as':
    case 'into':
      return plainPhrase(`Converts to ${object}`, true);
    case 'from':
      return plainPhrase(`Creates an instance from ${object}`, true);
    case 'test':
    case 'should':
    case 'it':
      return plainPhrase(`Tests ${object}`);
    case 'new':
      return plainPhrase(`Creates a new ${object}`, true);
    case 'before':
    case 'after':
      return plainPhrase(`Runs ${first} ${object}`);
    default:
      return undefined;
  }
}

function verbPhrase(
  first: string,
  rest: readonly string[],
  symbol: OutlineSymbol,
  facts: SymbolFacts,
  around: Surroundings,
): Phrase | undefined {
  const verb = verbOf(first);
  if (verb === undefined || rest[0] === 'of' || (isDoubtful(verb) && isVerb(rest[0]))) return undefined;
  const parameters = namedParameters(facts);
  const isProperty = symbol.kind === 'property' || symbol.kind === 'field';
  if (isDoubtful(verb) && facts.returnsValue && (parameters.length === 0 || isProperty)) return undefined;
  const start = capitalized(thirdPerson(verb));
  if (rest.length > 0) return plainPhrase(`${start} ${rest.join(' ')}`);
  const [only, ...others] = parameters;
  if (only !== undefined && others.length === 0 && isTransitive(verb)) {
    return { text: `${start} ${code(only)}`, namesParameter: true, saysResult: false };
  }
  if (parameters.length === 0 && around.owner !== undefined && isReflexive(verb)) {
    return plainPhrase(`${start} the ${code(around.owner)}`);
  }
  return plainPhrase(start);
}

/** `json_to_yaml` → converts json to yaml. */
function conversionPhrase(words: readonly string[]): Phrase | undefined {
  const at = words.findIndex((word) => word === 'to' || word === '2');
  if (at < 1 || at === words.length - 1) return undefined;
  return plainPhrase(`Converts ${words.slice(0, at).join(' ')} to ${words.slice(at + 1).join(' ')}`, true);
}

/**
 * A noun that gives something back: `hostOf(url)` → gives the host of `url`; `firstModel(page)` → gives the first model. A single word is one
 * only for an accessor (`size()`); participles and abbreviations are none.
 */
function nounPhrase(words: readonly string[], symbol: OutlineSymbol, facts: SymbolFacts): Phrase | undefined {
  const gives = facts.returnsValue || (facts.returnType ?? '') !== '';
  if (!gives || words.some((word) => !/^\p{L}{2,}$/u.test(word))) return undefined;
  const parameters = namedParameters(facts);
  const isAccessor = parameters.length === 0 && (symbol.kind === 'method' || symbol.kind === 'property');
  const [only] = parameters;
  const last = words.at(-1) ?? '';
  if ((last === 'of' || last === 'for') && words.length > 1) {
    const noun = words.slice(0, -1).join(' ');
    if (only === undefined || parameters.length > 1) return plainPhrase(`Gives the ${noun}`, true);
    return { text: `Gives the ${noun} ${last} ${code(only)}`, namesParameter: true, saysResult: true };
  }
  if (last.length < 3 || notNoun.test(last) || words.some(isVerb)) return undefined;
  return words.length > 1 || isAccessor ? plainPhrase(`Gives the ${words.join(' ')}`, true) : undefined;
}

/** Endings of participles and adjectives, and words that leave a phrase open. */
const notNoun =
  /(?:ed|ing|able|ful|ous|ly)$|^(?:from|with|into|and|not)$|^is(?:dir|file|link|alpha|digit|space|empty|null|none)/;

/** Whether a word can only be a verb. */
function isVerb(word: string | undefined): boolean {
  const verb = word === undefined ? undefined : verbOf(word);
  return (verb !== undefined && !isDoubtful(verb)) || (word !== undefined && Object.hasOwn(questions, word));
}

/** `list_is_empty` → tells whether list is empty. */
function innerQuestion(words: readonly string[], facts: SymbolFacts): Phrase | undefined {
  const at = words.findIndex((word) => word === 'is' || word === 'has' || word === 'can');
  const gives = facts.returnsValue || (facts.returnType ?? '') !== '';
  if (at < 1 || at === words.length - 1 || !gives) return undefined;
  return plainPhrase(`Tells whether ${words.join(' ')}`, true);
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
