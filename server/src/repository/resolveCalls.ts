import type { DatabaseSync } from 'node:sqlite';
import { bearersByLanguage, type Candidate } from './bearers.ts';
import { type CalledName, chooseCallees, type Scope } from './chooseCallees.ts';
import { type FilePlace, type ImportTargets, importTargets, placeOf } from './importTargets.ts';

/** Callers whose scopes are remembered: calls of different names come from the same functions. */
const maxRememberedCallers = 50_000;

/**
 * Writes an edge for each call whose callee the repository defines. Only what may have changed is looked at: calls of the names that files
 * written since call, and of those that a written or deleted file defines or defined. Belongs into a transaction.
 */
export function resolveCalls(database: DatabaseSync): void {
  const names = namesDue(database);
  if (names.length > 0) new Resolution(database).all(names);
  database.exec('DELETE FROM stale_names; UPDATE files SET resolved = 1 WHERE resolved = 0');
}

function namesDue(database: DatabaseSync): readonly string[] {
  return database
    .prepare(`
      SELECT name FROM (
        SELECT name FROM stale_names UNION SELECT c.name FROM files f JOIN calls c ON c.file = f.id WHERE f.resolved = 0
      ) WHERE name IN (SELECT name FROM calls)`)
    .all()
    .map((row) => String(row['name']));
}

type Row = Readonly<Record<string, unknown>>;

interface FileFacts {
  readonly place: FilePlace;
  readonly language: string;
}

class Resolution {
  readonly #ask: Statements;
  readonly #files: ReadonlyMap<number, FileFacts>;
  readonly #imports = new Map<number, ImportTargets>();
  readonly #scopes = new Map<number, readonly Scope[]>();

  constructor(database: DatabaseSync) {
    this.#ask = statementsOf(database);
    this.#files = filesOf(database);
  }

  all(names: readonly string[]): void {
    for (const name of names) this.#one(name);
  }

  #one(name: string): void {
    this.#ask.forget.run(name);
    const candidates = this.#ask.candidates.all(name).flatMap((row) => this.#candidate(row));
    if (candidates.length === 0) return;
    const bearersIn = bearersByLanguage(candidates);
    for (const row of this.#ask.calls.all(name)) {
      const file = this.#files.get(Number(row['file']));
      if (file === undefined) continue;
      for (const { symbol, confidence } of chooseCallees(this.#call(name, row, file), bearersIn(file.language)))
        this.#ask.edge.run(Number(row['id']), symbol, confidence);
    }
  }

  #candidate(row: Row): readonly Candidate[] {
    const file = this.#files.get(Number(row['file']));
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

function filesOf(database: DatabaseSync): ReadonlyMap<number, FileFacts> {
  const rows = database.prepare('SELECT id, path, language FROM files').all();
  return new Map(
    rows.map((row) => [Number(row['id']), { place: placeOf(String(row['path'])), language: String(row['language']) }]),
  );
}

/** Candidates come in the order of their places, so that an index that grew answers as a clean one does. */
function statementsOf(database: DatabaseSync) {
  return {
    calls: database.prepare('SELECT id, file, caller, receiver FROM calls WHERE name = ?'),
    forget: database.prepare('DELETE FROM edges WHERE call IN (SELECT id FROM calls WHERE name = ?)'),
    candidates: database.prepare(`
      SELECT s.id, s.file, s.kind, s.parent, p.name AS owner, p.kind AS ownerKind
      FROM symbols s JOIN files f ON f.id = s.file LEFT JOIN symbols p ON p.id = s.parent
      WHERE s.name = ? ORDER BY f.path, s.start_line, s.start_character, s.id`),
    scopes: database.prepare(`
      WITH RECURSIVE around (id, parent, kind, depth) AS (
        SELECT id, parent, kind, 0 FROM symbols WHERE id = ?
        UNION ALL SELECT s.id, s.parent, s.kind, depth + 1 FROM symbols s JOIN around a ON s.id = a.parent WHERE depth < 32
      ) SELECT id, kind FROM around ORDER BY depth`),
    bases: database.prepare('SELECT name FROM bases WHERE symbol = ?'),
    imports: database.prepare('SELECT name FROM imports WHERE file = ?'),
    edge: database.prepare('INSERT OR REPLACE INTO edges (call, callee, confidence) VALUES (?, ?, ?)'),
  };
}
type Statements = ReturnType<typeof statementsOf>;
