/**
 * `node test/bench/queue/sharedIndex.ts [DIR]`: the index of a real repository (default: the packages in `node_modules` that hold TypeScript) parsed
 * cold, parsed cold with its facts handed over, and made from the facts that are there, by processes with empty user folders, three times each in turn.
 * Needs `npm run build`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { postgresPrograms, startCluster } from '../../integration/postgres.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const cli = path.join(root, 'dist/codegloss.mjs');
const rounds = 3;
/** Of what stands on every machine that builds CodeGloss: some megabytes of TypeScript and JavaScript. */
const packages = ['zod', 'openai', '@anthropic-ai/sdk', 'vscode-languageserver-protocol', 'pg-boss'];

interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly report: Readonly<Record<string, unknown>>;
}

function indexOf(folder: string, store: string | undefined): Cost {
  const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  const args = [cli, 'index', folder, '--json', ...(store === undefined ? [] : ['--store', store])];
  const done = spawnSync('bash', ['-c', 'TIMEFORMAT="%R %U %S"; time "$@"', 'bash', process.execPath, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, CODEGLOSS_HOME: home },
  });
  rmSync(home, { recursive: true, force: true });
  if (done.status !== 0) throw new Error(done.stderr);
  const [real = 0, user = 0, system = 0] = (done.stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return {
    seconds: real,
    cpuSeconds: user + system,
    report: JSON.parse(done.stdout) as Readonly<Record<string, unknown>>,
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const programs = postgresPrograms();
if (programs === undefined || !existsSync(cli)) {
  console.log('skipped: this needs PostgreSQL and `npm run build`');
  process.exit(0);
}
const work = mkdtempSync(path.join(tmpdir(), 'codegloss-shared-'));
const [named] = process.argv.slice(2);
const folder = named ?? work;
if (named === undefined)
  for (const each of packages)
    cpSync(path.join(root, 'node_modules', each), path.join(work, 'src', each.replaceAll('/', '-')), {
      recursive: true,
      filter: (file) => !file.slice(work.length).includes('/node_modules/'),
    });
const cluster = startCluster(programs, []);
try {
  const kinds = ['alone', 'handing over', 'from the team'] as const;
  const costs = new Map<string, Cost[]>(kinds.map((kind) => [kind, []]));
  for (let round = 0; round < rounds; round++) {
    const store = cluster.database(`facts${round}`);
    for (const kind of kinds) costs.get(kind)?.push(indexOf(folder, kind === 'alone' ? undefined : store));
    if (round === 0) {
      const size =
        "SELECT count(*), sum(octet_length(body)), pg_total_relation_size('codegloss.facts') FROM codegloss.facts";
      const [rows, bytes, disk] = cluster.sql('facts0', size).split('|').map(Number);
      const report = costs.get('alone')?.[0]?.report ?? {};
      console.log(
        `${report['files']} files, ${report['symbols']} symbols, ${(Number(report['bytes']) / 1e6).toFixed(1)} MB of source; ` +
          `${rows} rows, ${((bytes ?? 0) / 1e6).toFixed(1)} MB sealed, ${((disk ?? 0) / 1e6).toFixed(1)} MB on disk\n`,
      );
      console.log(
        '| index | seconds (median) | CPU seconds (median) | of cold: seconds | CPU | fetched | parsed and given |',
      );
      console.log('|---|---|---|---|---|---|---|');
    }
  }
  const [cold, coldCpu] = (['seconds', 'cpuSeconds'] as const).map((key) =>
    median((costs.get('alone') ?? []).map((cost) => cost[key])),
  );
  for (const kind of kinds) {
    const all = costs.get(kind) ?? [];
    const seconds = median(all.map((cost) => cost.seconds));
    const cpu = median(all.map((cost) => cost.cpuSeconds));
    const shared = all[0]?.report['shared'] as { readonly fetched: number; readonly given: number } | undefined;
    console.log(
      `| ${kind} | ${seconds.toFixed(1)} | ${cpu.toFixed(1)} | ${(seconds / (cold ?? 1)).toFixed(2)} | ${(cpu / (coldCpu ?? 1)).toFixed(2)} | ${shared?.fetched ?? ''} | ${shared?.given ?? ''} |`,
    );
  }
  console.log(`\nload when it ended: ${loadavg()[0]?.toFixed(1)}`);
} finally {
  cluster.dispose();
  rmSync(work, { recursive: true, force: true });
}
