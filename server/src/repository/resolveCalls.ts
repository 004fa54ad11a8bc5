import type { DatabaseSync } from 'node:sqlite';
import { type Bearers, bearersByLanguage, type Candidate, type SymbolsOfName, symbolsOfName } from './bearers.ts';
import type { Found, Scope } from './callSite.ts';
import { type CalledName, chooseCallees } from './chooseCallees.ts';
import { ConsultedKeys, unresolveStale } from './consultedKeys.ts';
import { hasLinks } from './fileLinks.ts';
import { type FilePlace, type ImportTargets, importTargets, placeOf } from './importTargets.ts';
import { dropLateIndexes, makeLateIndexes } from './indexDatabase.ts';
import { LinkedNames } from './linkedNames.ts';
import { ReceiverTypes } from './receiverTypes.ts';

/** Files whose symbols are remembered as scopes hold so many together. */
const maxRememberedScopes = 50_000;
/** Symbols around a call that are looked at. */
const maxDepth = 32;

/** Symbols whose names were looked up are remembered until they are so many: files of one repository call the same names. */
const maxRememberedCandidates = 100_000;

/**
 * Writes an edge for each call whose callee the repository defines. Only what may have changed is looked at: the calls of files written
 * since and of those that hang on a name or module that means something else now, and in the other files those of the names that a written or
 * deleted file defines or defined. Belongs into a transaction.
 */
export function resolveCalls(database: DatabaseSync): void {
  const isFirst = database.prepare('SELECT 1 FROM files WHERE resolved = 1 LIMIT 1').get() === undefined;
  makeLateIndexes(database, ['calls_name', 'symbols_name']);
  if (isFirst) dropLateIndexes(database, ['edges_callee']);
  else unresolveStale(database);
  const resolution = new Resolution(database);
  // File by file, as calls and edges lie in the database: by name each would be read from, and written to, another page.
  for (const { id } of database.prepare('SELECT id FROM files WHERE resolved = 0 ORDER BY id').all()) {
    if (!isFirst) resolution.forget(Number(id));
    resolution.file(Number(id));
  }
  makeLateIndexes(database, ['edges_callee']);
  if (!isFirst) for (const name of staleNames(database)) resolution.name(name);
  resolution.keep();
  database.exec('DELETE FROM stale_names; DELETE FROM stale_keys; UPDATE files SET resolved = 1 WHERE resolved = 0');
}

function staleNames(database: DatabaseSync): readonly string[] {
  const rows = database
    .prepare('SELECT name FROM stale_names n WHERE EXISTS (SELECT 1 FROM calls c WHERE c.name = n.name)')
    .all();
  return rows.map((row) => String(row['name']));
}

type Row = Readonly<Record<string, unknown>>;

interface Named {
  readonly symbols: SymbolsOfName;
  readonly bearersIn: (language: string) => Bearers;
  /** Some file calls a symbol of another name by it. */
  readonly isAlias: boolean;
}

interface FileFacts {
  readonly place: FilePlace;
  readonly language: string;
}

interface ScopeNode {
  readonly scope: Scope;
  readonly parent: number | undefined;
  /** The symbol and those around it, once a call in it asked. */
  chain: readonly Scope[] | undefined;
}

/** The symbols around a call, innermost first. */
function scopesFrom(caller: number, symbols: ReadonlyMap<number, ScopeNode>): readonly Scope[] {
  const node = symbols.get(caller);
  if (node === undefined) return [];
  if (node.chain === undefined) {
    const chain: Scope[] = [];
    for (let each: ScopeNode | undefined = node; each !== undefined && chain.length <= maxDepth; ) {
      chain.push(each.scope);
      each = each.parent === undefined ? undefined : symbols.get(each.parent);
    }
    node.chain = chain;
  }
  return node.chain;
}

class Resolution {
  readonly #ask: Statements;
  readonly #files = new Map<number, FileFacts>();
  readonly #named = new Map<string, Named>();
  #candidates = 0;
  readonly #imports = new Map<number, ImportTargets>();
  readonly #symbols = new Map<number, ReadonlyMap<number, ScopeNode>>();
  #remembered = 0;
  readonly #links: LinkedNames;
  readonly #types: ReceiverTypes;
  readonly #consulted: ConsultedKeys;

