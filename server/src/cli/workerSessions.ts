import { existsSync } from 'node:fs';
import type { PoolConfig } from 'pg';
import { priceOf } from '../model/prices.ts';
import { SharedBatching } from '../model/sharedBatching.ts';
import { limited } from '../model/sharedLimits.ts';
import { type Settings, settingsSchema } from '../settings.ts';
import { type BatchTable, openSharedBatches } from '../store/postgres/batches.ts';
import type { SharedRate, SharedRuns } from '../store/postgres/runs.ts';
import type { CommandContext } from './arguments.ts';
import { type BulkSession, openBulk } from './bulkSession.ts';

export interface WorkerPorts {
  /** Provider, model and endpoint as this worker was started. */
  readonly settings: Settings;
  readonly storeUrl: string;
  readonly config: PoolConfig;
  /** Where the code is; undefined for where the run's submitter had it. */
  readonly root: string | undefined;
  readonly runs: SharedRuns;
  readonly rate: SharedRate;
  /** Milliseconds between two looks at a batch. */
  readonly pollMs: number;
}

/** After so many milliseconds without a new question everybody here waits for an answer. */
const quietMs = 1_500;
/** What a provider has taken it lists at once; this allows for a request that is still on its way when its sender dies. */
const graceMs = 120_000;

/** Runs that this worker has a hand in, each with its core; few, because each holds an index and parsed files. */
export class WorkerSessions {
  readonly #context: CommandContext;
  readonly #ports: WorkerPorts;
  readonly #open = new Map<string, Promise<BulkSession>>();
  readonly #tables: BatchTable[] = [];

  constructor(context: CommandContext, ports: WorkerPorts) {
    this.#context = context;
    this.#ports = ports;
  }

  of(run: string): Promise<BulkSession> {
    const known = this.#open.get(run) ?? this.#make(run);
    this.#open.set(run, known);
    known.catch(() => this.#open.delete(run));
    return known;
  }

  async close(): Promise<void> {
    for (const session of this.#open.values()) await (await session.catch(() => undefined))?.close();
    for (const table of this.#tables) await table.close();
  }

  async #make(run: string): Promise<BulkSession> {
    const { settings: own, storeUrl, root, runs, rate } = this.#ports;
    const stored = await runs.settings(run);
    const parsed = settingsSchema.parse(stored);
    const folder = root ?? rootOf(stored);
    // Who is asked, where and at which price is this worker's; how it is asked is the run's.
    const settings: Settings = {
      ...parsed,
      provider: own.provider,
      model: own.model,
      endpoint: own.endpoint,
      automatic: true,
      budget: { daily: null },
      store: { url: storeUrl },
    };
    const price = priceOf(settings.model, parsed.prices);
    if (isBatched(stored)) return this.#batched(run, folder, settings);
    return openBulk(this.#context, folder, settings, {
      parallel: 8,
      around: (producer) =>
        limited(producer, price ?? priceOf(producer.identity.model, parsed.prices), {
          admit: (request, signal) => runs.admit(run, { ...request, rate }, signal),
          settle: (worst, usage) => runs.settle(run, worst, usage),
        }),
    });
  }

  /** Money is held and booked with the batches: the answer may come to another worker than the one that asked. */
  async #batched(run: string, folder: string, settings: Settings): Promise<BulkSession> {
    const { config, pollMs } = this.#ports;
    const batches = await openSharedBatches(config, run);
    this.#tables.push(batches);
    return openBulk(this.#context, folder, settings, {
      batch: (terms) => new SharedBatching({ ...terms, batches, pollMs, quietMs, graceMs }),
    });
  }
}

function isBatched(stored: unknown): boolean {
  return (stored as { readonly batch?: unknown } | null)?.batch === true;
}

function rootOf(stored: unknown): string {
  const root = (stored as { readonly root?: unknown } | null)?.root;
  if (typeof root !== 'string' || !existsSync(root))
    throw new Error('the code of this run is not on this machine: give --root a checkout of it.');
  return root;
}
