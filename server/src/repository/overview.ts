import type { DatabaseSync } from 'node:sqlite';

/** What a newcomer to a repository is shown first. */
export interface RepositoryOverview {
  /** Paths of indexed files, sorted; the first so many where there are very many. */
  readonly files: readonly string[];
  /** All indexed files. */
  readonly fileCount: number;
  /** Declarations that most calls lead to, most called first. Without their doc comments. */
  readonly hubs: readonly { readonly path: string; readonly symbolPath: string; readonly signature: string }[];
}

/** Enough for a few thousand tokens of text. */
const maxFiles = 2_000;
const maxHubs = 400;
/** A symbol that is called fewer times says nothing of the whole. */
const leastCalls = 2;

/** One pass over the index of all calls, so callers keep the answer. */
export function overviewOf(database: DatabaseSync): RepositoryOverview {
  const files = database
    .prepare(`SELECT path FROM files ORDER BY path LIMIT ${maxFiles}`)
    .all()
    .map((row) => String(row['path']));
  const count = database.prepare('SELECT count(*) AS count FROM files').get()?.['count'];
  const hubs = database
    .prepare(
      `WITH hubs AS (
         SELECT callee, count(*) AS calls FROM edges GROUP BY callee HAVING calls >= ${leastCalls} ORDER BY calls DESC, callee LIMIT ${maxHubs}
       )
       SELECT f.path, s.symbol_path, s.signature FROM hubs h JOIN symbols s ON s.id = h.callee JOIN files f ON f.id = s.file
       WHERE s.signature <> '' ORDER BY h.calls DESC, f.path, s.symbol_path`,
    )
    .all()
    .map((row) => ({
      path: String(row['path']),
      symbolPath: String(row['symbol_path']),
      signature: String(row['signature']),
    }));
  return { files, fileCount: Number(count ?? 0), hubs };
}