  constructor(database: DatabaseSync) {
    this.#ask = statementsOf(database);
    this.#consulted = new ConsultedKeys(database);
    const named = (name: string): SymbolsOfName => this.#bearersOf(name).symbols;
    this.#links = new LinkedNames(database, named);
    this.#types = new ReceiverTypes(this.#links, {
      named,
      signature: ({ symbol, file }) => this.#symbolsOf(file).get(symbol)?.scope.signature ?? '',
      bases: ({ symbol, file }) => this.#symbolsOf(file).get(symbol)?.scope.bases ?? [],
      scopes: ({ symbol, file }) => scopesFrom(symbol, this.#symbolsOf(file)),
    });
  }

  /** Writes down what the answers hang on. */
  keep(): void {
    this.#consulted.flush();
  }

  /** Takes out what was resolved of a file. */
  forget(file: number): void {
    this.#ask.forgetFile.run(file);
    this.#consulted.clear(file);
  }

  /** The calls of one file that has no edges. */
  file(file: number): void {
    const byName = new Map<string, Row[]>();
    for (const row of this.#ask.callsIn.all(file)) {
      const name = String(row['name']);
      const others = byName.get(name);
      if (others === undefined) byName.set(name, [row]);
      else others.push(row);
    }
    for (const [name, calls] of byName) this.#resolve(name, calls);
  }

  /** The calls of one name in the files that have edges. */
  name(name: string): void {
    this.#ask.forget.run(name);
    this.#resolve(name, this.#ask.calls.all(name));
  }

  #resolve(name: string, calls: readonly Row[]): void {
    const { bearersIn, isAlias } = this.#bearersOf(name);
    for (const row of calls) {
      const file = this.#fileOf(Number(row['file']));
      if (file === undefined) continue;
      const bearers = bearersIn(file.language);
      if (bearers.all.length === 0 && !(isAlias && hasLinks(file.language))) continue;
      for (const { symbol, confidence } of chooseCallees(this.#call(name, row, file), bearers))
        this.#ask.edge.run(Number(row['id']), symbol, confidence);
    }
  }

  #bearersOf(name: string): Named {
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    const candidates = this.#ask.candidates.all(name).flatMap((row) => this.#candidate(name, row));
    if (candidates.length > 1) candidates.sort(byPlace);
    this.#candidates += 1 + candidates.length;
    if (this.#candidates > maxRememberedCandidates) {
      this.#named.clear();
      this.#candidates = 1 + candidates.length;
    }
    const named = {
      symbols: symbolsOfName(candidates),
      bearersIn: bearersByLanguage(candidates),
      isAlias: this.#ask.alias.get(name) !== undefined,
    };
    this.#named.set(name, named);
    return named;
  }

  #fileOf(file: number): FileFacts | undefined {
    const known = this.#files.get(file);
    if (known !== undefined) return known;
    const row = this.#ask.file.get(file);
    if (row === undefined) return undefined;
    const facts = { place: placeOf(String(row['path'])), language: String(row['language']) };
    this.#files.set(file, facts);
    return facts;
  }

  #candidate(name: string, row: Row): readonly Candidate[] {
    const file = this.#fileOf(Number(row['file']));
    if (file === undefined) return [];
    const owner = row['owner'] === null ? undefined : { name: String(row['owner']), kind: String(row['ownerKind']) };
    const parent = row['parent'] === null ? undefined : Number(row['parent']);
    return [
      {
        symbol: Number(row['id']),
        name,
        top: Number(row['top']),
        line: Number(row['start_line']),
        endLine: Number(row['end_line']),
        kind: String(row['kind']),
        parent,
        owner,
        file: Number(row['file']),
        ...file,
      },
    ];
  }

  #call(name: string, row: Row, { place, language }: FileFacts): CalledName {
    const file = Number(row['file']);
    const imports = this.#imports.get(file) ?? importTargets(this.#namesOf(this.#ask.imports.all(file)), place.folder);
    this.#imports.set(file, imports);
    const scopes = row['caller'] === null ? [] : scopesFrom(Number(row['caller']), this.#symbolsOf(file));
    const receiver = String(row['receiver']);
    const line = Number(row['line']);
    const call = { name, language, receiver, file, line, place, imports, scopes };
    if (!hasLinks(language)) return call;
    const declared = (): Found => {
      this.#links.consulted = this.#consulted.of(file);
      return receiver === ''
        ? this.#types.imported(name, file)
        : this.#types.member(name, receiver, { file, line, scopes });
    };
    return { ...call, declared };
  }

  #symbolsOf(file: number): ReadonlyMap<number, ScopeNode> {
    const known = this.#symbols.get(file);
    if (known !== undefined) return known;
    const bases = new Map<number, string[]>();
    for (const row of this.#ask.bases.all(file)) {
      const symbol = Number(row['symbol']);
      bases.set(symbol, [...(bases.get(symbol) ?? []), String(row['name'])]);
    }
    const symbols = new Map<number, ScopeNode>();
    for (const row of this.#ask.symbols.all(file)) {
      const symbol = Number(row['id']);
      const parent = row['parent'] === null ? undefined : Number(row['parent']);
      const scope = {
        symbol,
        name: String(row['name']),
        kind: String(row['kind']),
        signature: String(row['signature']),
        bases: bases.get(symbol) ?? [],
      };
      symbols.set(symbol, { scope, parent, chain: undefined });
    }
    this.#remembered += symbols.size;
    if (this.#remembered > maxRememberedScopes) {
      this.#symbols.clear();
      this.#remembered = symbols.size;
    }
    this.#symbols.set(file, symbols);
    return symbols;
  }

  #namesOf(rows: readonly Row[]): readonly string[] {
    return rows.map((row) => String(row['name']));
  }
}

