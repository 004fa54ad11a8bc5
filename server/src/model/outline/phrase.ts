import type { LanguageId, OutlineSymbol, SymbolFacts, SymbolKind } from '../../types/outline.ts';
import { declaredThing, givesBack, mayAnswer, namedParameters } from './signatureFacts.ts';
import { isDoubtful, isReflexive, isTransitive, thirdPerson, verbOf } from './verbs.ts';
import { wellKnown } from './wellKnown.ts';
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
  readonly language: LanguageId;
}

/** What has a name that says what it does. A macro, a label or a constant may do anything under any name. */
const doers: ReadonlySet<SymbolKind> = new Set(['function', 'method', 'constructor', 'property', 'field']);
/** Names there are labels and abbreviations: few are words. */
const abbreviating: ReadonlySet<LanguageId> = new Set(['asm', 'hlasm']);
/** Elsewhere a function that begins with a capital is named like the thing that it makes: a component, a constructor. */
const capitalizing: ReadonlySet<LanguageId> = new Set(['csharp', 'go', 'c', 'cpp']);

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

/**
 * The phrase that the name suggests, or undefined when it suggests none: then only facts are told. A reader forgives a missing phrase and
 * never a wrong one, so that a name that can be read in two ways suggests none.
 */
export function phraseOf(symbol: OutlineSymbol, facts: SymbolFacts, around: Surroundings): Phrase | undefined {
  const { language } = around;
  if (!doers.has(symbol.kind) || abbreviating.has(language)) return undefined;
  const said = wellKnown(symbol, language, namedParameters(facts).length);
  if (said !== undefined) return plainPhrase(said, /^(?:Gives|Tells)/.test(said));
  if (isConstructor(symbol, around)) return creation(symbol, around);
  if (/^_*\p{Lu}\p{L}*\p{Ll}/u.test(symbol.name) && !capitalizing.has(language)) return undefined;
  // Ruby's `compare_by_identity?` asks.
  if (symbol.name.endsWith('?')) return undefined;
  const words = wordsOf(symbol.name);
  const [first, ...rest] = words;
  if (first === undefined || words.length > 12 || words.some((word) => !isWord(word))) return undefined;
  const isThing = symbol.kind === 'property' || symbol.kind === 'field';
  const question = questionPhrase(first.toLowerCase(), rest, symbol, facts) ?? innerQuestion(words, facts);
  if (question !== undefined || isThing) return question ?? nounPhrase(words, symbol, facts);
  return (
    prefixPhrase(first.toLowerCase(), rest, facts) ??
    verbPhrase(first.toLowerCase(), rest, facts, around) ??
    conversionPhrase(words, facts) ??
    nounPhrase(words, symbol, facts)
  );
}

/** Two letters and more: what is shorter is an abbreviation or was torn apart (`getBBox`). */
function isWord(word: string): boolean {
  return /^\p{L}{2,}\p{N}*$/u.test(word);
}

/** Words that leave a phrase open at its end. */
const open = new Set(
  `a an and as at before after between but by for from if in into is not of off on or out over per than that the then to under until up via
   when where while with without`.split(/\s+/),
);

/** Whether words can be what something is done to: they neither stay open nor are a second thing that is done. */
function isObject(words: readonly string[]): boolean {
  const last = words.at(-1) ?? '';
  const joint = words.findIndex((word) => word === 'and' || word === 'or');
  return !open.has(last) && !isVerb(last) && (joint < 0 || verbOf(words[joint + 1] ?? '') === undefined);
}

function plainPhrase(text: string, saysResult = false): Phrase {
  return { text, namesParameter: false, saysResult };
}

function isConstructor(symbol: OutlineSymbol, around: Surroundings): boolean {
  return symbol.kind === 'constructor' || symbol.name === '__init__' || symbol.name === className(around);
}

