import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A throw-away PostgreSQL cluster behind a Unix socket, gone when the test is. */
export interface Cluster {
  /** URL of a new, empty database. `user` is a role of the server; the owner when left out. */
  database(name: string): string;
  url(database: string, user?: string): string;
  sql(database: string, sql: string): string;
  /** As a crash would: no connection is asked to end first. */
  kill(): void;
  stop(): void;
  start(): void;
  dispose(): void;
}

const roots = '/usr/lib/postgresql';
const installMs = 240_000;

/**
 * The folder with PostgreSQL's programs; installed from the system's packages where that is possible. Undefined where there is none: tests then
 * skip and say so.
 */
export function postgresPrograms(): string | undefined {
  const found = (): string | undefined =>
    existsSync(roots)
      ? readdirSync(roots)
          .map((version) => path.join(roots, version, 'bin'))
          .find((folder) => existsSync(path.join(folder, 'initdb')))
      : undefined;
  const known = found();
  if (known !== undefined || process.getuid?.() !== 0) return known;
  const apt = (...args: string[]) =>
    spawnSync('apt-get', args, {
      stdio: 'ignore',
      timeout: installMs,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  if (apt('install', '-y', '--no-install-recommends', 'postgresql-15').status !== 0) {
    apt('update');
    apt('install', '-y', '--no-install-recommends', 'postgresql-15');
  }
  return found();
}

/** A certificate with its key (PEM), and a free port: the cluster then takes TLS connections, and no plain ones but by its socket. */
export interface ClusterTls {
  readonly certificate: string;
  readonly key: string;
  readonly port: number;
}

/** @param settings lines of `postgresql.conf`; without any, safe through a crash of the server but not of the machine */
export function startCluster(programs: string, settings: readonly string[] = ['fsync=off'], tls?: ClusterTls): Cluster {
  const folder = mkdtempSync(path.join(tmpdir(), 'codegloss-pg-'));
  const data = path.join(folder, 'data');
  const asOwner = ownerOf(folder);
  const run = (program: string, ...args: string[]): string => {
    const [command = '', ...rest] = [...asOwner, path.join(programs, program), ...args];
    const { status, stdout, stderr } = spawnSync(command, rest, { encoding: 'utf8', cwd: folder });
    if (status !== 0) throw new Error(`${program} failed: ${stderr}${stdout}`);
    return stdout;
  };
  const listening = tls === undefined ? ['listen_addresses='] : tlsSettings(folder, tls, asOwner);
  const options = [...listening, `unix_socket_directories=${folder}`, 'max_connections=60', ...settings];
  const start = (): void => {
    const flags = options.map((option) => `-c ${option}`).join(' ');
    run('pg_ctl', '-D', data, '-w', '-l', path.join(folder, 'log'), '-o', flags, 'start');
  };
  run('initdb', '-D', data, '-U', 'owner', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
  start();
  const sql = (database: string, text: string): string =>
    run(
      'psql',
      '-h',
      folder,
      '-p',
      `${tls?.port ?? 5432}`,
      '-U',
      'owner',
      '-d',
      database,
      '-v',
      'ON_ERROR_STOP=1',
      '-qAt',
      '-c',
      text,
    ).trim();
  const url = (database: string, user = 'owner'): string =>
    `postgres:///${database}?host=${folder}&port=${tls?.port ?? 5432}&user=${user}`;
  return {
    url,
    sql,
    start,
    database(name) {
      sql('postgres', `CREATE DATABASE ${name}`);
      return url(name);
    },
    kill: () => void run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop'),
    stop: () => void run('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop'),
    dispose() {
      try {
        run('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
      } catch {
        // It was stopped already.
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function tlsSettings(folder: string, { certificate, key, port }: ClusterTls, asOwner: readonly string[]): string[] {
  const put = (name: string, text: string, mode: number): string => {
    const file = path.join(folder, name);
    writeFileSync(file, text, { mode });
    const [, , user] = asOwner;
    if (user !== undefined) spawnSync('chown', [user, file]);
    return file;
  };
  const rules = ['local all all trust', 'hostssl all all 127.0.0.1/32 trust', 'hostssl all all ::1/128 trust'];
  return [
    'listen_addresses=localhost',
    `port=${port}`,
    'ssl=on',
    `ssl_cert_file=${put('server.crt', certificate, 0o644)}`,
    `ssl_key_file=${put('server.key', key, 0o600)}`,
    `hba_file=${put('hba.conf', `${rules.join('\n')}\n`, 0o644)}`,
  ];
}

/** PostgreSQL refuses to run as root: then another user owns the cluster. */
function ownerOf(folder: string): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  const user = spawnSync('id', ['-u', 'postgres']).status === 0 ? 'postgres' : 'nobody';
  chmodSync(folder, 0o755);
  spawnSync('chown', [user, folder]);
  return ['runuser', '-u', user, '--'];
}
