import assert from 'node:assert/strict';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { startLoopback } from '../../loopback/server.ts';
import { closeAll, hoverAt, open, place, set, summaryDocument, until } from './workbench.ts';

suite('the first minutes', () => {
  suiteTeardown(async () => {
    for (const name of ['provider', 'model', 'endpoint']) await set(name, undefined);
    await closeAll();
  });

  test('with no key: Show Summary ends in a summary of an own file', async function () {
    // The model inside is cold, and the machine may have other work.
    this.timeout(120_000);
    const editor = await open('ledger.ts');
    place(editor, 'overdrawn');
    await vscode.commands.executeCommand('codegloss.showSummary');
    assert.match(await summaryDocument('ledger.ts'), /^# overdrawn\n\n\*\*\S+/);
  });

  test('with a server on this machine, as Ollama is: no key is asked for, the model speaks', async () => {
    const document = { line: 'Sums up the ledger.', paragraph: 'Sums up the ledger by account.', claims: [] };
    const server = await startLoopback({ openai: { kind: 'answer', document }, models: ['llama-test'] });
    try {
      await set('endpoint', `${server.url}/v1`);
      await set('provider', 'openai');
      const editor = await open('ledger.ts');
      place(editor, 'balance');
      await vscode.commands.executeCommand('codegloss.summarizeSymbol');
      const text = await until('the summary', async () => {
        const found = await hoverAt(editor, 'balance(');
        return /Sums up the ledger/.test(found) && found;
      });
      assert.match(text, /llama-test/);
      assert.ok(server.requests.length > 0);
    } finally {
      await server.close();
    }
  });
});
