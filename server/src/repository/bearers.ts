import { endsIn, type FilePlace, type ImportTargets, lastParts } from './importTargets.ts';

/** A symbol that bears the name that is called. */
export interface Candidate {
  readonly symbol: number;
  readonly name: string;
  readonly kind: string;
  /** Where it begins, with its comment and without, and its last line; 0-based. */
  readonly top: number;
  readonly line: number;
  readonly endLine: number;
  readonly parent: number | undefined;
  /** The symbol around it. */
  readonly owner: { readonly name: string; readonly kind: string } | undefined;
  readonly file: number;
  readonly place: FilePlace;
  readonly language: string;
}

/** The callable symbols of one name in one family of languages, by what a call may know of them. */
export interface Bearers {
  readonly all: readonly Candidate[];
  readonly inScope: (symbol: number) => Candidate | undefined;
  readonly inFile: (file: number) => readonly Candidate[];
  /** By the name of the symbol around them, or of their file. */
  readonly ownedBy: (name: string) => readonly Candidate[];
  readonly inFolder: (folder: string) => readonly Candidate[];
  readonly imported: (file: number, targets: ImportTargets) => readonly Candidate[];
}

/** All symbols of one name, in the order of their places. */
export interface SymbolsOfName {
  readonly all: readonly Candidate[];
  /** Those directly in another symbol. */
  readonly within: (parent: number) => readonly Candidate[];
  /** Those at the top of a file. */
  readonly atTopOf: (file: number) => readonly Candidate[];
}

/** Of fewer symbols than this each is looked at. */
const worthSorting = 12;

/** Names that many bear are sorted once: they are asked for thousands of times. */
export function symbolsOfName(all: readonly Candidate[]): SymbolsOfName {
  if (all.length < worthSorting)
    return {
      all,
      within: (symbol) => all.filter(({ parent }) => parent === symbol),
      atTopOf: (id) => all.filter(({ file, parent }) => file === id && parent === undefined),
    };
  const parents = once(() => groupBy(all, ({ parent }) => (parent === undefined ? [] : [parent])));
  const files = once(() => groupBy(all, ({ file, parent }) => (parent === undefined ? [file] : [])));
  return {
    all,
    within: (symbol) => parents().get(symbol) ?? none,
    atTopOf: (file) => files().get(file) ?? none,
  };
}

const notCalled = new Set(['field', 'enum', 'typeparameter', 'package', 'namespace']);
const families: readonly (readonly string[])[] = [
  ['typescript', 'typescriptreact', 'javascript', 'javascriptreact'],
  ['c', 'cpp'],
  ['java', 'kotlin', 'scala'],
];
const none: readonly Candidate[] = [];

/** False for what no call can mean. */
export function isCalled({ kind }: Candidate): boolean {
  return !notCalled.has(kind);
}

/** Sorts the bearers of a name by family of languages; what no call can mean is left out. */
export function bearersByLanguage(candidates: readonly Candidate[]): (language: string) => Bearers {
  const groups = groupBy(candidates.filter(isCalled), ({ language }) => [familyOf(language)]);
  const known = new Map<string, Bearers>();
  return (language) => {
    const family = familyOf(language);
    const bearers = known.get(family) ?? bearersOf(groups.get(family) ?? none);
    known.set(family, bearers);
    return bearers;
  };
}

function familyOf(language: string): string {
  return families.find((family) => family.includes(language))?.[0] ?? language;
}

function bearersOf(all: readonly Candidate[]): Bearers {
  // Most names are found by the first sign or two: the other groups are never asked for.
  const scopes = once(() => groupBy(all, ({ parent }) => (parent === undefined ? [] : [parent])));
  const files = once(() => groupBy(all, ({ file }) => [file]));
  const owners = once(() =>
    groupBy(all, ({ owner, place }) => [...new Set([place.stem, ...(owner ? [owner.name] : [])])]),
  );
  const folders = once(() => groupBy(all, ({ place }) => [place.folder]));
  const targets = once(() => groupBy(all, ({ place }) => [place.target]));
  const lasts = once(() => groupBy(all, ({ place }) => lastParts(place)));
  // Calls of one file come together: more than the last file's answer is not worth its memory.
  let lastFile: number | undefined;
  let lastImported = none;
  const lookUp = ({ exact, tails }: ImportTargets): readonly Candidate[] => {
    const found = new Set<Candidate>();
    for (const target of exact) for (const each of targets().get(target) ?? none) found.add(each);
    for (const { tail, last } of tails)
      for (const each of lasts().get(last) ?? none) if (endsIn(each.place, tail)) found.add(each);
    return [...found];
  };
  return {
    all,
    inScope: (symbol) => scopes().get(symbol)?.[0],
    inFile: (file) => files().get(file) ?? none,
    ownedBy: (name) => owners().get(name) ?? none,
    inFolder: (folder) => folders().get(folder) ?? none,
    imported(file, wanted) {
      if (file !== lastFile) lastImported = lookUp(wanted);
      lastFile = file;
      return lastImported;
    },
  };
}

/** Lines from the end of an overload to the comment or decorators of the next. */
const maxGap = 3;

/**
 * Of symbols that bear one name in one file: the last that begins at or before a line, else the first. Functions without names, which the
 * outline does not know, may each declare one. Of overloads, which follow each other, the first stands for all.
 */
export function nearest(candidates: readonly Candidate[], line: number): Candidate | undefined {
  let found = candidates.findLastIndex((each) => each.line <= line);
  for (let before = candidates[found - 1]; before !== undefined; before = candidates[found - 1]) {
    if ((candidates[found]?.top ?? 0) > before.endLine + maxGap) break;
    found--;
  }
  return candidates[Math.max(0, found)];
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function groupBy<K>(
  candidates: readonly Candidate[],
  keysOf: (candidate: Candidate) => readonly K[],
): ReadonlyMap<K, readonly Candidate[]> {
  const groups = new Map<K, Candidate[]>();
  for (const candidate of candidates) {
    for (const key of keysOf(candidate)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [candidate]);
      else group.push(candidate);
    }
  }
  return groups;
}
