import { createHash } from 'node:crypto';
import type { PoolConfig } from 'pg';
import type { RunJob } from '../bulk/jobs.ts';
import type { Settings } from '../settings.ts';
import { storeAddress } from '../store/postgres/address.ts';
import { type JobQueue, openJobQueue } from '../store/postgres/jobQueue.ts';
import { UsageError } from './arguments.ts';
import { storeVariable } from './session.ts';

/** The database that `--store` or the environment names. */
export function storeConfig(option: string | undefined, env: Readonly<Record<string, string | undefined>>): PoolConfig {
  const url = option ?? env[storeVariable] ?? '';
  if (url === '') throw new UsageError(`name the database: --store postgres://HOST/DATABASE, or ${storeVariable}.`);
  const address = storeAddress(url);
  if (!address.ok) throw new UsageError(`--store: ${address.problem}`);
  return address.config;
}

/** A batch may take a day, which is also the longest that pg-boss lets a job take. */
const batchSeconds = 24 * 3600;

/**
 * The queue of one provider, model and endpoint. A worker takes jobs only of those that it was started for: a job must not choose where code and
 * a worker's key are sent.
 * @param waits for runs that answer by batches, whose jobs wait for hours and take up no processor
 */
export function openRunQueue(
  config: PoolConfig,
  { provider, model, endpoint }: Settings,
  waits = false,
): Promise<JobQueue<RunJob>> {
  const name = createHash('sha256')
    .update(JSON.stringify([provider, model, endpoint]))
    .digest('hex')
    .slice(0, 16);
  const kind = waits ? 'batches' : 'summaries';
  return openJobQueue<RunJob>(config, `${kind}-${provider}-${name}`, waits ? { expireSeconds: batchSeconds } : {});
}
