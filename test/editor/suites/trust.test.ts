import assert from 'node:assert/strict';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { startLoopback } from '../../loopback/server.ts';
import { closeAll, hoverAt, lenses, open, place, set, until } from './workbench.ts';

suite('an untrusted workspace', () => {
  suiteTeardown(closeAll);

  test('is restricted, and its outline still works', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const { document } = await open('inventory.py');
    await until('lenses', async () => (await lenses(document.uri)).size >= 4);
  });

  test('cannot choose provider, address, prompt or what is ignored', () => {
    const section = vscode.workspace.getConfiguration('codegloss');
    assert.equal(section.get('provider'), 'embedded');
    assert.equal(section.get('endpoint'), '');
    assert.equal(section.get('automatic'), false);
    assert.equal(section.get('summary.instructions'), '');
    assert.deepEqual(section.get('ignore'), []);
  });

  test('sends nothing even to a server that the user chose, and says why', async () => {
    const server = await startLoopback();
    await set('endpoint', `${server.url}/v1`);
    await set('provider', 'openai');
    const editor = await open('inventory.py');
    place(editor, 'reorder');
    await vscode.commands.executeCommand('codegloss.summarizeSymbol');
    await until('the reason', async () => /not trusted/.test(await hoverAt(editor, 'reorder(')));
    assert.deepEqual(server.paths, []);
    await server.close();
  });
});