/** Candidates come in the order of their places, so that an index that grew answers as a clean one does. In a file ids are in that order. */
function byPlace(a: Candidate, b: Candidate): number {
  return a.file === b.file ? a.symbol - b.symbol : a.place.path < b.place.path ? -1 : 1;
}

function statementsOf(database: DatabaseSync) {
  return {
    file: database.prepare('SELECT path, language FROM files WHERE id = ?'),
    callsIn: database.prepare('SELECT id, file, caller, receiver, name, line FROM calls WHERE file = ?'),
    calls: database.prepare(`
      SELECT c.id, c.file, c.caller, c.receiver, c.line FROM calls c JOIN files f ON f.id = c.file WHERE c.name = ? AND f.resolved = 1`),
    forget: database.prepare(`
      DELETE FROM edges WHERE call IN (SELECT c.id FROM calls c JOIN files f ON f.id = c.file WHERE c.name = ? AND f.resolved = 1)`),
    forgetFile: database.prepare('DELETE FROM edges WHERE call IN (SELECT id FROM calls WHERE file = ?)'),
    alias: database.prepare('SELECT 1 FROM aliases WHERE name = ? LIMIT 1'),
    candidates: database.prepare(`
      SELECT s.id, s.file, s.kind, coalesce(s.doc_start_line, s.start_line) AS top, s.start_line, s.end_line, s.parent, p.name AS owner, p.kind AS ownerKind
      FROM symbols s LEFT JOIN symbols p ON p.id = s.parent WHERE s.name = ?`),
    symbols: database.prepare('SELECT id, parent, name, kind, signature FROM symbols WHERE file = ?'),
    bases: database.prepare(`
      SELECT b.symbol, b.name FROM symbols s JOIN bases b ON b.symbol = s.id WHERE s.file = ? ORDER BY b.symbol, b.name`),
    imports: database.prepare('SELECT name FROM imports WHERE file = ?'),
    edge: database.prepare('INSERT OR IGNORE INTO edges (call, callee, confidence) VALUES (?, ?, ?)'),
  };
}
type Statements = ReturnType<typeof statementsOf>;
