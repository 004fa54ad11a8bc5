/**
 * `npm run bench:run`: whole repositories on the loopback model server, which counts tokens and models the providers' prompt caches. Forecast
 * against count, a second run, the cached share of input, the bill, and hovers of another machine from the team's store (left out with `--tokens`).
 */
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from '../../../server/src/cli/run.ts';
import { postgresPrograms, startCluster } from '../../integration/postgres.ts';
import { startLoopback } from '../../loopback/server.ts';
import { honestAnswer } from '../../unit/bulk/honestModel.ts';
import { measureHovers } from './hovers.ts';

const root = path.resolve(import.meta.dirname, '../../..');
/** Sources that are here anyway: ours, and packages that are written by hand and shipped unbundled. */
const repositories = {
  'our summary layer': 'server/src/summary',
  'vscode-jsonrpc': 'node_modules/vscode-jsonrpc/lib',
  ignore: 'node_modules/ignore',
} as const;

/** At the pace of the lowest paid tier, fifty requests a minute, cached prefixes grow old while a repository is summarized. */
const msPerRequest = 60_000 / 50;

interface Report {
  readonly planned: number;
  readonly requests: number;
  readonly failed: number;
  readonly tokens: { readonly input: number; readonly cached: number; readonly output: number };
  readonly cost: number;
  readonly ms: number;
}

async function run(folder: string, home: string, args: readonly string[]): Promise<Report> {
  const out: string[] = [];
  await runCommand.run({
    args: [folder, ...args, '--json'],
    output: { out: (text) => void out.push(text), err: () => undefined, isTerminal: false },
    env: { CODEGLOSS_HOME: home, ANTHROPIC_API_KEY: 'bench' },
    cwd: folder,
    signal: new AbortController().signal,
  });
  return JSON.parse(out.join('')) as Report;
}

function lineCount(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(path.join(folder, name)).isFile(),
  ).length;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

const programs = process.argv.includes('--tokens') ? undefined : postgresPrograms();
const cluster = programs === undefined ? undefined : startCluster(programs);
if (cluster === undefined)
  console.log('No hovers: not wanted, or there is no PostgreSQL here and none could be installed.');
console.log(
  '| repository | files | summaries | requests | forecast in | counted in | off by | forecast out | counted out | all tokens off by | cost off by | cached share | billed | second run |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|---|---|---|');
const folders: string[] = [];
const hovers: string[] = [];
try {
  for (const [name, from] of Object.entries(repositories)) {
    const folder = mkdtempSync(path.join(tmpdir(), 'codegloss-bench-'));
    const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
    folders.push(folder, home);
    cpSync(path.join(root, from), folder, { recursive: true });
    const server = await startLoopback({ anthropic: honestAnswer, cacheClock: (asked) => asked * msPerRequest });
    const store = cluster?.database(name.replace(/\W/g, '_'));
    const remote = [
      '--provider',
      'anthropic',
      '--endpoint',
      server.url,
      ...(store === undefined ? [] : ['--store', store]),
    ];
    const forecast = await run(folder, home, [...remote, '--dry-run']);
    const real = await run(folder, home, [...remote, '--yes', '--max-cost', '100']);
    const again = await run(folder, home, [...remote, '--yes', '--max-cost', '100']);
    const off = (left: number, right: number): string => percent(left / right - 1);
    const all = ({ tokens }: Report): number => tokens.input + tokens.output;
    console.log(
      `| ${[
        name,
        lineCount(folder),
        real.planned,
        `${forecast.requests} / ${real.requests}`,
        forecast.tokens.input,
        real.tokens.input,
        off(forecast.tokens.input, real.tokens.input),
        forecast.tokens.output,
        real.tokens.output,
        off(all(forecast), all(real)),
        off(forecast.cost, real.cost),
        `${percent(forecast.tokens.cached / forecast.tokens.input)} / ${percent(real.tokens.cached / real.tokens.input)}`,
        `$${real.cost.toFixed(4)}`,
        `${again.requests} requests${real.failed > 0 ? `, ${real.failed} had failed` : ''}`,
      ].join(' | ')} |`,
    );
    if (store !== undefined) hovers.push(await measureHovers({ name, folder, endpoint: server.url, store }));
    const asked = server.requests.length;
    await server.close();
    if (asked !== real.requests + again.requests) console.log(`the server counted ${asked} requests`);
  }
  if (hovers.length > 0) {
    console.log(
      '\n| hovers from a warm shared store, empty local one | symbols | answered | p50 ms | p95 ms | p99 ms | the same again, from this machine: p50 | p95 |\n|---|---|---|---|---|---|---|---|',
    );
    for (const line of hovers) console.log(line);
  }
} finally {
  cluster?.dispose();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
