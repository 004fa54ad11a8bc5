import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { indexCommand } from '../../server/src/cli/index.ts';
import { openShardQueue, parseTogether } from '../../server/src/cli/indexShards.ts';
import { storeAddress } from '../../server/src/store/postgres/address.ts';
import { openSharedRuns } from '../../server/src/store/postgres/runs.ts';
import { type Bench, bench } from '../unit/bulk/commands.ts';
import { type Cluster, postgresPrograms, startCluster } from './postgres.ts';

const programs = postgresPrograms();
if (programs === undefined) console.log('skipped: there is no PostgreSQL here, and none could be installed');
const main = path.resolve(import.meta.dirname, '../../server/src/cli/main.ts');

const count = 240;
const files = Object.fromEntries(
  Array.from({ length: count }, (_, number) => [
    `src/part${number}.js`,
    `export function part${number}(input) {\n  return input + ${number};\n}\n`,
  ]),
);

describe.skipIf(programs === undefined)('shards of an index', () => {
  let cluster: Cluster;
  let databases = 0;
  const benches: Bench[] = [];
  const children: ChildProcess[] = [];
  const folders: string[] = [];

  beforeAll(() => {
    cluster = startCluster(programs ?? '');
  });
  afterAll(() => cluster.dispose());
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const one of benches.splice(0)) one.dispose();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  function open() {
    const one = bench(files);
    benches.push(one);
    const name = `shards${++databases}`;
    const url = cluster.database(name);
    const address = storeAddress(url);
    if (!address.ok) throw new Error(address.problem);
    return { one, name, url, config: address.config };
  }

  function worker(one: Bench, url: string): ChildProcess {
    const home = mkdtempSync(path.join(tmpdir(), 'codegloss-worker-'));
    folders.push(home);
    const child = spawn(process.execPath, [main, 'worker', '--provider', 'outline', '--store', url], {
      env: { PATH: process.env['PATH'] ?? '', CODEGLOSS_HOME: home },
      cwd: one.root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    children.push(child);
    return child;
  }

  it('are parsed by workers, each file once, also when one is killed in the middle; the next machine parses nothing', async () => {
    const { one, name, url, config } = open();
    const runs = await openSharedRuns(config);
    const queue = await openShardQueue(config);
    const shards = 12;
    const run = await runs.create({ settings: { root: one.root }, jobs: shards, maxCost: undefined });
    await queue.submit(
      Array.from({ length: shards }, (_, shard) => ({
        ref: `${shard}`,
        data: { kind: 'shard' as const, run, shard, shards },
        needs: [],
      })),
    );
    // What stands in the queue names no file.
    expect(cluster.sql(name, "SELECT string_agg(data::text, '') FROM codegloss_jobs.job")).not.toMatch(/part|src/);
    const victim = worker(one, url);
    worker(one, url);
    const facts = (): number => Number(cluster.sql(name, 'SELECT count(*) FROM codegloss.facts'));
    await expect.poll(facts, { timeout: 150_000 }).toBeGreaterThan(0);
    victim.kill('SIGKILL');
    await expect.poll(async () => (await runs.progress(run)).done, { timeout: 150_000 }).toBe(shards);
    expect(facts()).toBe(count);
    await queue.close();
    await runs.close();
    const { json } = await one.run(indexCommand, ['--store', url]);
    expect(json['shared']).toEqual({ fetched: count, given: 0, kept: 0 });
  }, 400_000);

  it('are parsed by who asks for them when there is no worker', async () => {
    const { one, url, config } = open();
    const runs = await openSharedRuns(config);
    const context = {
      args: [],
      output: { out: () => undefined, err: () => undefined, isTerminal: false },
      env: { CODEGLOSS_HOME: one.home },
      cwd: one.root,
      signal: new AbortController().signal,
    };
    await parseTogether(context, one.root, { config, runs });
    await runs.close();
    const { json } = await one.run(indexCommand, ['--store', url]);
    expect(json['shared']).toEqual({ fetched: count, given: 0, kept: 0 });
  }, 400_000);
});
