import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { ModelError } from '../../types/errors.ts';
import type { Usage } from '../../types/summary.ts';
import type { Effect } from './jobQueue.ts';
import { migrate } from './migrations.ts';

/** What all workers together may ask of one provider; absent: no limit. */
export interface SharedRate {
  /** Whose allowance it is: provider and endpoint. */
  readonly name: string;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
}

export interface RunProgress {
  readonly jobs: number;
  readonly done: number;
  readonly generated: number;
  readonly reused: number;
  readonly failed: number;
  readonly requests: number;
  readonly usage: Usage;
  readonly stopped: string | undefined;
}

/** What became of one job's targets. */
export interface JobOutcome {
  readonly generated: number;
  readonly reused: number;
  readonly failed: number;
}

/** Runs that several workers share, kept in the team's database. */
export interface SharedRuns {
  /** @param run.maxCost US dollars that all workers together may spend; undefined for no limit. @returns the run's name */
  create(run: {
    readonly settings: object;
    readonly jobs: number;
    readonly maxCost: number | undefined;
  }): Promise<string>;
  settings(run: string): Promise<unknown>;
  progress(run: string): Promise<RunProgress>;
  /**
   * Waits until the request may go out, and holds its worst case (US dollars, null where nobody bills). Throws `ModelError` `budget` when the
   * run's money does not cover it.
   */
  admit(
    run: string,
    request: { readonly worst: number | null; readonly tokens: number; readonly rate: SharedRate },
    signal: AbortSignal,
  ): Promise<void>;
  /** Replaces what was held by what was billed; undefined usage keeps the worst case. */
  settle(run: string, worst: number | null, usage: Usage | undefined): Promise<void>;
  /** Ends the run for all workers. */
  stop(run: string, reason: string): Promise<void>;
  /** Forgets runs that began before so many days, and allowances of providers that nobody has asked since. */
  trim(days: number): Promise<void>;
  close(): Promise<void>;
}

/** Counts a job as done, within the transaction that completes it. */
export function countDone(run: string, { generated, reused, failed }: JobOutcome): Effect {
  return async (sql) => {
    await sql(
      `UPDATE codegloss.runs SET done = done + 1, generated = generated + $2, reused = reused + $3, failed = failed + $4 WHERE id = $1`,
      [run, generated, reused, failed],
    );
  };
}

/** How long a request waits for money that others hold; what a dead worker held never comes back. Milliseconds. */
const heldPatience = 60_000;
const heldPause = 500;

export async function openSharedRuns(config: pg.PoolConfig): Promise<SharedRuns> {
  const pool = new pg.Pool({ max: 6, connectionTimeoutMillis: 5_000, ...config });
  pool.on('error', () => undefined);
  await migrate(pool);
  return {
    async create({ settings, jobs, maxCost }) {
      const { rows } = await pool.query<{ id: string }>(
        'INSERT INTO codegloss.runs (settings, jobs, most) VALUES ($1, $2, $3) RETURNING id',
        [JSON.stringify(settings), jobs, maxCost === undefined ? null : Math.floor(maxCost * 1e9)],
      );
      return rows[0]?.id ?? '';
    },
    async settings(run) {
      const { rows } = await pool.query<{ settings: unknown }>('SELECT settings FROM codegloss.runs WHERE id = $1', [
        run,
      ]);
      return rows[0]?.settings;
    },
    async progress(run) {
      const { rows } = await pool.query<Record<string, unknown>>('SELECT * FROM codegloss.runs WHERE id = $1', [run]);
      return progressOf(rows[0] ?? {});
    },
    admit: (run, request, signal) => admit(pool, run, request, signal),
    async settle(run, worst, usage) {
      const held = nanodollars(worst);
      const spent = usage === undefined ? held : nanodollars(usage.cost);
      await pool.query(
        `UPDATE codegloss.runs SET held = held - $2, spent = spent + $3, requests = requests + 1, input = input + $4, cached = cached + $5,
          output = output + $6, unpriced = unpriced OR $7 WHERE id = $1`,
        [run, held, spent, usage?.input ?? 0, usage?.cached ?? 0, usage?.output ?? 0, usage?.cost === null],
      );
    },
    async stop(run, reason) {
      await pool.query('UPDATE codegloss.runs SET stopped = coalesce(stopped, $2) WHERE id = $1', [run, reason]);
    },
    async trim(days) {
      await pool.query('DELETE FROM codegloss.runs WHERE created < now() - make_interval(days => $1)', [days]);
      // An allowance is full again after a minute.
      await pool.query(`DELETE FROM codegloss.rates WHERE at < now() - interval '1 day'`);
    },
    close: () => pool.end(),
  };
}

async function admit(
  pool: pg.Pool,
  run: string,
  { worst, tokens, rate }: Parameters<SharedRuns['admit']>[1],
  signal: AbortSignal,
): Promise<void> {
  const patience = Date.now() + heldPatience;
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await pool.query<{ wait: number }>('SELECT codegloss.admit($1, $2, $3, $4, $5, $6) AS wait', [
      run,
      nanodollars(worst),
      rate.name,
      tokens,
      rate.requestsPerMinute ?? null,
      rate.tokensPerMinute ?? null,
    ]);
    const wait = rows[0]?.wait ?? -1;
    if (wait === 0) return;
    if (wait === -1 || (wait === -2 && Date.now() > patience))
      throw new ModelError(
        'budget',
        '--max-cost does not cover the next request of this run: run again with more to go on from here.',
      );
    await pause(wait === -2 ? heldPause : wait, undefined, { signal });
  }
}

/** Whole ones, so that sums are exact; rounded up. */
export function nanodollars(dollars: number | null | undefined): number {
  return Math.ceil((dollars ?? 0) * 1e9);
}

/** Counters of PostgreSQL's `bigint` arrive as text. */
function progressOf(row: Readonly<Record<string, unknown>>): RunProgress {
  const number = (name: string): number => Number(row[name] ?? 0);
  const { unpriced, stopped } = row;
  return {
    jobs: number('jobs'),
    done: number('done'),
    generated: number('generated'),
    reused: number('reused'),
    failed: number('failed'),
    requests: number('requests'),
    usage: {
      input: number('input'),
      cached: number('cached'),
      output: number('output'),
      cost: unpriced === true ? null : number('spent') / 1e9,
    },
    stopped: typeof stopped === 'string' ? stopped : undefined,
  };
}
