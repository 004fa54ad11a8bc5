import { verbOf } from '../model/outline/verbs.ts';
import { splitIdentifier, stem } from '../repository/identifiers.ts';
import type { EntrySymbol, FileEntry } from './page.ts';

/** A symbol in the feature tree. */
export interface FeatureLeaf {
  readonly path: string;
  readonly symbol: EntrySymbol;
}

/** A topic that many symbols speak of, with narrower topics inside. */
export interface Feature {
  readonly title: string;
  /** Symbols at and below. */
  readonly count: number;
  readonly children: readonly Feature[];
  readonly leaves: readonly FeatureLeaf[];
}

/** Fewer symbols than this make no topic. */
const smallestTopic = 3;
/** A word in more than this share of the symbols says nothing about any of them. */
const widestShare = 0.3;
/** A list this long is still read through. */
const readableList = 12;
/** Symbols that one page lists. */
const longestList = 5_000;
const mostTopics = 120;
const deepest = 3;

const other = 'Other';

/**
 * A second way into the repository beside its folders: by what its symbols are about. EpiCoder (arXiv 2501.04694, section 2.1) lets a model
 * abstract features from code and orders them by how often and how widely they occur; here the summaries are that abstraction already, so the
 * topics are taken from their words without asking anybody: at each level the word that gathers most of what is left,
 * words that nearly all share left aside. The same summaries give the same tree.
 */
export function featureTree(files: readonly FileEntry[]): readonly Feature[] {
  const leaves = files.flatMap(({ path, symbols }) => symbols.map((symbol) => ({ path, symbol })));
  const named = new Map(leaves.map((leaf) => [leaf, nameWords(leaf.symbol)]));
  const vocabulary = new Set([...named.values()].flatMap((each) => [...each.keys()]));
  const words = new Map(
    leaves.map((leaf) => [leaf, new Map([...lineWords(leaf.symbol, vocabulary), ...(named.get(leaf) ?? [])])]),
  );
  const total = leaves.length;
  const shares = new Map<string, number>();
  for (const each of words.values()) for (const word of each.keys()) shares.set(word, (shares.get(word) ?? 0) + 1);
  const common = new Set([...shares].filter(([, count]) => total > 20 && count > total * widestShare).map(([w]) => w));
  return level(leaves, { words, used: common, depth: 0 }).flatMap(divided);
}

/** A topic whose list no page should hold, as several by the order of paths. */
function divided(feature: Feature): readonly Feature[] {
  if (feature.leaves.length <= longestList) return [feature];
  const parts: Feature[] = [];
  for (let start = 0; start < feature.leaves.length; start += longestList) {
    const leaves = feature.leaves.slice(start, start + longestList);
    parts.push({ title: `${feature.title} ${parts.length + 1}`, count: leaves.length, children: [], leaves });
  }
  return parts;
}

interface LevelState {
  readonly words: ReadonlyMap<FeatureLeaf, Words>;
  readonly used: ReadonlySet<string>;
  readonly depth: number;
}

function level(leaves: readonly FeatureLeaf[], state: LevelState): readonly Feature[] {
  const counts = new Map<string, number>();
  const count = (leaf: FeatureLeaf, step: 1 | -1): void => {
    for (const word of state.words.get(leaf)?.keys() ?? []) {
      if (!state.used.has(word)) counts.set(word, (counts.get(word) ?? 0) + step);
    }
  };
  for (const leaf of leaves) count(leaf, 1);
  let left = leaves;
  const features: Feature[] = [];
  while (features.length < mostTopics) {
    const word = widestWord(counts);
    if (word === undefined) break;
    const isInside = (leaf: FeatureLeaf): boolean => state.words.get(leaf)?.has(word) === true;
    const inside = left.filter(isInside);
    left = left.filter((leaf) => !isInside(leaf));
    for (const leaf of inside) count(leaf, -1);
    features.push(featureOf(titleOf(word, inside, state.words), inside, word, state));
  }
  features.sort((a, b) => b.count - a.count || (a.title < b.title ? -1 : 1));
  if (left.length > 0) features.push({ title: other, count: left.length, children: [], leaves: left });
  return features;
}

