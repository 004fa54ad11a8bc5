/** `npm test`: check, build, unit + protocol + corpus tests, the package, the editor. One closing line for all of them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const node = process.execPath;
const bin = (name: string) => path.join(root, 'node_modules', name);
const results = path.join(root, '.cache', 'results');

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}
const total: Count = { passed: 0, failed: 0, skipped: 0 };

function run(title: string, args: readonly string[]): boolean {
  console.log(`\n== ${title}`);
  const started = Date.now();
  const environment = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env['PATH'] ?? ''}` };
  const { status } = spawnSync(node, args, { cwd: root, stdio: 'inherit', env: environment });
  console.log(
    `== ${title}: ${status === 0 ? 'ok' : `exit ${status}`} (${((Date.now() - started) / 1000).toFixed(0)} s)`,
  );
  return status === 0;
}

/** A stage that is one test by itself: it passes or it fails. */
function stage(title: string, args: readonly string[]): boolean {
  const ok = run(title, args);
  if (ok) total.passed += 1;
  else total.failed += 1;
  return ok;
}

/** A stage that leaves a count in `.cache/results/NAME.json`. A runner that died before it could count is one failure. */
function counted(title: string, name: string, args: readonly string[]): void {
  const ok = run(title, args);
  const count = readCount(path.join(results, `${name}.json`));
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  if (!ok && count.failed === 0) total.failed += 1;
  if (ok && count.passed === 0) {
    console.error(`${title}: no test was run`);
    total.failed += 1;
  }
}

function readCount(file: string): Count {
  try {
    const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number | undefined>;
    return {
      passed: json['numPassedTests'] ?? json['passed'] ?? 0,
      failed: json['numFailedTests'] ?? json['failed'] ?? 0,
      skipped: (json['numPendingTests'] ?? 0) + (json['numTodoTests'] ?? 0) + (json['skipped'] ?? 0),
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const editor = !process.argv.includes('--no-editor');

stage('check', ['scripts/check.ts']);
const built = stage('build', ['scripts/build.ts']);
if (built) {
  counted('unit, protocol and corpus tests', 'vitest', [
    bin('vitest/vitest.mjs'),
    'run',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${path.join(results, 'vitest.json')}`,
  ]);
  const packaged = stage('package', ['scripts/package.ts']);
  if (packaged && editor) {
    counted('editor tests', 'editor', ['test/editor/run.ts']);
    // After the editor tests, which install the browser.
    counted('exported site in a browser', 'site', [
      bin('vitest/vitest.mjs'),
      'run',
      '--config=test/site/vitest.config.ts',
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${path.join(results, 'site.json')}`,
    ]);
  }
}
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exit(total.failed === 0 ? 0 : 1);
