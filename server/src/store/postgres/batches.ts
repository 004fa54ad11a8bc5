import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Sending, SharedBatches } from '../../types/sharedBatches.ts';
import type { Usage } from '../../types/summary.ts';
import { migrate } from './migrations.ts';
import { nanodollars } from './runs.ts';

/** Locks of senders, by owner; the first number keeps them apart from other locks of ours. */
const lockClass = 0x63676261;
/** So long an answer that was fetched can be fetched again: a worker may die before it has handed the summary over. */
const answeredDays = 1;
/** Providers keep results for 29 days. */
const keptDays = 29;
/** The milliseconds of PostgreSQL's clock, which all workers share. */
const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::bigint`;

export interface BatchTable extends SharedBatches {
  close(): Promise<void>;
}

/** @param run the run whose money is held and spent */
export async function openSharedBatches(config: pg.PoolConfig, run: string): Promise<BatchTable> {
  const pool = new pg.Pool({ max: 4, connectionTimeoutMillis: 5_000, ...config });
  pool.on('error', () => undefined);
  await migrate(pool);
  return {
    async sending(owner, work) {
      const client = await pool.connect();
      let failure: Error | undefined;
      // A connection that breaks says so here as well; the query that it breaks rejects.
      const ignore = (): void => undefined;
      client.on('error', ignore);
      try {
        // Held by the connection: a sender that dies lets go of it.
        await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [lockClass, owner]);
        await forgetOld(client);
        return await work(sendingOver(client, owner, run));
      } catch (error) {
        failure = error as Error;
        throw error;
      } finally {
        await client.query('SELECT pg_advisory_unlock($1, hashtext($2))', [lockClass, owner]).catch(() => undefined);
        client.off('error', ignore);
        client.release(failure);
      }
    },
    async settle(owner, question, usage) {
      await pool.query(
        `WITH taken AS (
          UPDATE codegloss.batch_requests q SET settled = now()
          WHERE q.owner = $1 AND q.question = $2 AND q.settled IS NULL RETURNING q.batch, q.worst
        ) ${paying} FROM taken JOIN codegloss.batches b ON b.number = taken.batch WHERE r.id = b.run`,
        [owner, nameOfQuestion(question), ...bill(usage)],
      );
    },
    async release(owner, question) {
      await pool.query(
        `WITH gone AS (
          DELETE FROM codegloss.batch_requests q WHERE q.owner = $1 AND q.question = $2 RETURNING q.batch, q.worst, q.settled
        ) UPDATE codegloss.runs r SET held = r.held - gone.worst
          FROM gone JOIN codegloss.batches b ON b.number = gone.batch WHERE r.id = b.run AND gone.settled IS NULL`,
        [owner, nameOfQuestion(question)],
      );
    },
    close: () => pool.end(),
  };
}

/** $3 is what was billed, null for the worst case. */
const paying = `UPDATE codegloss.runs r SET held = r.held - taken.worst, spent = r.spent + coalesce($3::bigint, taken.worst),
  requests = r.requests + 1, input = r.input + $4, cached = r.cached + $5, output = r.output + $6, unpriced = r.unpriced OR $7`;

function bill(usage: Usage | undefined): unknown[] {
  const spent = usage === undefined ? null : nanodollars(usage.cost);
  return [spent, usage?.input ?? 0, usage?.cached ?? 0, usage?.output ?? 0, usage?.cost === null];
}

async function forgetOld(client: pg.PoolClient): Promise<void> {
  await client.query(`DELETE FROM codegloss.batch_requests WHERE settled < now() - make_interval(days => $1)`, [
    answeredDays,
  ]);
  await client.query(`DELETE FROM codegloss.batches WHERE created < now() - make_interval(days => $1)`, [keptDays]);
}

function sendingOver(client: pg.PoolClient, owner: string, run: string): Sending {
  return {
    async nameless() {
      const { rows } = await client.query<Record<string, unknown>>(
        `SELECT number, size, ${ms('created')} AS at, ${ms('now()')} - ${ms('created')} AS age
          FROM codegloss.batches WHERE owner = $1 AND name IS NULL ORDER BY number`,
        [owner],
      );
      return rows.map(({ number, size, at, age }) => ({
        number: Number(number),
        size: Number(size),
        createdAt: Number(at),
        ageMs: Number(age),
      }));
    },
    async names() {
      const { rows } = await client.query<{ name: string }>(
        'SELECT name FROM codegloss.batches WHERE owner = $1 AND name IS NOT NULL',
        [owner],
      );
      return new Set(rows.map(({ name }) => name));
    },
    async find(questions) {
      const ids = new Map(questions.map((question) => [nameOfQuestion(question).toString('hex'), question]));
      const { rows } = await client.query<{ question: Buffer; name: string | null }>(
        `SELECT q.question, b.name FROM codegloss.batch_requests q JOIN codegloss.batches b ON b.number = q.batch
          WHERE q.owner = $1 AND q.question = ANY ($2)`,
        [owner, questions.map(nameOfQuestion)],
      );
      return new Map(
        rows.map(({ question, name }) => [ids.get(question.toString('hex')) ?? '', { name: name ?? undefined }]),
      );
    },
    async intend(questions) {
      await client.query('BEGIN');
      try {
        const intended = await intend(client, { owner, run, questions });
        await client.query('COMMIT');
        return intended;
      } catch (error) {
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
    async submitted(number, name) {
      await client.query('UPDATE codegloss.batches SET name = $2 WHERE number = $1', [number, name]);
    },
    async withdraw(number) {
      await client.query(
        `WITH gone AS (DELETE FROM codegloss.batch_requests q WHERE q.batch = $1 RETURNING q.worst, q.settled),
          batch AS (DELETE FROM codegloss.batches b WHERE b.number = $1 RETURNING b.run)
          UPDATE codegloss.runs r SET held = r.held - (SELECT coalesce(sum(worst), 0) FROM gone WHERE settled IS NULL)
          FROM batch WHERE r.id = batch.run`,
        [number],
      );
    },
  };
}

/** Money and note in one transaction: a sender that dies between them would hold money for nothing. */
async function intend(
  client: pg.PoolClient,
  {
    owner,
    run,
    questions,
  }: { readonly owner: string; readonly run: string; readonly questions: Parameters<Sending['intend']>[0] },
): ReturnType<Sending['intend']> {
  const { rows: admitted } = await client.query<{ place: string; wait: number }>(
    `SELECT each.place, codegloss.admit($1, each.worst, 'batches', 0, NULL, NULL) AS wait
      FROM unnest($2::bigint[]) WITH ORDINALITY AS each (worst, place)`,
    [run, questions.map(({ worst }) => nanodollars(worst))],
  );
  const refused = new Map<string, 'wait' | 'exhausted'>();
  const others = admitted.some(({ wait }) => wait === -2) && (await isSomethingOpen(client, run));
  for (const { place, wait } of admitted) {
    const id = questions[Number(place) - 1]?.id;
    if (id !== undefined && wait !== 0) refused.set(id, wait === -2 && others ? 'wait' : 'exhausted');
  }
  const held = questions.filter(({ id }) => !refused.has(id));
  if (held.length === 0) return { number: 0, refused };
  const { rows } = await client.query<{ number: string }>(
    'INSERT INTO codegloss.batches (owner, run, size) VALUES ($1, $2, $3) RETURNING number',
    [owner, run, held.length],
  );
  const number = Number(rows[0]?.number);
  await client.query(
    `INSERT INTO codegloss.batch_requests (owner, question, batch, worst)
      SELECT $1, each.question, $2, each.worst FROM unnest($3::bytea[], $4::bigint[]) AS each (question, worst)`,
    [owner, number, held.map(({ id }) => nameOfQuestion(id)), held.map(({ worst }) => nanodollars(worst))],
  );
  return { number, refused };
}

/** Whether money that is held may come back: a batch takes a day at most. */
async function isSomethingOpen(client: pg.PoolClient, run: string): Promise<boolean> {
  const { rows } = await client.query<{ open: boolean }>(
    `SELECT EXISTS (SELECT FROM codegloss.batches b JOIN codegloss.batch_requests q ON q.batch = b.number
      WHERE b.run = $1 AND q.settled IS NULL AND b.created > now() - interval '25 hours') AS open`,
    [run],
  );
  return rows[0]?.open === true;
}

/** Of its own kind: what stands here opens nothing of what the team's database keeps sealed. */
function nameOfQuestion(id: string): Buffer {
  return createHash('sha256').update(`codegloss batch question v1\n${id}`).digest();
}
