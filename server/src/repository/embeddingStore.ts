import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isCorruption, removeIndexDatabase } from './indexDatabase.ts';

/** Vectors of the symbols of one repository, by file and the hash of its bytes: a file that did not change keeps its vectors. */
export interface EmbeddingStore {
  /** Hash that a file had when its symbols were embedded. */
  hashOf(path: string): string | undefined;
  /** Replaces what is kept of a file. */
  put(
    path: string,
    hash: string,
    symbols: readonly { readonly symbolPath: string; readonly vector: Float32Array }[],
  ): void;
  remove(path: string): void;
  paths(): readonly string[];
  /** How many vectors there are. */
  count(): number;
  /** All vectors, read when something changed since the last time. */
  vectors(): VectorSet;
  close(): void;
}

/** Where a vector belongs, with the hash of the file that it was made from. */
export interface VectorPlace {
  readonly path: string;
  readonly hash: string;
  readonly symbolPath: string;
}

/** Unit vectors as signed bytes: an eighth of the error that would change a ranking, a quarter of the room. */
export interface VectorSet {
  readonly places: readonly VectorPlace[];
  /** `places.length × dimensions`. */
  readonly bytes: Int8Array;
  /** What a byte of each vector is worth. */
  readonly scales: Float32Array;
  readonly dimensions: number;
}

const schemaVersion = 1;
const scaleBytes = 4;
const busyTimeoutMs = 5000;

/** Beside the index: `<hash>.db` → `<hash>.vectors.db`. */
export function embeddingFile(indexDatabase: string): string {
  return indexDatabase.replace(/\.db$/, '.vectors.db');
}

/** Opens or creates the store of a repository. Vectors of another model are dropped, since they cannot be compared with its own. */
export function openEmbeddingStore(
  file: string,
  model: { readonly name: string; readonly dimensions: number },
): EmbeddingStore {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const database = openSound(file, model.name);
  const known = database.prepare('SELECT hash FROM embedded WHERE path = ?');
  const all = database.prepare('SELECT path FROM embedded ORDER BY path');
  const drop = database.prepare('DELETE FROM vectors WHERE path = ?');
  const forget = database.prepare('DELETE FROM embedded WHERE path = ?');
  const note = database.prepare('INSERT INTO embedded (path, hash) VALUES (?, ?)');
  const insert = database.prepare('INSERT OR REPLACE INTO vectors (path, symbol_path, vector) VALUES (?, ?, ?)');
  const changes = database.prepare('PRAGMA data_version');
  let loaded: { readonly version: string; readonly set: VectorSet } | undefined;
  let own = 0;
  const remove = (of: string): void => {
    drop.run(of);
    forget.run(of);
    own += 1;
  };
  return {
    hashOf: (of) => {
      const row = known.get(of);
      return row === undefined ? undefined : String(row['hash']);
    },
    put(of, hash, symbols) {
      database.exec('BEGIN IMMEDIATE');
      try {
        remove(of);
        note.run(of, hash);
        for (const { symbolPath, vector } of symbols) insert.run(of, symbolPath, packed(vector));
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    remove,
    count: () => Number(database.prepare('SELECT count(*) AS n FROM vectors').get()?.['n']),
    paths: () => all.all().map((row) => String(row['path'])),
    vectors() {
      const version = `${changes.get()?.['data_version']} ${own}`;
      if (loaded?.version !== version) loaded = { version, set: readAll(database, model.dimensions) };
      return loaded.set;
    },
    close: () => database.close(),
  };
}

function openSound(file: string, model: string): DatabaseSync {
  try {
    return openTables(file, model);
  } catch (error) {
    if (!isCorruption(error)) throw error;
    removeIndexDatabase(file);
    return openTables(file, model);
  }
}

function openTables(file: string, model: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs, defensive: true });
  try {
    database.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS made_by (model TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS embedded (path TEXT PRIMARY KEY, hash TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS vectors (
        path TEXT NOT NULL, symbol_path TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (path, symbol_path)
      ) WITHOUT ROWID;`);
    const maker = `${schemaVersion} ${model}`;
    if (database.prepare('SELECT model FROM made_by').get()?.['model'] !== maker) {
      database.exec('DELETE FROM vectors; DELETE FROM embedded; DELETE FROM made_by');
      database.prepare('INSERT INTO made_by (model) VALUES (?)').run(maker);
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The scale as a 32-bit number, then a signed byte for each dimension. */
function packed(vector: Float32Array): Uint8Array {
  const scale = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9) / 127;
  const bytes = new Uint8Array(scaleBytes + vector.length);
  new DataView(bytes.buffer).setFloat32(0, scale, true);
  bytes.set(
    Int8Array.from(vector, (value) => Math.round(value / scale)),
    scaleBytes,
  );
  return bytes;
}

function readAll(database: DatabaseSync, dimensions: number): VectorSet {
  const rows = database
    .prepare(
      'SELECT v.path, e.hash, v.symbol_path, v.vector FROM vectors v JOIN embedded e ON e.path = v.path ORDER BY v.path, v.symbol_path',
    )
    .all()
    .filter(({ vector }) => vector instanceof Uint8Array && vector.length === scaleBytes + dimensions);
  const bytes = new Int8Array(rows.length * dimensions);
  const scales = new Float32Array(rows.length);
  const places = rows.map((row, index): VectorPlace => {
    const blob = row['vector'] as Uint8Array;
    scales[index] = new DataView(blob.buffer, blob.byteOffset).getFloat32(0, true);
    bytes.set(new Int8Array(blob.buffer, blob.byteOffset + scaleBytes, dimensions), index * dimensions);
    return { path: String(row['path']), hash: String(row['hash']), symbolPath: String(row['symbol_path']) };
  });
  return { places, bytes, scales, dimensions };
}
