/**
 * `npm run bench:index`: the index of a repository of a million lines and more, beside only parsing the same files, universal-ctags and
 * `@optave/codegraph`, in one run. Needs `npm run build`. `--lines N` makes it smaller; codegraph is fetched by npm into a temporary folder
 * unless `--no-codegraph` (its database module may be compiled, which takes minutes, and which npm 11 has to be allowed) or CODEGRAPH names a
 * folder that has it.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { indexLocation } from '../../server/src/repository/indexLocation.ts';
import { openRepositoryIndex } from '../../server/src/repository/repositoryIndex.ts';
import { buildCorpus, type Corpus } from './indexCorpus.ts';

const root = path.resolve(import.meta.dirname, '../..');
const cli = path.join(root, 'dist/codegloss.mjs');
const codegraphVersion = '3.11.2';
const wantedLines = Number(process.argv[process.argv.indexOf('--lines') + 1]) || 1_500_000;
const threads = Math.min(8, availableParallelism());
const work = mkdtempSync(path.join(tmpdir(), 'codegloss-bench-'));

interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Peak resident memory in MB; NaN where the system does not say. */
  readonly memory: number;
  readonly output: string;
  readonly ok: boolean;
}

/** Runs a command with bash's own clock around it. Node processes say their peak memory themselves. */
function measure(command: readonly string[], env: Readonly<Record<string, string>> = {}): Cost {
  const peak = path.join(work, 'peak');
  rmSync(peak, { force: true });
  const hook = path.join(work, 'peak.mjs');
  writeFileSync(
    hook,
    "import { isMainThread } from 'node:worker_threads'; import { writeFileSync } from 'node:fs';\n" +
      `if (isMainThread) process.on('exit', () => writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS / 1024)));\n`,
  );
  const done = spawnSync('bash', ['-c', 'TIMEFORMAT="%R %U %S"; time "$@"', 'bash', ...command], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, NODE_OPTIONS: `--import ${hook}`, ...env },
  });
  const [real = 0, user = 0, system = 0] = (done.stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  const memory = existsSync(peak) ? Number(readFileSync(peak, 'utf8')) : Number.NaN;
  return { seconds: real, cpuSeconds: user + system, memory, output: done.stdout, ok: done.status === 0 };
}

function row(name: string, cost: Cost, base: Cost | undefined, rest = ''): void {
  const ratio = base === undefined ? '' : `${(cost.cpuSeconds / base.cpuSeconds).toFixed(2)} ×`;
  const memory = Number.isNaN(cost.memory) ? '–' : cost.memory.toFixed(0);
  console.log(
    `| ${name}${cost.ok ? '' : ' (failed)'} | ${cost.seconds.toFixed(1)} | ${cost.cpuSeconds.toFixed(1)} | ${ratio} | ${memory} | ${rest} |`,
  );
}

function ourIndex(corpus: Corpus, home: string): { readonly cost: Cost; readonly rest: string } {
  const cost = measure([process.execPath, cli, 'index', corpus.folder, '--json'], { CODEGLOSS_HOME: home });
  if (!cost.ok) return { cost, rest: '' };
  const { symbols, edges, databaseBytes } = JSON.parse(cost.output) as Record<string, number>;
  return { cost, rest: `${symbols} symbols, ${edges} edges, ${((databaseBytes ?? 0) / 1e6).toFixed(1)} MB` };
}

/** Time until `search` sees a change, in an index that is held open as the server holds it. */
async function oneFile(corpus: Corpus, home: string): Promise<void> {
  const location = indexLocation(corpus.folder, { home, userHome: '/nonexistent' });
  const index = openRepositoryIndex({
    location,
    assets: { bundled: true, root: path.join(root, 'dist') },
    threads,
    ignore: [],
    yields: false,
  });
  await index.ready;
  const { signal } = new AbortController();
  const sized = readdirSync(corpus.folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(js|py)$/.test(file))
    .map((file) => ({
      file,
      lines: readFileSync(path.join(corpus.folder, file), 'utf8').split('\n').length,
    }))
    .sort((a, b) => a.lines - b.lines);
  console.log('\n| one file changed, until search sees it | p50 ms | worst ms of 20 |\n|---|---|---|');
  for (const lines of [50, 200, 1000, 4000]) {
    const chosen = sized.find((each) => each.lines >= lines) ?? sized.at(-1);
    if (chosen === undefined) continue;
    const file = path.join(corpus.folder, chosen.file);
    const before = readFileSync(file, 'utf8');
    const times: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      writeFileSync(
        file,
        `${before}\n${chosen.file.endsWith('.py') ? `def freshlyWritten${round}(): pass` : `function freshlyWritten${round}() {}`}\n`,
      );
      const start = performance.now();
      await index.update([chosen.file], signal);
      if (index.search(`freshlyWritten${round}`, 1)[0]?.path !== chosen.file) throw new Error('search does not see it');
      times.push(performance.now() - start);
    }
    writeFileSync(file, before);
    await index.update([chosen.file], signal);
    times.sort((a, b) => a - b);
    console.log(`| ${chosen.lines} lines | ${times[10]?.toFixed(0)} | ${times[19]?.toFixed(0)} |`);
  }
  await index.dispose();
}

function codegraph(): string | undefined {
  const folder = process.env['CODEGRAPH'] ?? path.join(work, 'codegraph');
  const bin = path.join(folder, 'node_modules/.bin/codegraph');
  if (!existsSync(bin) && !process.argv.includes('--no-codegraph')) {
    mkdirSync(folder, { recursive: true });
    const wanted = `@optave/codegraph@${codegraphVersion}`;
    spawnSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, wanted], { timeout: 900_000 });
  }
  return existsSync(bin) ? bin : undefined;
}

const corpus = buildCorpus(root, path.join(work, 'corpus'), wantedLines);
console.log(
  `Node ${process.version}, ${threads} threads, load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}\n` +
    `${corpus.files} files, ${corpus.lines} lines, ${(corpus.bytes / 1e6).toFixed(1)} MB: what npm packages of this checkout and Python ship\n`,
);
try {
  console.log('| | wall s | CPU s | CPU to only parsing | peak MB | |\n|---|---|---|---|---|---|');
  const parse = measure([
    process.execPath,
    path.join(import.meta.dirname, 'parseOnly.ts'),
    corpus.folder,
    String(threads),
  ]);
  row('only parsing', parse, undefined);
  const home = path.join(work, 'home');
  const cold = ourIndex(corpus, home);
  row('codegloss index, cold', cold.cost, parse, cold.rest);
  const again = ourIndex(corpus, home);
  row('codegloss index, nothing changed', again.cost, parse, again.rest);
  const tags = measure(['ctags', '-R', '-f', path.join(work, 'tags'), corpus.folder]);
  row(
    'universal-ctags -R',
    { ...tags, memory: Number.NaN },
    parse,
    tags.ok ? `${(statSync(path.join(work, 'tags')).size / 1e6).toFixed(1)} MB` : '',
  );
  const bin = codegraph();
  if (bin === undefined) console.log('| @optave/codegraph | not installed | | | | |');
  else row(`@optave/codegraph ${codegraphVersion} build`, measure([bin, 'build', corpus.folder]), parse);
  await oneFile(corpus, home);
  console.log(
    `\nload after: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  );
} finally {
  rmSync(work, { recursive: true, force: true });
}
