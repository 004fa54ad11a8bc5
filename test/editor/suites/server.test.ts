import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { suite, suiteTeardown, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { type Loopback, type LoopbackOptions, startLoopback } from '../../loopback/server.ts';
import { closeAll, edit, folder, hoverAt, lenses, open, place, set, until } from './workbench.ts';

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

/** A model that keeps silent until the test lets it speak. */
function answerLater(): { readonly answered: Promise<void>; readonly answer: () => void } {
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  return { answered, answer: () => answer() };
}

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
    const { answered, answer } = answerLater();
    const { waitForRequests } = await useServer({ openai: { kind: 'answer', until: answered } });
    await set('moduleComment.onSave', 'always');
    const editor = await open('ledger.ts');
    // The lenses ask by themselves, as soon as the settings have arrived; before that, another would write the comment.
    await waitForRequests(1);
    await edit(editor, 'export function balance', 'export function  balance');
    let saves = 0;
    const counter = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (uri.toString() === editor.document.uri.toString()) saves += 1;
    });
    // The model does not answer before the save is over: a save that waited for it would never end.
    assert.ok(await editor.document.save());
    assert.ok(!editor.document.getText().includes('codegloss:begin'), 'not there yet');
    answer();
    await until('the late comment', () => /codegloss:begin/.test(editor.document.getText()));
    await until('the second save', () => !editor.document.isDirty && saves === 2);
    counter.dispose();
    assert.equal(saves, 2);
  });

  test('that is slow while the user types on: nothing is inserted behind their back', async () => {
    const { answered, answer } = answerLater();
    const { waitForRequests } = await useServer({ openai: { kind: 'answer', until: answered } });
    await set('moduleComment.onSave', 'always');
    const editor = await open('parse.ts');
    await waitForRequests(1);
    await edit(editor, 'trim()', 'trimEnd()');
    assert.ok(await editor.document.save());
    await edit(editor, 'trimEnd()', 'trimStart()');
    const version = editor.document.version;
    answer();
    await until('the answer, for a text that is no longer there', async () =>
      /Outdated/.test(await known(editor.document.uri)),
    );
    assert.equal(editor.document.version, version);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});

suite('a server that is killed', () => {
  teardown(putBack);
  suiteTeardown(closeAll);

  test('starts again by itself, and no summary is lost', async () => {
    const { requests } = await useServer({ openai: { kind: 'answer' } });
    const editor = await open('inventory.py');
    await summarizeAt(editor, 'reorder');
    const before = await until('the summary', async () => {
      const found = await hoverAt(editor, 'reorder(');
      return /may be incorrect/.test(found) && found;
    });
    const asked = requests.length;
    const [victim] = languageServers();
    assert.ok(victim !== undefined, 'a language server runs');
    process.kill(victim, 'SIGKILL');
    await until('another server', () => languageServers().some((pid) => pid !== victim));
    await until('the same summary', async () => (await hoverAt(editor, 'reorder(')) === before);
    const again = requests.slice(asked).filter(({ prompt }) => /Summarize .*reorder/.test(prompt));
    assert.deepEqual(again, [], 'nothing was asked again');
  });
});

/** Processes of our server, by what /proc tells of them: children of this extension host. */
function languageServers(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const parent = /PPid:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return Number(parent) === process.pid && command.includes('server.mjs');
      } catch {
        // It ended while we looked.
        return false;
      }
    })
    .map(Number);
}

suite('a remote provider without a key', () => {
  teardown(putBack);

  test('says so on hover with the command that mends it, and asks nothing by itself', async () => {
    await set('provider', 'anthropic');
    // Nobody has said anything of a new file.
    writeFileSync(path.join(folder(), 'fresh.py'), 'def reorder(items):\n    kept = sorted(items)\n    return kept\n');
    const editor = await open('fresh.py');
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
