import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Candidate, SymbolsOfName } from './bearers.ts';
import { readLinks } from './fileLinks.ts';
import { type Binding, listed } from './moduleNames.ts';
import { moduleEndings, moduleTargets } from './moduleTargets.ts';
import { keyOf, moduleKey, starKey } from './nameKeys.ts';

/** What a name in a file means. */
export type Meaning =
  /** `notes`: it is a variable as well, as where an interface and a constant share a name. */
  | { readonly kind: 'symbols'; readonly symbols: readonly Candidate[]; readonly notes: readonly NotedType[] }
  | { readonly kind: 'module'; readonly file: number }
  /** A variable of the file, or of functions without names in it. */
  | { readonly kind: 'variable'; readonly file: number; readonly notes: readonly NotedType[] }
  /** It is imported from what the repository does not have. */
  | { readonly kind: 'foreign' };

/** An answer with the keys of the names and modules that it hangs on. */
export interface Answer<T> {
  readonly value: T;
  readonly keys: ReadonlySet<number>;
  /** The collection that has these keys already. */
  lastUser: ReadonlySet<number> | undefined;
}

/** A file's place, and what it links. */
export interface LinkedFile {
  readonly id: number;
  readonly folder: string;
  readonly stem: string;
  readonly language: string;
  readonly bindings: ReadonlyMap<string, readonly Binding[]>;
  /** It may have names with dots, as `import a.b` binds them. */
  readonly hasPaths: boolean;
  /** Types of variables and fields by the id of the symbol that declares them, -1 for the file, `handedAtTop` for parameters outside symbols. */
  readonly types: ReadonlyMap<number, ReadonlyMap<string, readonly NotedType[]>>;
}

/** What a file says of a type, as `TypeNote` has it. */
export interface NotedType {
  readonly type: string;
  readonly line: number;
  readonly endLine: number | undefined;
}

/** Parameters of functions that the file hands to calls outside its symbols: no names that other files could see. */
export const handedAtTop = -2;

/** The last of some notes at or before a line that still counts there, else the first that counts everywhere. */
export function noteAt(notes: readonly NotedType[], line: number): string | undefined {
  const before = notes.findLast((note) => note.line <= line && line <= (note.endLine ?? line));
  return (before ?? notes.find((note) => note.endLine === undefined))?.type;
}

const maxFiles = 4000;
const maxMeanings = 20_000;
const maxModules = 20_000;
/** Files that a name is handed on through; circles end by themselves. */
const maxHops = 64;
/** Files that one file hands on as a whole, and files that do, which are remembered. */
const maxHanded = 4000;
const maxBarrels = 500;

/**
 * Answers what names mean across files, through imports and files that hand on what they import. Collects in `consulted` the keys of all names
 * and modules that an answer hangs on, so that a change of one of them tells whose answers are old.
 */
export class LinkedNames {
  consulted = new Set<number>();
  readonly #named: (name: string) => SymbolsOfName;
  readonly #ask: ReturnType<typeof statementsOf>;
  readonly #files = new Map<number, LinkedFile>();
  readonly #meanings = new Map<number, Map<string, Answer<Meaning | undefined>>>();
  #meaningCount = 0;
  readonly #modules = new Map<string, number | undefined>();
  readonly #handedOf = new Map<number, Handed>();

  constructor(database: DatabaseSync, named: (name: string) => SymbolsOfName) {
    this.#named = named;
    this.#ask = statementsOf(database);
  }

