import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storeAddress } from '../../server/src/store/postgres/address.ts';
import { connectFacts } from '../../server/src/store/postgres/facts.ts';
import { openSharedRuns } from '../../server/src/store/postgres/runs.ts';
import { type Cluster, postgresPrograms, startCluster } from './postgres.ts';

const programs = postgresPrograms();
if (programs === undefined) console.log('skipped: there is no PostgreSQL here, and none could be installed');

describe.skipIf(programs === undefined)('a store behind TLS', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'codegloss-tls-'));
  const fileOf = (name: string): string => path.join(folder, name);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  let cluster: Cluster;
  let port = 0;

  /** An authority of our own. */
  function authority(name: string): void {
    const subject = ['-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.crt`];
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject);
  }

  function certificateFor(host: string, by: string): { readonly certificate: string; readonly key: string } {
    openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      `/CN=${host}`,
      '-keyout',
      'server.key',
      '-out',
      'server.csr',
    );
    execFileSync('sh', ['-c', `printf 'subjectAltName=DNS:${host}' > san.ext`], { cwd: folder });
    const signing = ['-CA', `${by}.crt`, '-CAkey', `${by}.key`, '-CAcreateserial', '-extfile', 'san.ext'];
    openssl('x509', '-req', '-days', '2', '-in', 'server.csr', '-out', 'server.crt', ...signing);
    return { certificate: readFileSync(fileOf('server.crt'), 'utf8'), key: readFileSync(fileOf('server.key'), 'utf8') };
  }

  function freePort(): Promise<number> {
    return new Promise((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const { port: free } = server.address() as AddressInfo;
        server.close(() => resolve(free));
      });
    });
  }

  beforeAll(async () => {
    authority('ours');
    authority('other');
    port = await freePort();
    cluster = startCluster(programs ?? '', ['fsync=off'], { ...certificateFor('localhost', 'ours'), port });
    cluster.database('team');
  }, 60_000);
  afterAll(() => {
    cluster.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const urlWith = (options: string, host = 'localhost'): string => `postgres://owner@${host}:${port}/team?${options}`;

  async function ask(url: string): Promise<number> {
    const address = storeAddress(url);
    if (!address.ok) throw new Error(address.problem);
    const facts = connectFacts(address.config);
    try {
      return (await facts.get([new Uint8Array(32)])).size;
    } finally {
      await facts.close();
    }
  }

  it('answers who trusts its authority, encrypted', async () => {
    expect(await ask(urlWith(`sslmode=verify-full&sslrootcert=${fileOf('ours.crt')}`))).toBe(0);
    const address = storeAddress(urlWith(`sslmode=verify-full&sslrootcert=${fileOf('ours.crt')}`));
    const runs = await openSharedRuns((address as Extract<typeof address, { ok: true }>).config);
    await runs.create({ settings: {}, jobs: 0, maxCost: undefined });
    const encrypted =
      "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'codegloss'";
    expect(cluster.sql('team', encrypted)).toBe('t');
    await runs.close();
  });

  it.each([
    [
      'another authority',
      'sslmode=verify-full&sslrootcert=other.crt',
      'localhost',
      /no authority that is trusted here: add sslrootcert=/,
    ],
    ['no authority named', 'sslmode=verify-full', 'localhost', /no authority that is trusted here: add sslrootcert=/],
    [
      "'require', which others take for 'do not check'",
      'sslmode=require',
      'localhost',
      /no authority that is trusted here/,
    ],
    [
      'another name of the server',
      'sslmode=verify-full&sslrootcert=ours.crt',
      '127.0.0.1',
      /made out to another name: write the host/,
    ],
    ['no TLS', 'sslmode=disable', 'localhost', /encrypted connections only: write sslmode=verify-full/],
  ])('is not used with %s, and says what to do in one line', async (_, options, host, message) => {
    const url = urlWith(
      options.replace(/sslrootcert=(.*)/, (_all, name: string) => `sslrootcert=${fileOf(name)}`),
      host,
    );
    const problem = await ask(url).then(
      () => 'it was used',
      (error: Error) => error.message,
    );
    expect(problem).toMatch(message);
    expect(problem).not.toContain('\n');
  });

  it('says so when the authority file cannot be read, before anybody is asked', () => {
    expect(storeAddress(urlWith('sslmode=verify-full&sslrootcert=/nowhere.crt'))).toMatchObject({
      ok: false,
      problem: expect.stringContaining('sslrootcert'),
    });
  });
});
