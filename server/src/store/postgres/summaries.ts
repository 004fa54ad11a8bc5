import pg from 'pg';
import type { StoredSummary, SummaryKey } from '../../types/summary.ts';
import { migrate } from './migrations.ts';
import { rowId, unseal } from './seal.ts';
import type { SharedSummaries } from './sharedSummaries.ts';

const trimmedAtOnce = 5_000;
/** An editor asks little, and a thousand of them share one server. */
const connections = 2;
const connectMs = 3_000;
const statementMs = 10_000;

export function connectSummaries(config: pg.PoolConfig): SharedSummaries {
  const pool = new pg.Pool({
    max: connections,
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    statement_timeout: statementMs,
    query_timeout: statementMs,
    ...config,
  });
  // A connection that breaks while nobody uses it is replaced when the next one asks.
  pool.on('error', () => undefined);
  let ready: Promise<void> | undefined;
  const migrated = (): Promise<void> => {
    ready ??= migrate(pool);
    // A server that was away is tried again.
    ready.catch(() => {
      ready = undefined;
    });
    return ready;
  };
  return {
    async get(keys) {
      await migrated();
      const found = new Map<SummaryKey, StoredSummary>();
      const byId = new Map(keys.map((key) => [rowId(key).toString('hex'), key]));
      const { rows } = await pool.query<{ id: Buffer; body: Buffer }>(
        'SELECT id, body FROM codegloss.summary_get($1::bytea[])',
        [keys.map(rowId)],
      );
      for (const { id, body } of rows) {
        const key = byId.get(id.toString('hex'));
        const summary = key === undefined ? undefined : unseal(key, body);
        if (summary !== undefined) found.set(summary.key, summary);
      }
      return found;
    },
    async put(rows) {
      await migrated();
      await pool.query('SELECT codegloss.summary_put($1::bytea[], $2::bytea[])', [
        rows.map(({ id }) => id),
        rows.map(({ body }) => body),
      ]);
    },
    async trim(unusedDays) {
      await migrated();
      for (let gone = 0; ; ) {
        const { rows } = await pool.query<{ n: string }>('SELECT codegloss.summary_trim($1, $2) AS n', [
          unusedDays,
          trimmedAtOnce,
        ]);
        const count = Number(rows[0]?.n ?? 0);
        gone += count;
        if (count < trimmedAtOnce) return gone;
      }
    },
    close: () => pool.end(),
  };
}
