import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';

/** Budget of the design for `activate()`, with loading the bundle. */
const budgetMs = 150;
/** Slower cores, and a machine shared by everything that is tested, may take so many times the budget. */
const allowance = 4;

suite('activation', () => {
  test('costs nothing before a document needs it, and little then', async () => {
    const extension = vscode.extensions.getExtension('codegloss.codegloss');
    assert.ok(extension, 'the package is installed');
    assert.equal(extension.isActive, false, 'a folder alone starts nothing');
    const cpu = process.cpuUsage();
    const started = performance.now();
    await extension.activate();
    const ms = performance.now() - started;
    const { user, system } = process.cpuUsage(cpu);
    // The processor's time is what we answer for; the clock also counts what else runs on the machine.
    const busyMs = (user + system) / 1000;
    console.log(
      `    activate(): ${ms.toFixed(0)} ms, ${busyMs.toFixed(0)} ms of processor time; budget ${budgetMs} ms`,
    );
    assert.ok(busyMs < budgetMs * allowance, `${busyMs.toFixed(0)} ms of processor time`);
  });
});
