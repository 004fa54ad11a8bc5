import { appendFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** Entry for `--extensionTestsPath`: runs the suites named in CODEGLOSS_SUITES inside the extension host. */
export function run(): Promise<void> {
  const { CODEGLOSS_SUITES: suites = '', CODEGLOSS_TALLY: tally } = process.env;
  const mocha = new Mocha({ ui: 'tdd', timeout: 25_000, slow: 2_000, color: false });
  for (const name of suites.split(',')) mocha.addFile(path.join(__dirname, `${name}.test.cjs`));
  return new Promise((resolve, reject) => {
    const runner: Mocha.Runner = mocha.run((failures) => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      if (tally) appendFileSync(tally, `${JSON.stringify({ passed: passes, failed: failures, skipped: pending })}\n`);
      if (failures > 0) reject(new Error(`${failures} tests failed`));
      else resolve();
    });
    // Said at once as well: a run that is cut off never comes to its summary.
    runner.on('fail', (_test, error: Error) => console.error(error.stack ?? error.message));
  });
}
