import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type Db, type Job, PgBoss } from 'pg-boss';

/** One job of a submission. */
export interface NewJob {
  /** Unique within its submission. */
  readonly ref: string;
  readonly data: object;
  /** Jobs of the same submission that have to be done before. */
  readonly needs: readonly string[];
  /** Of the jobs that are ready the one with the highest is taken first; 0 when absent, else a 32-bit integer. */
  readonly priority?: number;
}

/** A job that this process holds for now. */
export interface TakenJob<Data> {
  readonly id: string;
  readonly data: Data;
  /** How many attempts began before this one. */
  readonly earlier: number;
}

/** Runs SQL within the transaction that settles a job. */
export type Sql = (text: string, values?: unknown[]) => Promise<{ readonly rows: readonly Record<string, unknown>[] }>;

/**
 * What a job leaves in the database. It is committed together with the job's completion, or not at all: a worker may die at any instant, and a
 * worker that was thought dead and comes back settles nothing.
 */
export type Effect = (sql: Sql) => Promise<void>;

export interface WorkOptions<Data> {
  /** Jobs that one lane takes and settles at once: 1 for long jobs, many for short ones. */
  readonly batch: number;
  /** Lanes that work at the same time. */
  readonly lanes: number;
  /** Ends when nothing is left to do, instead of waiting for more. */
  readonly once?: boolean;
  readonly signal: AbortSignal;
  /** Does the work; everything that counts goes into the effect. A thrown error means another attempt. */
  readonly handle: (job: TakenJob<Data>, signal: AbortSignal) => Promise<Effect>;
  /** Told of a job that failed, and of a database that is away. */
  readonly onProblem: (message: string) => void;
}

export interface JobQueue<Data> {
  /** All or none of them. */
  submit(jobs: readonly NewJob[]): Promise<void>;
  /** Works until the signal aborts (resolves after what is under way is settled). */
  work(options: WorkOptions<Data>): Promise<void>;
  /** Jobs that are not done. */
  left(): Promise<number>;
  close(): Promise<void>;
}

const schema = 'codegloss_jobs';
/** A worker that has not been heard of for so long is dead, and its jobs are given to others. Least that pg-boss allows. */
const heartbeatSeconds = 10;
const heartbeatMs = 3_000;
/** How often dead workers are looked for. */
const superviseSeconds = 2;
/** After which a job is given to another worker, however alive the first one is. */
const usualExpireSeconds = 6 * 3600;
/** Never given up by the queue: dependents would wait forever. Who handles a job decides after how many attempts it is hopeless. */
const attempts = 1_000_000;
/** Between two looks into an empty queue, in milliseconds. */
const idleMs = 500;
/** While the database is away, in milliseconds. */
const awayMs = 500;
/** So long a finished piece of work waits for the database to come back, in milliseconds. */
const settleMs = 120_000;

/** A queue of jobs in the team's database, kept by pg-boss in a schema of its own. Makes it when it is missing: for owners. */
export async function openJobQueue<Data extends object>(
  config: pg.PoolConfig,
  name: string,
  { expireSeconds = usualExpireSeconds }: { readonly expireSeconds?: number } = {},
): Promise<JobQueue<Data>> {
  const { host, port, database, user, password, ssl } = config;
  const boss = new PgBoss({
    ...({ host, port, database, user, password, ssl } as ConstructorParameters<typeof PgBoss>[0] & object),
    application_name: 'codegloss jobs',
    schema,
    max: 4,
    schedule: false,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
    flowIntervalSeconds: superviseSeconds,
  });
  // Errors of its background work; what concerns us comes as a rejection.
  boss.on('error', () => undefined);
  const pool = new pg.Pool({ max: 8, connectionTimeoutMillis: 5_000, ...config });
  pool.on('error', () => undefined);
  await boss.start();
  await boss.createQueue(name, {
    heartbeatSeconds,
    expireInSeconds: expireSeconds,
    retryLimit: attempts,
    retryDelay: 0,
    deleteAfterSeconds: 86_400,
  });
  return new Queue<Data>(boss, pool, name);
}

class Queue<Data extends object> implements JobQueue<Data> {
  readonly #boss: PgBoss;
  readonly #pool: pg.Pool;
  readonly #name: string;
  /** Jobs that are told to be alive, by id. */
  readonly #held = new Map<string, Job<Data>>();

  constructor(boss: PgBoss, pool: pg.Pool, name: string) {
    this.#boss = boss;
    this.#pool = pool;
    this.#name = name;
  }

