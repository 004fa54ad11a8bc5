import type pg from 'pg';
import { openMemberPool } from './memberPool.ts';

/** A row of the shared index as the server sees it: see `sealing.ts`. */
interface FactsRow {
  readonly id: Uint8Array;
  readonly body: Uint8Array;
}

/** The facts of a team's files; what the index of a repository asks for stands in its own port, `repository/sharedFacts.ts`. */
export interface FactsStore {
  get(ids: readonly Uint8Array[]): Promise<ReadonlyMap<string, Uint8Array>>;
  there(ids: readonly Uint8Array[]): Promise<ReadonlySet<string>>;
  put(rows: readonly FactsRow[]): Promise<void>;
  /** Deletes what nobody has used for so many days. For owners. @returns how many */
  trim(unusedDays: number): Promise<number>;
  close(): Promise<void>;
}

export function connectFacts(config: pg.PoolConfig): FactsStore {
  const { pool, migrated, trim, close } = openMemberPool(config);
  return {
    async get(ids) {
      await migrated();
      const { rows } = await pool.query<{ id: Buffer; body: Buffer }>(
        'SELECT id, body FROM codegloss.facts_get($1::bytea[])',
        [ids.map(asBuffer)],
      );
      // Copies: `pg` gives views of what came over the wire, and a thread would get all of that.
      return new Map(rows.map(({ id, body }) => [id.toString('hex'), new Uint8Array(body)]));
    },
    async there(ids) {
      await migrated();
      const { rows } = await pool.query<{ id: Buffer }>('SELECT id FROM codegloss.facts_there($1::bytea[]) AS id', [
        ids.map(asBuffer),
      ]);
      return new Set(rows.map(({ id }) => id.toString('hex')));
    },
    async put(rows) {
      await migrated();
      await pool.query('SELECT codegloss.facts_put($1::bytea[], $2::bytea[])', [
        rows.map(({ id }) => asBuffer(id)),
        rows.map(({ body }) => asBuffer(body)),
      ]);
    },
    trim: (unusedDays) => trim('codegloss.facts_trim', unusedDays),
    close,
  };
}

/** `pg` sends only Buffers as bytes. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
