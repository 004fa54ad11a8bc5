import type { Pool, PoolClient } from 'pg';
import { reachProblem } from './problems.ts';

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
  `
  -- Runs that workers share: their money and their rates are kept here, because no single process sees all of it.
  CREATE TABLE codegloss.runs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    settings jsonb NOT NULL,
    created timestamptz NOT NULL DEFAULT now(),
    jobs int NOT NULL, done int NOT NULL DEFAULT 0,
    generated int NOT NULL DEFAULT 0, reused int NOT NULL DEFAULT 0, failed int NOT NULL DEFAULT 0,
    requests bigint NOT NULL DEFAULT 0, input bigint NOT NULL DEFAULT 0, cached bigint NOT NULL DEFAULT 0, output bigint NOT NULL DEFAULT 0,
    unpriced boolean NOT NULL DEFAULT false,
    -- Nanodollars. What a dead worker held stays held: nobody knows what it was billed.
    spent bigint NOT NULL DEFAULT 0, held bigint NOT NULL DEFAULT 0, most bigint,
    stopped text
  );
  CREATE TABLE codegloss.rates (
    name text PRIMARY KEY, requests double precision NOT NULL, tokens double precision NOT NULL, at timestamptz NOT NULL
  );

  -- Holds the worst case of a request and takes it from the minute's allowance (token buckets). Answers the milliseconds after which to ask
  -- again, 0 when the request may go out, -1 when the run's money does not cover it, -2 when it waits for what others hold.
  CREATE FUNCTION codegloss.admit(
    run uuid, worst bigint, rate text, need double precision, requests_minute double precision, tokens_minute double precision
  ) RETURNS int LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    bucket codegloss.rates;
    part double precision;
    wanted double precision;
    wait double precision := 0;
    money codegloss.runs;
  BEGIN
    INSERT INTO codegloss.rates VALUES (rate, coalesce(requests_minute, 0), coalesce(tokens_minute, 0), clock_timestamp())
      ON CONFLICT DO NOTHING;
    SELECT * INTO bucket FROM codegloss.rates r WHERE r.name = rate FOR UPDATE;
    part := greatest(0, extract(epoch FROM clock_timestamp() - bucket.at)) / 60;
    bucket.requests := least(coalesce(requests_minute, 0), bucket.requests + part * coalesce(requests_minute, 0));
    bucket.tokens := least(coalesce(tokens_minute, 0), bucket.tokens + part * coalesce(tokens_minute, 0));
    -- What is larger than the whole allowance waits for a full one, because else it would wait forever.
    wanted := least(need, tokens_minute);
    IF requests_minute IS NOT NULL AND bucket.requests < 1 THEN
      wait := (1 - bucket.requests) / requests_minute;
    END IF;
    IF tokens_minute IS NOT NULL AND bucket.tokens < wanted THEN
      wait := greatest(wait, (wanted - bucket.tokens) / tokens_minute);
    END IF;
    IF wait > 0 THEN
      RETURN greatest(1, ceil(wait * 60000))::int;
    END IF;
    UPDATE codegloss.runs r SET held = r.held + worst
      WHERE r.id = run AND (r.most IS NULL OR r.spent + r.held + worst <= r.most);
    IF NOT FOUND THEN
      SELECT * INTO money FROM codegloss.runs r WHERE r.id = run;
      RETURN CASE WHEN money.spent + worst <= money.most THEN -2 ELSE -1 END;
    END IF;
    UPDATE codegloss.rates r SET requests = bucket.requests - 1, tokens = bucket.tokens - coalesce(wanted, 0), at = clock_timestamp()
      WHERE r.name = rate;
    RETURN 0;
  END $$;
  REVOKE ALL ON ALL TABLES IN SCHEMA codegloss FROM PUBLIC;
  REVOKE EXECUTE ON FUNCTION codegloss.admit(uuid, bigint, text, double precision, double precision, double precision) FROM PUBLIC;
  `,
  `
  -- The shared index: what parsing says of one file's bytes, under the same rules as summaries.
  CREATE TABLE codegloss.facts (
    id bytea PRIMARY KEY CHECK (octet_length(id) = 32),
    body bytea NOT NULL CHECK (octet_length(body) BETWEEN 28 AND 4194304),
    used date NOT NULL DEFAULT current_date
  );
  ALTER TABLE codegloss.facts ALTER COLUMN body SET STORAGE EXTERNAL;
  CREATE INDEX facts_used ON codegloss.facts USING brin (used);

  CREATE FUNCTION codegloss.facts_get(wanted bytea[]) RETURNS TABLE (id bytea, body bytea)
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH old AS (
      SELECT f.id FROM codegloss.facts f
      WHERE f.id = ANY (wanted) AND f.used < current_date AND cardinality(wanted) <= 100
      FOR UPDATE SKIP LOCKED
    ), noted AS (
      UPDATE codegloss.facts f SET used = current_date FROM old WHERE f.id = old.id
    )
    SELECT f.id, f.body FROM codegloss.facts f WHERE f.id = ANY (wanted) AND cardinality(wanted) <= 100
  $$;

  CREATE FUNCTION codegloss.facts_there(wanted bytea[]) RETURNS SETOF bytea
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH old AS (
      SELECT f.id FROM codegloss.facts f
      WHERE f.id = ANY (wanted) AND f.used < current_date AND cardinality(wanted) <= 100
      FOR UPDATE SKIP LOCKED
    ), noted AS (
      UPDATE codegloss.facts f SET used = current_date FROM old WHERE f.id = old.id
    )
    SELECT f.id FROM codegloss.facts f WHERE f.id = ANY (wanted) AND cardinality(wanted) <= 100
  $$;

  CREATE FUNCTION codegloss.facts_put(ids bytea[], bodies bytea[]) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO codegloss.facts (id, body)
    SELECT each.id, each.body FROM unnest(ids, bodies) AS each (id, body)
    WHERE cardinality(ids) <= 100 ORDER BY each.id
    ON CONFLICT DO NOTHING
  $$;

  CREATE FUNCTION codegloss.facts_trim(unused_days int, most int) RETURNS bigint
  LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH old AS (
      SELECT f.id FROM codegloss.facts f WHERE f.used < current_date - unused_days LIMIT most FOR UPDATE SKIP LOCKED
    ), gone AS (
      DELETE FROM codegloss.facts f USING old WHERE f.id = old.id RETURNING 1
    )
    SELECT count(*) FROM gone
  $$;

  REVOKE ALL ON TABLE codegloss.facts FROM PUBLIC;
  REVOKE EXECUTE ON FUNCTION codegloss.facts_trim(int, int) FROM PUBLIC;
  `,
  `
  -- Batches that workers sent: which question is in which, and what is held for it until somebody has fetched its answer.
  CREATE TABLE codegloss.batches (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Provider, model and endpoint.
    owner text NOT NULL,
    -- The provider's name of it; null until its answer is heard.
    name text,
    run uuid NOT NULL,
    size int NOT NULL,
    created timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX batches_owner ON codegloss.batches (owner);
  CREATE TABLE codegloss.batch_requests (
    owner text NOT NULL, question bytea NOT NULL CHECK (octet_length(question) = 32),
    batch bigint NOT NULL REFERENCES codegloss.batches ON DELETE CASCADE,
    worst bigint NOT NULL, settled timestamptz,
    PRIMARY KEY (owner, question)
  );
  CREATE INDEX batch_requests_batch ON codegloss.batch_requests (batch);
  CREATE INDEX batch_requests_settled ON codegloss.batch_requests (settled) WHERE settled IS NOT NULL;
  REVOKE ALL ON TABLE codegloss.batches, codegloss.batch_requests FROM PUBLIC;
  `,
];

/**
 * Brings the database to our version; does nothing when it is there or further. Clients that start together wait for each other. Throws when the
 * tables are missing and this user may not make them, and, in a sentence that says what to do, when the database cannot be reached.
 */
export async function migrate(pool: Pool): Promise<void> {
  try {
    await migrateIfNeeded(pool);
  } catch (error) {
    throw new Error(reachProblem(error), { cause: error });
  }
}

async function migrateIfNeeded(pool: Pool): Promise<void> {
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
