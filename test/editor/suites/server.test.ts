import assert from 'node:assert/strict';
import { suite, suiteTeardown, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { type Loopback, type LoopbackOptions, startLoopback } from '../../loopback/server.ts';
import { closeAll, edit, hoverAt, lenses, open, place, set, until } from './workbench.ts';

let server: Loopback | undefined;

/** Chooses a model server of this machine, which then writes summaries. */
async function useServer(options: LoopbackOptions): Promise<Loopback> {
  server = await startLoopback(options);
  await set('endpoint', `${server.url}/v1`);
  await set('model', 'loopback-model');
  await set('provider', 'openai');
  return server;
}

async function putBack(): Promise<void> {
  // First of all: with the settings put back, the outline would fill the lenses of what is still open.
  await closeAll();
  for (const name of ['provider', 'model', 'endpoint', 'moduleComment.onSave', 'automatic']) await set(name, undefined);
  await server?.close();
  server = undefined;
}

const summarizeAt = async (editor: vscode.TextEditor, word: string): Promise<void> => {
  place(editor, word);
  await vscode.commands.executeCommand('codegloss.summarizeSymbol');
};

/** What the server knows of a file by now; asks for nothing to be made. */
async function known(uri: vscode.Uri): Promise<string> {
  looks += 1;
  const query = JSON.stringify({ uri: uri.toString(), look: looks });
  const document = await vscode.workspace.openTextDocument(
    vscode.Uri.from({ scheme: 'codegloss', path: '/known.md', query }),
  );
  return document.getText();
}
let looks = 0;

suite('a model server on this machine', () => {
  teardown(putBack);
  suiteTeardown(closeAll);

  test('answers what the user asks, and the hover says who spoke', async () => {
    const { requests } = await useServer({ openai: { kind: 'answer' } });
    const editor = await open('inventory.py');
    await summarizeAt(editor, 'reorder');
    const text = await until('the summary', async () => {
      const found = await hoverAt(editor, 'reorder(');
      return /may be incorrect/.test(found) && found;
    });
    assert.match(text, /loopback/i);
    assert.ok(requests.length > 0);
  });

  test('that refuses the key: the hover says what mends it', async () => {
    await useServer({ key: 'the right one' });
    const editor = await open('inventory.py');
    await summarizeAt(editor, 'report');
    await until('the reason', async () => /API key/.test(await hoverAt(editor, 'report(')));
  });

  test('that is down: hover and outline go on, and say why there is no summary', async () => {
    const { url } = await useServer({});
    await server?.close();
    server = undefined;
    const editor = await open('inventory.py');
    await summarizeAt(editor, 'report');
    const text = await until(
      'the reason',
      async () => {
        const found = await hoverAt(editor, 'report(');
        return /reached/.test(found) && found;
      },
      60_000,
    );
    assert.ok(!text.includes('ECONNREFUSED'), `words, not codes, for ${url}`);
    assert.ok((await lenses(editor.document.uri)).size >= 4);
  });

  test('that is slow: a save is not held, the comment follows, and it is saved once', async () => {
    const answerMs = 3000;
    const { waitForRequests } = await useServer({ openai: { kind: 'answer', delayMs: answerMs } });
    await set('moduleComment.onSave', 'always');
    const editor = await open('ledger.ts');
    await edit(editor, 'export function balance', 'export function  balance');
    let saves = 0;
    const counter = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (uri.toString() === editor.document.uri.toString()) saves += 1;
    });
    const began = Date.now();
    assert.ok(await editor.document.save());
    const heldMs = Date.now() - began;
    assert.ok(!editor.document.getText().includes('codegloss:begin'), 'not there yet');
    await waitForRequests(1);
    await until('the late comment', () => /codegloss:begin/.test(editor.document.getText()));
    await until('the second save', () => !editor.document.isDirty && saves === 2);
    counter.dispose();
    assert.equal(saves, 2);
    assert.ok(heldMs < answerMs, `the save took ${heldMs} ms, as long as the answer`);
  });

  test('that is slow while the user types on: nothing is inserted behind their back', async () => {
    const { waitForRequests } = await useServer({ openai: { kind: 'answer', delayMs: 400 } });
    await set('moduleComment.onSave', 'always');
    const editor = await open('parse.ts');
    await edit(editor, 'trim()', 'trimEnd()');
    assert.ok(await editor.document.save());
    await waitForRequests(1);
    await edit(editor, 'trimEnd()', 'trimStart()');
    const version = editor.document.version;
    await until('the answer, for a text that is no longer there', async () =>
      /Outdated/.test(await known(editor.document.uri)),
    );
    assert.equal(editor.document.version, version);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});

suite('a remote provider without a key', () => {
  teardown(putBack);

  test('says so on hover with the command that mends it, and asks nothing by itself', async () => {
    await set('provider', 'anthropic');
    const editor = await open('inventory.py');
    await until('lenses that wait to be asked', async () =>
      [...(await lenses(editor.document.uri)).values()].some((title) => title === 'Summarize'),
    );
    await summarizeAt(editor, 'reorder');
    const text = await until('the reason', async () => {
      const found = await hoverAt(editor, 'reorder(');
      return /No API key/.test(found) && found;
    });
    assert.match(text, /command:codegloss\.setApiKey/);
  });
});