/** `Outer.Inner#2` is the path of a class; its name is the last part, in PHP without the namespace. */
function className({ owner }: Surroundings): string | undefined {
  return owner?.replace(/#\d+$/, '').split(/[.\\]/).at(-1);
}

function creation(symbol: OutlineSymbol, around: Surroundings): Phrase {
  const generic = /^(?:constructor|__init__|__construct|init|initialize|new)$/.test(symbol.name);
  const name = generic ? className(around) : symbol.name;
  return plainPhrase(name === undefined ? 'Creates an instance' : `Creates a new ${code(name)}`, true);
}

/** Questions that may be asked of a parameter; the others are asked of the object: `canRead(path)` is not whether the path can read. */
const askedOfParameter = new Set(['is', 'are', 'was', 'exists']);
/** Longer ones are no English any more: `isInputFileReadFailed`. */
const longestQuestion = 2;

/** `isEmpty` → tells whether it is empty; only where a value comes back. */
function questionPhrase(
  first: string,
  rest: readonly string[],
  symbol: OutlineSymbol,
  facts: SymbolFacts,
): Phrase | undefined {
  const verb = Object.hasOwn(questions, first) ? questions[first] : undefined;
  if (verb === undefined || !mayAnswer(facts) || rest.length > longestQuestion) return undefined;
  // `existsInternal` is no question any more.
  if ((rest.length === 0) !== (first === 'exists')) return undefined;
  const [only, ...others] = namedParameters(facts);
  const isOpen = open.has(rest.at(-1) ?? '');
  const asked = [verb, ...rest].join(' ');
  const ofObject = symbol.kind === 'method' || symbol.kind === 'property' || symbol.kind === 'field';
  if (only === undefined) return isOpen ? undefined : plainPhrase(`Tells whether it ${asked}`, true);
  if (isOpen) {
    const isWhole = others.length === 0 && ofObject;
    return isWhole
      ? { text: `Tells whether it ${asked} ${code(only)}`, namesParameter: true, saysResult: true }
      : undefined;
  }
  if (others.length === 0 && askedOfParameter.has(first))
    return { text: `Tells whether ${code(only)} ${asked}`, namesParameter: true, saysResult: true };
  return ofObject ? plainPhrase(`Tells whether it ${asked}`, true) : undefined;
}

/** Names that start with a preposition: `onClick`, `toJson`, `fromBytes`, `testParsing`. */
function prefixPhrase(first: string, rest: readonly string[], facts: SymbolFacts): Phrase | undefined {
  if (rest.length === 0 || !isObject(rest)) return undefined;
  const object = rest.join(' ');
  const gives = givesBack(facts);
  switch (first) {
    case 'on':
      return gives ? undefined : plainPhrase(`Handles ${object}`);
    case 'to':
    case 'as':
    case 'into':
      return gives ? plainPhrase(`Converts to ${object}`, true) : undefined;
    case 'from':
      return gives ? plainPhrase(`Creates an instance from ${object}`, true) : undefined;
    case 'test':
    case 'should':
    case 'it':
      return gives ? undefined : plainPhrase(`Tests ${object}`);
    case 'new':
      return gives ? plainPhrase(`Creates a new ${object}`, true) : undefined;
    case 'before':
    case 'after':
      return gives ? undefined : plainPhrase(`Runs ${first} ${object}`);
    default:
      return undefined;
  }
}

/** A verb that is as often a noun (`streamWeight`) is none where a value comes back: it may be that value's name. */
function verbPhrase(
  first: string,
  rest: readonly string[],
  facts: SymbolFacts,
  around: Surroundings,
): Phrase | undefined {
  const verb = verbOf(first);
  if (
    verb === undefined ||
    (isDoubtful(verb) && (givesBack(facts) || isVerb(rest[0]) || /ed$/.test(rest.at(-1) ?? '')))
  )
    return undefined;
  const start = capitalized(thirdPerson(verb));
  const object = (verb === 'tear' || verb === 'shut') && rest[0] === 'down' ? rest.slice(1) : rest;
  if (object.length > 0)
    return isObject(object) && object[0] !== 'of' ? plainPhrase(`${start} ${object.join(' ')}`) : undefined;
  const [only, ...others] = namedParameters(facts);
  // `skip(skip)` is no English.
  if (only !== undefined && others.length === 0 && !isDoubtful(verb) && isTransitive(verb) && only !== first) {
    return { text: `${start} ${code(only)}`, namesParameter: true, saysResult: false };
  }
  const owner = className(around);
  // Without an object the verb alone says less than the facts do.
  return only === undefined && owner !== undefined && isReflexive(verb)
    ? plainPhrase(`${start} the ${code(owner)}`)
    : undefined;
}

/** `json_to_yaml(text)` → converts json to yaml; `animateToCoordinate` gives nothing that it could have converted. */
function conversionPhrase(words: readonly string[], facts: SymbolFacts): Phrase | undefined {
  const [from = '', to, what = ''] = words;
  const isOne = words.length === 3 && (to === 'to' || to === 'into') && !isVerb(from) && isObject([what]);
  const converts =
    isOne && givesBack(facts) && namedParameters(facts).length === 1 && !/bool/i.test(facts.returnType ?? '');
  return converts ? plainPhrase(`Converts ${from} to ${what}`, true) : undefined;
}

/**
 * `hostOf(url)` → gives the host of `url`. Other names are nouns for certain only where they name a property, or a method that takes nothing
 * and declares what it gives: `size()`. Participles and abbreviations are none.
 */
function nounPhrase(words: readonly string[], symbol: OutlineSymbol, facts: SymbolFacts): Phrase | undefined {
  if (words.some((word) => !/^\p{L}{2,}$/u.test(word))) return undefined;
  const parameters = namedParameters(facts);
  const [only] = parameters;
  const last = words.at(-1) ?? '';
  const isThing = symbol.kind === 'property' || symbol.kind === 'field';
  if ((last === 'of' || last === 'for') && words.length > 1 && only !== undefined && givesBack(facts)) {
    const noun = words.slice(0, -1);
    if (!isObject(noun) || isVerb(noun[0])) return undefined;
    const text = `Gives the ${noun.join(' ')}`;
    if (parameters.length > 1) return plainPhrase(text, true);
    return { text: `${text} ${last} ${code(only)}`, namesParameter: true, saysResult: true };
  }
  if (last.length < 3 || notNoun.test(last) || words.some(isVerb) || !isObject(words)) return undefined;
  const isAccessor = isThing
    ? givesBack(facts)
    : symbol.kind === 'method' && parameters.length === 0 && declaredThing(facts) !== undefined;
  return isAccessor ? plainPhrase(`Gives the ${words.join(' ')}`, true) : undefined;
}

/** Endings of participles and adjectives, and words that leave a phrase open. */
const notNoun =
  /(?:ed|ing|able|ful|ous|ly)$|^(?:from|with|into|and|not)$|^is(?:dir|file|link|alpha|digit|space|empty|null|none)/;

/** Whether a word can only be a verb. */
function isVerb(word: string | undefined): boolean {
  const verb = word === undefined ? undefined : verbOf(word);
  return (verb !== undefined && !isDoubtful(verb)) || (word !== undefined && Object.hasOwn(questions, word));
}

/** `list_is_empty` → tells whether list is empty; of more words it cannot be known which belong together. */
function innerQuestion(words: readonly string[], facts: SymbolFacts): Phrase | undefined {
  const [subject = '', verb = '', state = ''] = words;
  const isOne = words.length === 3 && (verb === 'is' || verb === 'has' || verb === 'can') && !isVerb(subject);
  if (!isOne || open.has(state) || !mayAnswer(facts)) return undefined;
  return plainPhrase(`Tells whether ${words.join(' ')}`, true);
}