  file(id: number): LinkedFile | undefined {
    const known = this.#files.get(id);
    if (known !== undefined) return known;
    const row = this.#ask.file.get(id);
    if (row === undefined) return undefined;
    const { bindings, types } = readLinks(String(row['text'] ?? ''));
    const ids = types.length === 0 ? [] : this.#ask.symbols.all(id).map((symbol) => Number(symbol['id']));
    const byOwner = new Map<number, Map<string, NotedType[]>>();
    for (const [owner, name, type, line, endLine] of types) {
      const symbol = owner !== -1 ? (ids[owner] ?? -1) : endLine === undefined ? -1 : handedAtTop;
      const own = byOwner.get(symbol) ?? new Map<string, NotedType[]>();
      own.set(name, [...(own.get(name) ?? []), { type, line, endLine }]);
      byOwner.set(symbol, own);
    }
    const where = String(row['path']);
    const file = {
      id,
      folder: path.posix.dirname(where),
      stem: path.posix.basename(where).replace(/\..*$/, ''),
      language: String(row['language']),
      bindings: byName(bindings),
      hasPaths: bindings.some(([name]) => name === '*' || name.includes('.')),
      types: byOwner,
    };
    if (this.#files.size >= maxFiles) this.#files.clear();
    this.#files.set(id, file);
    return file;
  }

  /** What a name means at the top of a file: its own symbols, what it imports or hands on, its variables. */
  lookUp(file: number, name: string): Meaning | undefined {
    let inFile = this.#meanings.get(file);
    let known = inFile?.get(name);
    if (known === undefined) {
      known = this.gather(() => this.#find(file, name, new Set()));
      if (this.#meaningCount >= maxMeanings) {
        this.#meanings.clear();
        this.#meaningCount = 0;
      }
      // What was asked meanwhile may have made, or dropped, the names of this file.
      inFile = this.#meanings.get(file) ?? new Map();
      this.#meanings.set(file, inFile.set(name, known));
      this.#meaningCount++;
    }
    return this.use(known);
  }

  /** Answers a question, with what its answer hangs on kept beside it. */
  gather<T>(question: () => T): Answer<T> {
    const outer = this.consulted;
    this.consulted = new Set();
    try {
      return { value: question(), keys: this.consulted, lastUser: undefined };
    } finally {
      this.consulted = outer;
    }
  }

  /** A kept answer, as if its question were asked now. */
  use<T>(answer: Answer<T>): T {
    // A file asks the same thing many times over.
    if (answer.lastUser !== this.consulted) for (const key of answer.keys) this.consulted.add(key);
    answer.lastUser = this.consulted;
    return answer.value;
  }

  /** Symbols of a name directly in another symbol. */
  members(owner: number, name: string): readonly Candidate[] {
    this.consulted.add(keyOf(name));
    return this.#named(name).within(owner);
  }

  /** The file that a module name means for a file; undefined when the repository does not have it. */
  module(from: LinkedFile, written: string): number | undefined {
    const targets = moduleTargets(from, written);
    for (const target of targets) this.consulted.add(moduleKey(target.replace(/\/(?:index|__init__)$/, '')));
    const key = `${from.language === 'python' ? 'py' : 'js'} ${from.folder} ${written}`;
    if (this.#modules.has(key)) return this.#modules.get(key);
    const found = this.#firstOf(targets, moduleEndings(from));
    if (this.#modules.size >= maxModules) this.#modules.clear();
    this.#modules.set(key, found);
    return found;
  }

  #firstOf(targets: readonly string[], endings: readonly string[]): number | undefined {
    for (const target of targets) {
      for (const ending of endings) {
        const id = this.#ask.path.get(`${target}.${ending}`)?.['id'];
        if (typeof id === 'number') return id;
      }
    }
    return undefined;
  }

  #find(id: number, name: string, seen: Set<string>): Meaning | undefined {
    this.consulted.add(keyOf(name));
    const file = this.file(id);
    const step = `${id} ${name}`;
    if (file === undefined || seen.has(step) || seen.size >= maxHops) return undefined;
    seen.add(step);
    const own = this.#named(name).atTopOf(id);
    const notes = file.types.get(-1)?.get(name);
    if (own.length > 0) return { kind: 'symbols', symbols: own, notes: notes ?? [] };
    const bound = this.#bound(file, name, seen);
    if (bound !== undefined) return bound;
    if (notes !== undefined) return { kind: 'variable', file: id, notes };
    if (file.language === 'python' && file.stem === '__init__') {
      const part = this.module(file, `.${name}`);
      if (part !== undefined) return { kind: 'module', file: part };
    }
    return this.#handedOn(file, name, seen);
  }

  #bound(file: LinkedFile, name: string, seen: Set<string>): Meaning | undefined {
    if (name === '*' || name === listed) return undefined;
    let foreign: Meaning | undefined;
    for (const [, module, imported] of file.bindings.get(name) ?? []) {
      if (module === '') {
        const here = this.#find(file.id, imported, seen);
        if (here !== undefined) return here;
        continue;
      }
      const target = this.module(file, module);
      if (imported === '*' && target !== undefined) return { kind: 'module', file: target };
      const found = target === undefined ? undefined : this.#find(target, imported, seen);
      if (found !== undefined) return found;
      // `from package import part`: a file of the package.
      const part =
        file.language === 'python' && imported !== '*'
          ? this.module(file, `${module}${module.endsWith('.') ? '' : '.'}${imported}`)
          : undefined;
      if (part !== undefined) return { kind: 'module', file: part };
      // A file that is missing may have moved; a package is elsewhere.
      if (target === undefined && !module.startsWith('.')) foreign = { kind: 'foreign' };
    }
    return foreign;
  }

  /** From modules of which the file hands on all that they export. */
  #handedOn(file: LinkedFile, name: string, seen: Set<string>): Meaning | undefined {
    this.consulted.add(starKey);
    if (name === 'default' || !file.bindings.has('*')) return undefined;
    const { places, binding } = this.#handed(file);
    const placeOf = (id: number): number => places.get(id) ?? maxHanded;
    const own = this.#named(name).all.filter((each) => each.parent === undefined && places.has(each.file));
    const first = own.reduce((least, each) => Math.min(least, placeOf(each.file)), maxHanded);
    const bound = binding.get(name) ?? [];
    for (const id of [...bound, ...own.map((each) => each.file)].sort((x, y) => placeOf(x) - placeOf(y))) {
      const target = this.file(id);
      if (target === undefined || !isListed(target, name)) continue;
      if (placeOf(id) === first) return this.#find(id, name, seen);
      const found = this.#find(id, name, seen);
      if (found !== undefined && found.kind !== 'foreign') return found;
    }
    return undefined;
  }

