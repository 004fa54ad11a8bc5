import type { Pool, PoolClient } from 'pg';

/** Any constant: all clients of one database take the same lock. */
const lock = 0x636f6465;

/**
 * One entry per version, in order; never changed once released. Tables belong to their owner alone. Everybody else has functions: a summary is
 * read by presenting its row's name, which only follows from the code, and nothing can be listed, changed or deleted.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE codegloss.summaries (
    id bytea PRIMARY KEY CHECK (octet_length(id) = 32),
    body bytea NOT NULL CHECK (octet_length(body) BETWEEN 28 AND 262144),
    used date NOT NULL DEFAULT current_date
  );
  -- Sealed bodies do not compress.
  ALTER TABLE codegloss.summaries ALTER COLUMN body SET STORAGE EXTERNAL;
  CREATE INDEX summaries_used ON codegloss.summaries USING brin (used);

  CREATE FUNCTION codegloss.summary_get(wanted bytea[]) RETURNS TABLE (id bytea, body bytea)
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH old AS (
      SELECT s.id FROM codegloss.summaries s
      WHERE s.id = ANY (wanted) AND s.used < current_date AND cardinality(wanted) <= 1000
      FOR UPDATE SKIP LOCKED
    ), noted AS (
      UPDATE codegloss.summaries s SET used = current_date FROM old WHERE s.id = old.id
    )
    SELECT s.id, s.body FROM codegloss.summaries s WHERE s.id = ANY (wanted) AND cardinality(wanted) <= 1000
  $$;

  CREATE FUNCTION codegloss.summary_put(ids bytea[], bodies bytea[]) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO codegloss.summaries (id, body)
    SELECT each.id, each.body FROM unnest(ids, bodies) AS each (id, body)
    WHERE cardinality(ids) <= 1000 ORDER BY each.id
    ON CONFLICT DO NOTHING
  $$;

  -- In pieces, so that no lock and no transaction is long.
  CREATE FUNCTION codegloss.summary_trim(unused_days int, most int) RETURNS bigint
  LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH old AS (
      SELECT s.id FROM codegloss.summaries s WHERE s.used < current_date - unused_days LIMIT most FOR UPDATE SKIP LOCKED
    ), gone AS (
      DELETE FROM codegloss.summaries s USING old WHERE s.id = old.id RETURNING 1
    )
    SELECT count(*) FROM gone
  $$;

  CREATE FUNCTION codegloss.version() RETURNS int
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(max(m.version), 0) FROM codegloss.migrations m
  $$;

  REVOKE ALL ON ALL TABLES IN SCHEMA codegloss FROM PUBLIC;
  REVOKE EXECUTE ON FUNCTION codegloss.summary_trim(int, int) FROM PUBLIC;
  GRANT USAGE ON SCHEMA codegloss TO PUBLIC;
  `,
];

/**
 * Brings the database to our version; does nothing when it is there or further. Clients that start together wait for each other. Throws when the
 * tables are missing and this user may not make them.
 */
export async function migrate(pool: Pool): Promise<void> {
  if ((await versionOf(pool)) >= migrations.length) return;
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [lock]);
    await migrateLocked(client);
    await client.query('COMMIT');
  } catch (error) {
    failure = error as Error;
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release(failure);
  }
}

async function migrateLocked(client: PoolClient): Promise<void> {
  // Another client may have been faster; the check also spares members the permission to create schemas.
  const done = await versionOf(client);
  if (done >= migrations.length) return;
  await client.query(`CREATE SCHEMA IF NOT EXISTS codegloss;
    CREATE TABLE IF NOT EXISTS codegloss.migrations (version int PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())`);
  for (const [index, sql] of migrations.entries()) {
    if (index < done) continue;
    await client.query(sql);
    await client.query('INSERT INTO codegloss.migrations (version) VALUES ($1)', [index + 1]);
  }
}

/**
 * 0 where there is nothing of ours. Reads the catalog as a table: `to_regprocedure` answers from a cache that does not notice what another
 * transaction made while ours waited for the advisory lock.
 */
async function versionOf(client: Pick<Pool, 'query'>): Promise<number> {
  const known = await client.query<{ there: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = 'codegloss' AND p.proname = 'version') AS there`,
  );
  if (known.rows[0]?.there !== true) return 0;
  const version = await client.query<{ version: number }>('SELECT codegloss.version() AS version');
  return version.rows[0]?.version ?? 0;
}
