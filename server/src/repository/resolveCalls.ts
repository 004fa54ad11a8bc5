import type { DatabaseSync } from 'node:sqlite';
import { bearersByLanguage, type Candidate } from './bearers.ts';
import { type CalledName, chooseCallees, type Scope } from './chooseCallees.ts';
import { type FilePlace, type ImportTargets, importTargets, placeOf } from './importTargets.ts';

/** Callers whose scopes are remembered: calls of different names come from the same functions. */
const maxRememberedCallers = 50_000;

/** Of so many changed files each is looked at by itself; of more, the names that they call are looked at in all files at once. */
const maxSingleFiles = 64;

/**
 * Writes an edge for each call whose callee the repository defines. Only what may have changed is looked at: the calls of files written
 * since, and those of the names that a written or deleted file defines or defined. Belongs into a transaction.
 */
export function resolveCalls(database: DatabaseSync): void {
  const files = database.prepare('SELECT id FROM files WHERE resolved = 0').all();
  const resolution = new Resolution(database);
  const stale = staleNames(database);
  if (files.length > maxSingleFiles) resolution.all([...new Set([...stale, ...calledNames(database)])]);
  else {
    for (const { id } of files) resolution.file(Number(id));
    resolution.all(stale);
  }
  database.exec('DELETE FROM stale_names; UPDATE files SET resolved = 1 WHERE resolved = 0');
}

function staleNames(database: DatabaseSync): readonly string[] {
  const rows = database
    .prepare('SELECT name FROM stale_names n WHERE EXISTS (SELECT 1 FROM calls c WHERE c.name = n.name)')
    .all();
  return rows.map((row) => String(row['name']));
}

/** Names that files written since call and that somebody bears; files written since have no edges. */
function calledNames(database: DatabaseSync): readonly string[] {
  const rows = database.prepare(`
    SELECT DISTINCT c.name FROM calls c JOIN files f ON f.id = c.file
    WHERE f.resolved = 0 AND EXISTS (SELECT 1 FROM symbols s WHERE s.name = c.name)`);
  return rows.all().map((row) => String(row['name']));
}

type Row = Readonly<Record<string, unknown>>;

interface FileFacts {
  readonly place: FilePlace;
  readonly language: string;
}

class Resolution {
  readonly #ask: Statements;
  readonly #files = new Map<number, FileFacts>();
  /** An index without edges has none to take back. */
  readonly #hasEdges: boolean;
  readonly #imports = new Map<number, ImportTargets>();
  readonly #scopes = new Map<number, readonly Scope[]>();

  constructor(database: DatabaseSync) {
    this.#ask = statementsOf(database);
    this.#hasEdges = this.#ask.anyEdge.get() !== undefined;
  }

  all(names: readonly string[]): void {
    for (const name of names) this.#one(name);
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

  #one(name: string): void {
    if (this.#hasEdges) this.#ask.forget.run(name);
    this.#resolve(name, this.#ask.calls.all(name));
  }

  #resolve(name: string, calls: readonly Row[]): void {
    const candidates = this.#ask.candidates.all(name).flatMap((row) => this.#candidate(row));
    if (candidates.length === 0) return;
    const bearersIn = bearersByLanguage(candidates);
    for (const row of calls) {
      const file = this.#fileOf(Number(row['file']));
      if (file === undefined) continue;
      for (const { symbol, confidence } of chooseCallees(this.#call(name, row, file), bearersIn(file.language)))
        this.#ask.edge.run(Number(row['id']), symbol, confidence);
    }
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

  #candidate(row: Row): readonly Candidate[] {
    const file = this.#fileOf(Number(row['file']));
    if (file === undefined) return [];
    const owner = row['owner'] === null ? undefined : { name: String(row['owner']), kind: String(row['ownerKind']) };
    const parent = row['parent'] === null ? undefined : Number(row['parent']);
    return [
      { symbol: Number(row['id']), kind: String(row['kind']), parent, owner, file: Number(row['file']), ...file },
    ];
  }

  #call(name: string, row: Row, { place, language }: FileFacts): CalledName {
    const file = Number(row['file']);
    const imports = this.#imports.get(file) ?? importTargets(this.#namesOf(this.#ask.imports.all(file)), place.folder);
    this.#imports.set(file, imports);
    const scopes = row['caller'] === null ? [] : this.#scopesOf(Number(row['caller']));
    return { name, language, receiver: String(row['receiver']), file, place, imports, scopes };
  }

  #scopesOf(caller: number): readonly Scope[] {
    const known = this.#scopes.get(caller);
    if (known !== undefined) return known;
    const scopes = this.#ask.scopes.all(caller).map((row) => ({
      symbol: Number(row['id']),
      kind: String(row['kind']),
      signature: String(row['signature']),
      bases: this.#namesOf(this.#ask.bases.all(Number(row['id']))),
    }));
    if (this.#scopes.size >= maxRememberedCallers) this.#scopes.clear();
    this.#scopes.set(caller, scopes);
    return scopes;
  }

  #namesOf(rows: readonly Row[]): readonly string[] {
    return rows.map((row) => String(row['name']));
  }
}

/** Candidates come in the order of their places, so that an index that grew answers as a clean one does. */
function statementsOf(database: DatabaseSync) {
  return {
    anyEdge: database.prepare('SELECT 1 FROM edges LIMIT 1'),
    file: database.prepare('SELECT path, language FROM files WHERE id = ?'),
    callsIn: database.prepare('SELECT id, file, caller, receiver, name FROM calls WHERE file = ?'),
    calls: database.prepare('SELECT id, file, caller, receiver FROM calls WHERE name = ?'),
    forget: database.prepare('DELETE FROM edges WHERE call IN (SELECT id FROM calls WHERE name = ?)'),
    candidates: database.prepare(`
      SELECT s.id, s.file, s.kind, s.parent, p.name AS owner, p.kind AS ownerKind
      FROM symbols s JOIN files f ON f.id = s.file LEFT JOIN symbols p ON p.id = s.parent
      WHERE s.name = ? ORDER BY f.path, s.start_line, s.start_character, s.id`),
    scopes: database.prepare(`
      WITH RECURSIVE around (id, parent, kind, signature, depth) AS (
        SELECT id, parent, kind, signature, 0 FROM symbols WHERE id = ?
        UNION ALL SELECT s.id, s.parent, s.kind, s.signature, depth + 1 FROM symbols s JOIN around a ON s.id = a.parent WHERE depth < 32
      ) SELECT id, kind, signature FROM around ORDER BY depth`),
    bases: database.prepare('SELECT name FROM bases WHERE symbol = ?'),
    imports: database.prepare('SELECT name FROM imports WHERE file = ?'),
    edge: database.prepare('INSERT OR REPLACE INTO edges (call, callee, confidence) VALUES (?, ?, ?)'),
  };
}
type Statements = ReturnType<typeof statementsOf>;
