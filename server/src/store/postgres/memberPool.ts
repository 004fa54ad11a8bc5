import pg from 'pg';
import { migrate } from './migrations.ts';

/** Connections of one member, to tables that are brought to our version before the first question. */
export interface MemberPool {
  readonly pool: pg.Pool;
  /** Awaited before each question; a server that was away is tried again. */
  migrated(): Promise<void>;
  /** Deletes what nobody has used for so many days, piece by piece, by one of the schema's functions. For owners. @returns how many rows */
  trim(procedure: 'codegloss.summary_trim' | 'codegloss.facts_trim', unusedDays: number): Promise<number>;
  close(): Promise<void>;
}

const trimmedAtOnce = 5_000;
/** An editor asks little, and a thousand of them share one server. */
const connections = 2;
const connectMs = 3_000;
const statementMs = 10_000;

export function openMemberPool(config: pg.PoolConfig): MemberPool {
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
    ready.catch(() => {
      ready = undefined;
    });
    return ready;
  };
  return {
    pool,
    migrated,
    async trim(procedure, unusedDays) {
      await migrated();
      for (let gone = 0; ; ) {
        const { rows } = await pool.query<{ n: string }>(`SELECT ${procedure}($1, $2) AS n`, [
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