function featureOf(title: string, leaves: readonly FeatureLeaf[], word: string, state: LevelState): Feature {
  const whole = { title, count: leaves.length, children: [], leaves };
  if (leaves.length <= readableList || state.depth + 1 >= deepest) return whole;
  const children = level(leaves, { ...state, used: new Set([...state.used, word]), depth: state.depth + 1 });
  return children.length < 2 ? whole : { ...whole, children, leaves: [] };
}

/** The word that most of what is left shares; by code unit among equals. */
function widestWord(counts: ReadonlyMap<string, number>): string | undefined {
  let best: string | undefined;
  let most = smallestTopic - 1;
  for (const [word, count] of counts) {
    if (count > most || (count === most && best !== undefined && word < best)) {
      best = word;
      most = count;
    }
  }
  return best;
}

/** The commonest spelling of the word among its symbols, with a capital. */
function titleOf(word: string, leaves: readonly FeatureLeaf[], words: LevelState['words']): string {
  const spellings = new Map<string, number>();
  for (const leaf of leaves) {
    const spelling = words.get(leaf)?.get(word) ?? word;
    spellings.set(spelling, (spellings.get(spelling) ?? 0) + 1);
  }
  const [spelling = word] = [...spellings].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] ?? [];
  return spelling.charAt(0).toUpperCase() + spelling.slice(1);
}

/** Words by stem, with their spelling. */
type Words = ReadonlyMap<string, string>;

const actors: ReadonlySet<EntrySymbol['kind']> = new Set([
  'function',
  'method',
  'constructor',
  'operator',
  'proc',
  'macro',
]);

/** The words of a name; the verb that a function's name begins with is no topic, what it is done to is. */
function nameWords({ name, kind }: EntrySymbol): Words {
  const parts = splitIdentifier(name);
  const isAction = actors.has(kind) && parts[0] !== undefined && verbOf(parts[0]) !== undefined;
  return wordsAmong(isAction ? parts.slice(1) : parts);
}

/** The words of a line that somebody wrote, as far as names of the repository have them, too: its terms, not its grammar. */
function lineWords({ line, isStructural }: EntrySymbol, vocabulary: ReadonlySet<string>): Words {
  if (isStructural) return new Map();
  const prose = (line.match(/\p{L}[\p{L}\d]*/gu) ?? []).slice(1).flatMap((word) => splitIdentifier(word));
  return new Map([...wordsAmong(prose)].filter(([key]) => vocabulary.has(key)));
}

function wordsAmong(spellings: readonly string[]): Words {
  const found = new Map<string, string>();
  for (const spelling of spellings) {
    if (spelling.length < 3 || !/^\p{L}+$/u.test(spelling) || emptyWords.has(spelling)) continue;
    const key = stem(spelling);
    if (!emptyWords.has(key) && !found.has(key)) found.set(key, spelling);
  }
  return found;
}

const emptyWords: ReadonlySet<string> = new Set(
  `the and for from with into onto that this these those its their has have are was were been not all any each every other than then
  when where which while whose who what how why can could may might must shall should will would does did done use uses used using given
  via per out off over under both either else only also such same new old own more most less least first last next one two
  function method class routine value values return returns returned true false null none undefined object objects string strings number
  numbers int bool list lists array arrays map set sets get gets getter setter add adds remove removes create creates make makes is
  init main self arg args param params parameter parameters result results type types name names data item items key keys index
  code file files line lines text test tests call calls called current default optional specified given based contains whether
  if or an as at be by do in it no of on so to up constructor without before after between beside around inside outside too end start
  begin known shown own changed`.split(/\s+/),
);
