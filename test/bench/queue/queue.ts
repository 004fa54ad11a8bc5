/**
 * `npm run bench:queue`: throughput of the job queue on a PostgreSQL of its own. 100,000 generated jobs, N = 1, 2, 4 workers; undisturbed, and with
 * a worker killed every second and the database restarted twice. What counts are the effects: a job's effect and its completion are one
 * transaction, and the log that the effects go into has no unique key.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { storeAddress } from '../../../server/src/store/postgres/address.ts';
import { openJobQueue } from '../../../server/src/store/postgres/jobQueue.ts';
import { type Cluster, postgresPrograms, startCluster } from '../../integration/postgres.ts';

const total = Number(process.argv.find((each) => /^--jobs=/.test(each))?.slice(7) ?? 100_000);
const counts = (process.argv.find((each) => /^--workers=/.test(each))?.slice(10) ?? '1,2,4').split(',').map(Number);
const batch = 50;
const chunk = 10_000;
const restarts = 2;
const workerScript = path.join(import.meta.dirname, 'worker.ts');

interface Row {
  readonly workers: number;
  readonly disturbed: boolean;
  readonly seconds: number;
  readonly killed: number;
  readonly restarted: number;
  readonly duplicates: number;
  readonly lost: number;
}

/** A cluster that keeps PostgreSQL's own defaults for safety: every commit is on disk. */
const settings = ['shared_buffers=256MB', 'max_wal_size=2GB'];

async function submit(url: string): Promise<void> {
  const address = storeAddress(url);
  if (!address.ok) throw new Error(address.problem);
  const queue = await openJobQueue(address.config, 'bench');
  for (let from = 0; from < total; from += chunk) {
    const count = Math.min(chunk, total - from);
    await queue.submit(
      Array.from({ length: count }, (_, index) => ({
        ref: `${from + index}`,
        data: { number: from + index },
        needs: [],
      })),
    );
  }
  await queue.close();
}

async function measure(cluster: Cluster, workers: number, disturbed: boolean): Promise<Row> {
  const name = `bench_${workers}_${disturbed ? 'disturbed' : 'quiet'}`;
  const url = cluster.database(name);
  cluster.sql(name, 'CREATE TABLE bench_log (number int NOT NULL, worker int NOT NULL)');
  await submit(url);
  const running = new Set<ChildProcess>();
  /** Only who is in the middle of work is killed: a start takes longer than a second here. */
  const atWork = new Set<ChildProcess>();
  const start = (): void => {
    const child = spawn(process.execPath, [workerScript, url, String(batch)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.add(child);
    child.stdout?.once('data', () => atWork.add(child));
    child.once('exit', () => {
      running.delete(child);
      atWork.delete(child);
    });
  };
  const started = performance.now();
  for (let count = 0; count < workers; count++) start();
  let killed = 0;
  let restarted = 0;
  let done = false;
  const doneCount = (): number => {
    try {
      return Number(cluster.sql(name, 'SELECT count(*) FROM bench_log'));
    } catch {
      return 0;
    }
  };
  const trouble = async (): Promise<void> => {
    while (!done) {
      await pause(1_000);
      if (done) return;
      const victims = [...atWork];
      const victim = victims[Math.floor(Math.random() * victims.length)];
      if (victim !== undefined) {
        victim.kill('SIGKILL');
        killed++;
      }
      while (running.size < workers) start();
      // At a third and at two thirds, as a crash would.
      if (restarted < restarts && doneCount() > (total * (restarted + 1)) / (restarts + 1)) {
        cluster.kill();
        restarted++;
        await pause(500);
        cluster.start();
      }
    }
  };
  const troubling = disturbed ? trouble() : undefined;
  while (doneCount() < total) {
    await pause(500);
    if (!disturbed && running.size === 0 && doneCount() < total)
      throw new Error('the workers ended before the jobs did');
  }
  const seconds = (performance.now() - started) / 1000;
  done = true;
  await troubling;
  for (const child of running) child.kill('SIGKILL');
  const [rows = '0', distinct = '0'] = cluster
    .sql(name, 'SELECT count(*), count(DISTINCT number) FROM bench_log')
    .split('|');
  cluster.sql('postgres', `DROP DATABASE ${name} WITH (FORCE)`);
  return {
    workers,
    disturbed,
    seconds,
    killed,
    restarted,
    duplicates: Number(rows) - Number(distinct),
    lost: total - Number(distinct),
  };
}

/** Commits a second that this disk allows: what a database can do at most, one after the other. */
function syncsPerSecond(): number {
  const file = path.join(tmpdir(), `codegloss-sync-${process.pid}`);
  const handle = openSync(file, 'w');
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < 1_000; count++) {
    writeSync(handle, 'x'.repeat(8_192));
    fsyncSync(handle);
  }
  closeSync(handle);
  rmSync(file);
  return count;
}

const programs = postgresPrograms();
if (programs === undefined) {
  console.log('skipped: there is no PostgreSQL here, and none could be installed');
  process.exit(0);
}
const cluster = startCluster(programs, settings);
try {
  console.log(
    `${total} jobs, ${batch} taken at once, 2 lanes a worker; fsync on; this disk: ${syncsPerSecond()} synced writes a second\n`,
  );
  console.log('| workers | disturbed | seconds | jobs/s | workers killed | restarts | duplicates | lost |');
  console.log('|---|---|---|---|---|---|---|---|');
  const only = process.argv.includes('--disturbed') ? [true] : [false, true];
  for (const disturbed of only) {
    for (const workers of counts) {
      const row = await measure(cluster, workers, disturbed);
      console.log(
        `| ${row.workers} | ${row.disturbed ? 'yes' : 'no'} | ${row.seconds.toFixed(1)} | ${Math.round(total / row.seconds)} | ${row.killed} | ${row.restarted} | ${row.duplicates} | ${row.lost} |`,
      );
    }
  }
} finally {
  cluster.dispose();
}
