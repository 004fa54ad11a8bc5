/**
 * `npm run test:editor`: builds the suites, then runs each scenario in a real VS Code against the packaged extension.
 *
 * `node test/editor/run.ts [SCENARIO…] [--pictures]`: all scenarios, or those named; `--pictures` renews `media/screenshots`.
 */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { asking } from './person/asking.ts';
import { reading } from './person/reading.ts';
import { useAsPerson, type Visit } from './person/window.ts';
import { type Scenario, scenarios } from './scenarios.ts';

const root = path.resolve(import.meta.dirname, '../..');
const out = path.join(root, 'out/editor');
const vsix = path.join(root, 'codegloss.vsix');
const results = path.join(root, '.cache/results');
/** Windows that a person uses, driven by a browser. */
const visits: readonly Visit[] = [reading, asking];
const keepPictures = process.argv.includes('--pictures');
const home = path.resolve(process.env['VSH_HOME'] ?? path.join(root, '.cache/vscode'));

async function buildSuites(): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  const suites = [...new Set(scenarios.flatMap((scenario) => scenario.suites))];
  const entries = suites.map((name) => [`${name}.test`, path.join(import.meta.dirname, `suites/${name}.test.ts`)]);
  await build({
    entryPoints: {
      ...Object.fromEntries(entries),
      runner: path.join(import.meta.dirname, 'runner.ts'),
      companion: path.join(import.meta.dirname, 'companion/companion.ts'),
    },
    outdir: out,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

/** A fresh copy of the fixture folder for each scenario, because tests write into it. */
function freshWorkspace(scenario: Scenario, scratch: string): string {
  const folder = path.join(scratch, 'workspace');
  cpSync(path.join(import.meta.dirname, 'workspace'), folder, { recursive: true });
  for (const [file, text] of Object.entries(scenario.files ?? {})) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

async function runScenario(scenario: Scenario, tally: string): Promise<boolean> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'codegloss-editor-'));
  console.log(`\n-- ${scenario.name}`);
  try {
    await runTests({
      vscodeExecutablePath: path.join(import.meta.dirname, 'vscode-headless.mjs'),
      extensionDevelopmentPath: path.join(import.meta.dirname, 'companion'),
      extensionTestsPath: path.join(out, 'runner.cjs'),
      launchArgs: [
        freshWorkspace(scenario, scratch),
        `--user-data-dir=${path.join(scratch, 'user')}`,
        `--extensions-dir=${path.join(scratch, 'extensions')}`,
        `--install-vsix=${vsix}`,
        ...(scenario.trust ? ['--workspace-trust'] : []),
        ...(scenario.ai ? ['--ai-features'] : []),
      ],
      extensionTestsEnv: {
        VSH_HOME: home,
        PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`,
        CODEGLOSS_HOME: path.join(scratch, 'home'),
        CODEGLOSS_SUITES: scenario.suites.join(','),
        CODEGLOSS_TALLY: tally,
      },
    });
    return true;
  } catch (error) {
    console.error(`-- ${scenario.name}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A browser-driven window. Its pictures replace the README's only when that is asked for. */
async function runVisit(visit: Visit, tally: string): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'codegloss-person-'));
  console.log(`\n-- ${visit.name}`);
  try {
    const count = await useAsPerson(visit, {
      vsix,
      workspace: freshWorkspace({ name: visit.name, suites: [] }, scratch),
      userData: path.join(scratch, 'user'),
      home: path.join(scratch, 'home'),
      failure: path.join(out, `${visit.name}-failed.png`),
      pictures: keepPictures ? path.join(root, 'media/screenshots') : path.join(out, 'pictures'),
      looks: path.join(out, 'pictures'),
    });
    appendFileSync(tally, `${JSON.stringify(count)}\n`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Adds what the scenarios counted; one that ended before it could count is one failure. */
function sumUp(tally: string, failedScenarios: number): { passed: number; failed: number; skipped: number } {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const lines = existsSync(tally) ? readFileSync(tally, 'utf8').trim().split('\n').filter(Boolean) : [];
  for (const line of lines) {
    const count = JSON.parse(line) as typeof total;
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
  }
  if (total.failed < failedScenarios) total.failed = failedScenarios;
  return total;
}

process.env['VSH_HOME'] = home;
const setup = spawnSync('bash', [path.join(import.meta.dirname, 'setup.sh'), home], { stdio: 'inherit' });
if (setup.status !== 0) process.exit(setup.status ?? 1);
if (!existsSync(vsix)) {
  console.error('codegloss.vsix is missing: run `npm run package` first.');
  process.exit(1);
}
await buildSuites();
mkdirSync(results, { recursive: true });
const tally = path.join(results, 'editor.jsonl');
rmSync(tally, { force: true });
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
let failed = 0;
for (const scenario of scenarios) {
  if (wanted.length > 0 && !wanted.includes(scenario.name)) continue;
  if (!(await runScenario(scenario, tally))) failed += 1;
}
for (const visit of visits) {
  if (wanted.length === 0 || wanted.includes(visit.name)) await runVisit(visit, tally);
}
const total = sumUp(tally, failed);
writeFileSync(path.join(results, 'editor.json'), JSON.stringify(total));
console.log(`\neditor: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 ? 0 : 1);
