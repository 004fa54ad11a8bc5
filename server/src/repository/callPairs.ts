import type { DatabaseSync } from 'node:sqlite';

/** A symbol by its place: path relative to the root, and symbol path as `symbolPaths` gives it. */
export interface SymbolPlace {
  readonly path: string;
  readonly symbolPath: string;
}

/** All calls between symbols that the index resolved, caller and callee, each pair once. */
export function* callPairs(database: DatabaseSync): Generator<readonly [caller: SymbolPlace, callee: SymbolPlace]> {
  const rows = database.prepare(`
    SELECT DISTINCT ff.path AS from_path, fs.symbol_path AS from_symbol, tf.path AS to_path, ts.symbol_path AS to_symbol
    FROM edges e JOIN calls c ON c.id = e.call
      JOIN symbols fs ON fs.id = c.caller JOIN files ff ON ff.id = fs.file
      JOIN symbols ts ON ts.id = e.callee JOIN files tf ON tf.id = ts.file`);
  for (const row of rows.iterate()) {
    yield [
      { path: String(row['from_path']), symbolPath: String(row['from_symbol']) },
      { path: String(row['to_path']), symbolPath: String(row['to_symbol']) },
    ];
  }
}