  /** The files that a file hands on as a whole, and those that these hand on, nearest first. */
  #handed(from: LinkedFile): Handed {
    const known = this.#handedOf.get(from.id);
    if (known !== undefined) return known;
    const places = new Map<number, number>();
    const binding = new Map<string, number[]>();
    const outer = this.consulted;
    // `starKey` stands for all of these modules: see `staleStars` in `staleFiles.ts`.
    this.consulted = new Set();
    const queue = [from];
    for (let next = queue.shift(); next !== undefined && places.size < maxHanded; next = queue.shift()) {
      for (const [, module] of next.bindings.get('*') ?? []) {
        const id = this.module(next, module);
        const target = id === undefined || id === from.id || places.has(id) ? undefined : this.file(id);
        if (target === undefined) continue;
        places.set(target.id, places.size);
        queue.push(target);
        for (const name of new Set([...target.bindings.keys(), ...(target.types.get(-1)?.keys() ?? [])])) {
          const files = binding.get(name);
          if (files === undefined) binding.set(name, [target.id]);
          else files.push(target.id);
        }
      }
    }
    this.consulted = outer;
    const handed = { places, binding };
    if (this.#handedOf.size >= maxBarrels) this.#handedOf.clear();
    this.#handedOf.set(from.id, handed);
    return handed;
  }
}

interface Handed {
  /** By file: how near it is. */
  readonly places: ReadonlyMap<number, number>;
  /** By name: files that bind it or have a variable of it. */
  readonly binding: ReadonlyMap<string, readonly number[]>;
}

function byName(bindings: readonly Binding[]): ReadonlyMap<string, readonly Binding[]> {
  const names = new Map<string, Binding[]>();
  for (const binding of bindings) {
    const same = names.get(binding[0]);
    if (same === undefined) names.set(binding[0], [binding]);
    else same.push(binding);
  }
  return names;
}

/** A Python module hands on what `__all__` lists, else what does not begin with `_`. */
function isListed({ language, bindings }: LinkedFile, name: string): boolean {
  if (language !== 'python') return true;
  const all = bindings.get(listed)?.[0]?.[2];
  return all === undefined ? !name.startsWith('_') : all.split(' ').includes(name);
}

function statementsOf(database: DatabaseSync) {
  return {
    file: database.prepare(
      'SELECT f.path, f.language, l.text FROM files f LEFT JOIN links l ON l.file = f.id WHERE f.id = ?',
    ),
    path: database.prepare('SELECT id FROM files WHERE path = ?'),
    symbols: database.prepare('SELECT id FROM symbols WHERE file = ? ORDER BY id'),
  };
}
