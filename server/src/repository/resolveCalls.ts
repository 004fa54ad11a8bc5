import type { DatabaseSync } from 'node:sqlite';
import { type CalledName, type Candidate, chooseCallees } from './chooseCallees.ts';

/** A name that more symbols than this bear is looked for in the caller's file and imports only. */
const maxCandidates = 400;

/**
 * Writes an edge for each call whose callee the repository defines. Only what may have changed is looked at: the calls of files that were
 * written since, and calls of any name that a written or deleted file defines or defined. Belongs into a transaction.
 */
export function resolveCalls(database: DatabaseSync): void {
  database.exec(`
    CREATE TEMP TABLE IF NOT EXISTS due_names (name TEXT PRIMARY KEY) WITHOUT ROWID;
    DELETE FROM temp.due_names;
    INSERT OR IGNORE INTO temp.due_names SELECT name FROM stale_names;
    INSERT OR IGNORE INTO temp.due_names SELECT c.name FROM calls c JOIN files f ON f.id = c.file WHERE f.resolved = 0`);
  const files = filesOf(database);
  const names = database.prepare('SELECT name FROM temp.due_names').all();
  const lookUp = statementsOf(database);
  for (const row of names) {
    const name = String(row['name']);
    const calls = lookUp.calls.all(name);
    if (calls.length === 0) continue;
    lookUp.forget.run(name);
    const candidates = lookUp.candidates.all(name, maxCandidates).map((each) => candidateOf(each, files));
    if (candidates.length === 0) continue;
    for (const each of calls) {
      const call = callOf(each, files, lookUp);
      if (call === undefined) continue;
      for (const { symbol, confidence } of chooseCallees(call, candidates))
        lookUp.edge.run(Number(each['id']), symbol, confidence);
    }
  }
  database.exec('DELETE FROM stale_names; UPDATE files SET resolved = 1 WHERE resolved = 0');
}

type Row = Readonly<Record<string, unknown>>;

interface FileFacts {
  readonly path: string;
  readonly language: string;
  imports: readonly string[] | undefined;
}

function filesOf(database: DatabaseSync): ReadonlyMap<number, FileFacts> {
  const rows = database.prepare('SELECT id, path, language FROM files').all();
  return new Map(
    rows.map((row) => [
      Number(row['id']),
      { path: String(row['path']), language: String(row['language']), imports: undefined },
    ]),
  );
}

function statementsOf(database: DatabaseSync) {
  return {
    calls: database.prepare('SELECT id, file, caller, receiver FROM calls WHERE name = ?'),
    forget: database.prepare('DELETE FROM edges WHERE call IN (SELECT id FROM calls WHERE name = ?)'),
    candidates: database.prepare(`
      SELECT s.id, s.file, s.kind, s.parent, p.name AS owner, p.kind AS ownerKind
      FROM symbols s LEFT JOIN symbols p ON p.id = s.parent WHERE s.name = ? ORDER BY s.id LIMIT ?`),
    scopes: database.prepare(`
      WITH RECURSIVE around (id, parent, kind, name, depth) AS (
        SELECT id, parent, kind, name, 0 FROM symbols WHERE id = ?
        UNION ALL SELECT s.id, s.parent, s.kind, s.name, depth + 1 FROM symbols s JOIN around a ON s.id = a.parent WHERE depth < 32
      ) SELECT id, kind, name FROM around ORDER BY depth`),
    bases: database.prepare('SELECT name FROM bases WHERE symbol = ?'),
    imports: database.prepare('SELECT name FROM imports WHERE file = ?'),
    edge: database.prepare('INSERT OR REPLACE INTO edges (call, callee, confidence) VALUES (?, ?, ?)'),
  };
}
type Statements = ReturnType<typeof statementsOf>;

function candidateOf(row: Row, files: ReadonlyMap<number, FileFacts>): Candidate {
  const file = files.get(Number(row['file']));
  return {
    symbol: Number(row['id']),
    kind: String(row['kind']),
    parent: row['parent'] === null ? undefined : Number(row['parent']),
    owner: row['owner'] === null ? undefined : { name: String(row['owner']), kind: String(row['ownerKind']) },
    file: Number(row['file']),
    path: file?.path ?? '',
    language: file?.language ?? '',
  };
}

function callOf(row: Row, files: ReadonlyMap<number, FileFacts>, lookUp: Statements): CalledName | undefined {
  const id = Number(row['file']);
  const file = files.get(id);
  if (file === undefined) return undefined;
  file.imports ??= lookUp.imports.all(id).map((each) => String(each['name']));
  const scopes = row['caller'] === null ? [] : lookUp.scopes.all(Number(row['caller']));
  return {
    receiver: String(row['receiver']),
    file: id,
    path: file.path,
    language: file.language,
    imports: file.imports,
    scopes: scopes.map((scope) => ({
      symbol: Number(scope['id']),
      kind: String(scope['kind']),
      name: String(scope['name']),
      bases: () => lookUp.bases.all(Number(scope['id'])).map((base) => String(base['name'])),
    })),
  };
}
