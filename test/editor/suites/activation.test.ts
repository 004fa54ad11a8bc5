import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';

/** Budget of the design for `activate()`, with loading the bundle. */
const budgetMs = 150;
/** A machine that runs everything at once may be late; more than this is no longer the machine. */
const allowance = 4;

suite('activation', () => {
  test('costs nothing before a document needs it, and little then', async () => {
    const extension = vscode.extensions.getExtension('codegloss.codegloss');
    assert.ok(extension, 'the package is installed');
    assert.equal(extension.isActive, false, 'a folder alone starts nothing');
    const started = performance.now();
    await extension.activate();
    const ms = performance.now() - started;
    console.log(`    activate(): ${ms.toFixed(0)} ms, budget ${budgetMs} ms`);
    assert.ok(ms < budgetMs * allowance, `${ms.toFixed(0)} ms`);
  });
});