  async submit(jobs: readonly NewJob[]): Promise<void> {
    if (jobs.some(({ needs }) => needs.length > 0)) {
      await this.#boss.flow(
        jobs.map(({ ref, data, needs, priority = 0 }) => ({
          ref,
          name: this.#name,
          data,
          dependsOn: [...needs],
          options: { priority },
        })),
      );
    } else if (jobs.length > 0)
      await this.#boss.insert(
        this.#name,
        jobs.map(({ data, priority = 0 }) => ({ data, priority })),
      );
  }

  async left(): Promise<number> {
    const { rows } = await this.#pool.query<{ n: string }>(
      `SELECT count(*) AS n FROM ${schema}.job WHERE name = $1 AND state < 'completed'`,
      [this.#name],
    );
    return Number(rows[0]?.n ?? 0);
  }

  async work(options: WorkOptions<Data>): Promise<void> {
    const heartbeat = setInterval(() => void this.#beat(), heartbeatMs);
    try {
      await Promise.all(Array.from({ length: options.lanes }, () => this.#lane(options)));
    } finally {
      clearInterval(heartbeat);
    }
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: false }).catch(() => undefined);
    await this.#pool.end().catch(() => undefined);
  }

  async #lane(options: WorkOptions<Data>): Promise<void> {
    const { signal, onProblem } = options;
    let isAway = false;
    while (!signal.aborted) {
      try {
        const jobs = await this.#boss.fetch<Data>(this.#name, { batchSize: options.batch });
        isAway = false;
        if (jobs.length > 0) await this.#batch(jobs, options);
        else if (options.once === true && (await this.left()) === 0) return;
        else await this.#rest(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!isAway) onProblem(`the database cannot be asked (${(error as Error).message}); trying on`);
        isAway = true;
        await rest(awayMs, signal);
      }
    }
  }

  /** Nothing is ready: perhaps because what is done has not been noted with what waits for it. */
  async #rest(signal: AbortSignal): Promise<void> {
    await this.#boss.resolveFlow();
    await rest(idleMs, signal);
  }

  async #batch(jobs: readonly Job<Data>[], options: WorkOptions<Data>): Promise<void> {
    for (const job of jobs) this.#held.set(job.id, job);
    try {
      const handled = await Promise.all(jobs.map((job) => this.#handle(job, options)));
      await this.#settle(handled.flatMap((one) => (one === undefined ? [] : [one])));
    } finally {
      for (const { id } of jobs) this.#held.delete(id);
    }
  }

  async #handle(job: Job<Data>, { handle, signal, onProblem }: WorkOptions<Data>): Promise<Handled<Data> | undefined> {
    try {
      return { job, effect: await handle({ id: job.id, data: job.data, earlier: job.retryCount }, signal) };
    } catch (error) {
      if (!signal.aborted) onProblem((error as Error).message);
      await this.#boss.fail(this.#name, [attemptOf(job)], { message: (error as Error).message }).catch(() => undefined);
      return undefined;
    }
  }

  /** Keeps trying while the database is away: the work is done and paid for. */
  async #settle(handled: readonly Handled<Data>[]): Promise<void> {
    if (handled.length === 0) return;
    const end = Date.now() + settleMs;
    for (;;) {
      try {
        if (await this.#settleAll(handled)) return;
        for (const one of handled) await this.#settleAll([one]);
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
        await pause(awayMs);
      }
    }
  }

  /** @returns false, with nothing done, when an attempt of these is no longer ours */
  async #settleAll(handled: readonly Handled<Data>[]): Promise<boolean> {
    const client = await this.#pool.connect();
    let failure: Error | undefined;
    // A connection that breaks while it is ours says so also here; the query that it breaks rejects.
    const ignore = (): void => undefined;
    client.on('error', ignore);
    try {
      await client.query('BEGIN');
      const sql: Sql = (text, values) => client.query(text, values);
      for (const { effect } of handled) await effect(sql);
      const db: Db = { executeSql: (text, values) => client.query(text, values) };
      const response = await this.#boss.complete(
        this.#name,
        handled.map(({ job }) => attemptOf(job)),
        null,
        { db },
      );
      const isOurs = (response as { readonly affected?: number }).affected === handled.length;
      // What a job was about (paths, names of functions) is nobody's business once it is done.
      const done = handled.map(({ job }) => job.id);
      await client.query(`UPDATE ${schema}.job SET data = NULL WHERE name = $1 AND id = ANY ($2)`, [this.#name, done]);
      await client.query(isOurs ? 'COMMIT' : 'ROLLBACK');
      return isOurs;
    } catch (error) {
      failure = error as Error;
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(failure);
    }
  }

  async #beat(): Promise<void> {
    const held = [...this.#held.values()];
    if (held.length === 0) return;
    await this.#boss.touch(this.#name, held.map(attemptOf)).catch(() => undefined);
  }
}

interface Handled<Data> {
  readonly job: Job<Data>;
  readonly effect: Effect;
}

function attemptOf({ id, retryCount }: Job<object>): { readonly id: string; readonly retryCount: number } {
  return { id, retryCount };
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
