import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../server/src/cli/run.ts';
import { storeAddress } from '../../server/src/store/postgres/address.ts';
import { type Loopback, type LoopbackOptions, startLoopback } from '../loopback/server.ts';
import { type Bench, bench } from '../unit/bulk/commands.ts';
import { honestAnswer } from '../unit/bulk/honestModel.ts';
import { type Cluster, postgresPrograms, startCluster } from './postgres.ts';

/** What a database says, to whoever owns it. */
async function queried(url: string, sql: string): Promise<pg.QueryResult<Record<string, unknown>>> {
  const address = storeAddress(url);
  const client = new pg.Client(address.ok ? address.config : {});
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

const programs = postgresPrograms();
if (programs === undefined) console.log('skipped: there is no PostgreSQL here, and none could be installed');
const main = path.resolve(import.meta.dirname, '../../server/src/cli/main.ts');

/** Thirty files, each with two functions; each calls into the one before, so that order matters. */
const files = Object.fromEntries(
  Array.from({ length: 30 }, (_, number) => [
    `src/step${number}.js`,
    number === 0
      ? 'export function step0(input) {\n  return input + 1;\n}\n\nexport function other0(input) {\n  return input - 1;\n}\n'
      : `import { step${number - (number % 5 === 0 ? 5 : 1)} as before } from './step${number - (number % 5 === 0 ? 5 : 1)}.js';\n\n` +
        `export function step${number}(input) {\n  const value = input * ${number};\n  return value > ${number} ? value : step${number - (number % 5 === 0 ? 5 : 1)}(value);\n}\n\n` +
        `export function other${number}(input) {\n  return step${number}(input) - ${number};\n}\n`,
  ]),
);
const targets = 90;

/** Twelve files that all call into the first one: two levels, because each level of a run by batches is a batch to wait for. */
const shallow = Object.fromEntries(
  Array.from({ length: 12 }, (_, number) => [
    `src/part${number}.js`,
    number === 0
      ? 'export function part0(input) {\n  return input + 1;\n}\n\nexport function other0(input) {\n  return input - 1;\n}\n'
      : "import { part0 } from './part0.js';\n\n" +
        `export function part${number}(input) {\n  return part0(input * ${number});\n}\n\n` +
        `export function other${number}(input) {\n  return part0(input) - ${number};\n}\n`,
  ]),
);
const shallowTargets = 36;

describe.skipIf(programs === undefined)('workers', () => {
  let cluster: Cluster;
  let databases = 0;
  const benches: Bench[] = [];
  const servers: Loopback[] = [];
  const children: ChildProcess[] = [];
  const folders: string[] = [];

  beforeAll(() => {
    cluster = startCluster(programs ?? '');
  });
  afterAll(() => cluster.dispose());
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const one of benches.splice(0)) one.dispose();
    for (const server of servers.splice(0)) await server.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  async function open(delayMs: number, batches?: LoopbackOptions['batches']) {
    const server = await startLoopback({
      anthropic: (request) => ({ ...honestAnswer(request), delayMs }) as never,
      openai: honestAnswer,
      ...(batches === undefined ? {} : { batches }),
    });
    servers.push(server);
    const one = bench(batches === undefined ? files : shallow);
    benches.push(one);
    const store = cluster.database(`workers${++databases}`);
    const remote = ['--provider', 'anthropic', '--endpoint', server.url, '--store', store];
    return { one, server, store, remote };
  }

  /** A worker on a machine of its own: a process with an empty user folder. */
  function worker(one: Bench, remote: readonly string[], ...more: readonly string[]): ChildProcess {
    const home = mkdtempSync(path.join(tmpdir(), 'codegloss-worker-'));
    folders.push(home);
    const child = spawn(process.execPath, [main, 'worker', ...remote, '--parallel', '2', ...more], {
      env: {
        PATH: process.env['PATH'] ?? '',
        CODEGLOSS_HOME: home,
        ANTHROPIC_API_KEY: 'test-key',
        OPENAI_API_KEY: 'test-key',
      },
      cwd: one.root,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.on('data', (data: Buffer) => process.env['SHOW_WORKERS'] && process.stderr.write(data));
    children.push(child);
    return child;
  }

  const subjectsOf = (server: Loopback): readonly string[] =>
    server.requests.map(
      ({ prompt }) => `${/File: (\S+)/.exec(prompt)?.[1]} ${/Summarize the (.*?)\. Cite/.exec(prompt)?.[1]}`,
    );

  it('summarize a repository together: each summary once, callees first, and the team has them', async () => {
    const { one, server, remote, store } = await open(5);
    for (let count = 0; count < 3; count++) worker(one, remote);
    const { code, json, err } = await one.run(runCommand, [...remote, '--yes', '--workers', '--max-cost', '1']);
    expect(err).toContain('codegloss worker');
    expect(json).toMatchObject({ planned: targets, generated: targets, reused: 0, failed: 0, requests: targets });
    expect(code).toBe(0);
    const subjects = subjectsOf(server);
    expect(new Set(subjects).size).toBe(targets);
    const place = (name: string): number => subjects.findIndex((subject) => subject.includes(`"${name}"`));
    expect(place('step0')).toBeLessThan(place('step5'));
    expect(place('step5')).toBeLessThan(place('step10'));
    // What the jobs were about is not kept.
    const kept = await queried(store, 'SELECT count(*) FROM codegloss_jobs.job WHERE data IS NOT NULL');
    expect(Number(kept.rows[0]?.['count'])).toBe(0);
    // Another machine of the team, without a summary of its own, asks nothing.
    one.forget();
    const other = await one.run(runCommand, [...remote, '--yes']);
    expect(other.json).toMatchObject({ requests: 0, generated: 0, reused: targets });
  }, 120_000);

  it('lose nothing when one is killed in the middle, and pay again at most for what it had sent', async () => {
    const { one, server, remote } = await open(120);
    const victim = worker(one, remote);
    worker(one, remote);
    const running = one.run(runCommand, [...remote, '--yes', '--workers', '--max-cost', '1']);
    await server.waitForRequests(25);
    victim.kill('SIGKILL');
    const { json } = await running;
    expect(json).toMatchObject({ planned: targets, failed: 0 });
    expect(Number(json['generated']) + Number(json['reused'])).toBe(targets);
    const subjects = subjectsOf(server);
    expect(new Set(subjects).size).toBe(targets);
    // Two jobs at a time with up to three requests each.
    expect(subjects.length - targets).toBeLessThanOrEqual(6);
  }, 120_000);

  const asBatches = ['--yes', '--workers', '--batch', '--max-cost', '1'];
  const sentInBatches = (server: Loopback): number => server.batchSizes.reduce((sum, size) => sum + size, 0);

  it.each(['anthropic', 'openai'] as const)(
    'wait for batches of %s, and send again what expired',
    async (wire) => {
      const {
        one,
        server,
        store,
        remote: anthropic,
      } = await open(0, {
        runningLooks: 1,
        fate: (index) => (index === 0 ? 'expired' : index === 1 ? 'errored' : 'answered'),
      });
      const openai = [
        '--provider',
        'openai',
        '--model',
        'some-model',
        '--endpoint',
        `${server.url}/v1`,
        '--store',
        store,
      ];
      const remote = wire === 'anthropic' ? anthropic : openai;
      const priced = wire === 'anthropic' ? asBatches : [...asBatches, '--price', '1/2'];
      for (let count = 0; count < 2; count++) worker(one, remote, '--poll', '0.1');
      const { code, json } = await one.run(runCommand, [...remote, ...priced]);
      expect(code).toBe(0);
      expect(json).toMatchObject({
        planned: shallowTargets,
        generated: shallowTargets,
        failed: 0,
        requests: shallowTargets,
      });
      expect(new Set(subjectsOf(server)).size).toBe(shallowTargets);
      expect(sentInBatches(server)).toBe(shallowTargets + 2);
      expect(server.paths).not.toContain('/v1/messages');
      expect(server.paths).not.toContain('/v1/chat/completions');
      if (wire === 'openai') return;
      // Half the price.
      one.forget();
      const live = await one.run(runCommand, ['--provider', 'anthropic', ...remote.slice(2, 4), '--yes']);
      expect(Number(json['cost']) / Number(live.json['cost'])).toBeCloseTo(0.5, 1);
    },
    180_000,
  );

  it('find the batches of one that is killed, and pay for none of them twice', async () => {
    const { one, server, remote, store } = await open(0, { runningLooks: 30 });
    const victim = worker(one, remote, '--poll', '0.1');
    const running = one.run(runCommand, [...remote, ...asBatches]);
    await expect.poll(() => server.batchSizes.length, { timeout: 60_000 }).toBeGreaterThan(0);
    victim.kill('SIGKILL');
    worker(one, remote, '--poll', '0.1');
    worker(one, remote, '--poll', '0.1');
    const { json } = await running;
    expect(json).toMatchObject({
      planned: shallowTargets,
      generated: shallowTargets,
      failed: 0,
      requests: shallowTargets,
    });
    expect(sentInBatches(server)).toBe(shallowTargets);
    // Nothing is held any more, and what was spent is what was billed.
    const { rows } = await queried(
      store,
      'SELECT held, spent FROM codegloss.runs WHERE jobs > 0 ORDER BY created DESC LIMIT 1',
    );
    expect(Number(rows[0]?.['held'])).toBe(0);
    expect(Number(rows[0]?.['spent']) / 1e9).toBeCloseTo(Number(json['cost']), 9);
  }, 240_000);

  it('find a batch whose name its sender did not hear', async () => {
    const { one, server, remote } = await open(0, { breakOff: (batch) => batch === 0 });
    worker(one, remote, '--poll', '0.1');
    const { json } = await one.run(runCommand, [...remote, ...asBatches]);
    expect(json).toMatchObject({ generated: shallowTargets, failed: 0, requests: shallowTargets });
    expect(sentInBatches(server)).toBe(shallowTargets);
  }, 120_000);

  it('never spend more on batches than the run may', async () => {
    const { one, server, remote } = await open(0, {});
    for (let count = 0; count < 2; count++) worker(one, remote, '--poll', '0.1');
    const asked = [...remote, '--yes', '--workers', '--batch', '--max-cost', '0.002'];
    const { code, json } = await one.run(runCommand, asked);
    expect(code).toBe(1);
    expect(json).toMatchObject({ stopped: expect.stringMatching(/--max-cost/) });
    expect(Number(json['cost'])).toBeLessThanOrEqual(0.002);
    expect(sentInBatches(server)).toBeGreaterThan(0);
    expect(sentInBatches(server)).toBeLessThan(shallowTargets);
  }, 120_000);

  it('forget runs of long ago when one starts', async () => {
    const { one, remote, store } = await open(0);
    worker(one, remote);
    await one.run(runCommand, [...remote, '--yes', '--workers', '--max-cost', '0.0001']);
    await queried(store, "UPDATE codegloss.runs SET created = created - interval '31 days'");
    await queried(store, "UPDATE codegloss.rates SET at = at - interval '2 days'");
    worker(one, remote);
    const left = 'SELECT (SELECT count(*) FROM codegloss.runs) + (SELECT count(*) FROM codegloss.rates) AS count';
    await expect.poll(async () => Number((await queried(store, left)).rows[0]?.['count']), { timeout: 30_000 }).toBe(0);
  }, 120_000);

  it('never spend more than the run may, whoever spends it', async () => {
    const { one, server, remote } = await open(5);
    for (let count = 0; count < 2; count++) worker(one, remote);
    const { code, json } = await one.run(runCommand, [...remote, '--yes', '--workers', '--max-cost', '0.006']);
    expect(code).toBe(1);
    expect(json).toMatchObject({ stopped: expect.stringMatching(/--max-cost/) });
    expect(Number(json['cost'])).toBeLessThanOrEqual(0.006);
    expect(server.requests.length).toBeGreaterThan(5);
    expect(server.requests.length).toBeLessThan(targets);
  }, 120_000);
});
