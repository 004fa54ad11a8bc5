import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setup, suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, edit, open, place, set, until } from './workbench.ts';

const block = /codegloss:begin v1 [0-9a-f]{12}[\s\S]*codegloss:end/;

let original: string;
let editor: vscode.TextEditor;
const text = (): string => editor.document.getText();
const run = (command: string): Thenable<unknown> => vscode.commands.executeCommand(`codegloss.${command}`);

/** With the outline: these tests are about where comments go, not about who words them. */
async function reopen(file: string): Promise<void> {
  await set('provider', 'outline');
  editor = await open(file);
  original = text();
}

async function putBack(): Promise<void> {
  const whole = new vscode.Range(0, 0, editor.document.lineCount, 0);
  if (text() !== original) await editor.edit((builder) => builder.replace(whole, original));
  for (const name of ['moduleComment.onSave', 'provider']) await set(name, undefined);
  await editor.document.save();
  await closeAll();
}

suite('comments by command', () => {
  setup(() => reopen('inventory.py'));
  teardown(putBack);

  test('Insert Module Comment puts a marked block at the top, once, and Remove takes it away to the byte', async () => {
    await run('insertModuleComment');
    await until('the block', () => block.test(text()));
    assert.ok(text().trimEnd().endsWith(original.trimEnd()), 'the code is as it was');
    await run('insertModuleComment');
    assert.equal(text().match(/codegloss:begin/g)?.length, 1);
    await run('removeModuleComment');
    await until('the original', () => text() === original);
  });

  test('one undo takes an insertion back', async () => {
    await run('insertModuleComment');
    await until('the block', () => block.test(text()));
    await vscode.commands.executeCommand('undo');
    assert.equal(text(), original);
  });

  test('Insert Doc Comment documents the function at the cursor and nothing else', async () => {
    place(editor, 'wanted');
    await run('insertDocComment');
    await until('the comment', () => text() !== original);
    const added = text()
      .split('\n')
      .filter((line) => !original.split('\n').includes(line));
    assert.ok(added.length > 0);
    const kept = text()
      .split('\n')
      .filter((line) => !added.includes(line));
    assert.deepEqual(kept.filter(Boolean), original.split('\n').filter(Boolean));
  });

  test("Insert Doc Comment leaves an author's docstring alone", async () => {
    place(editor, 'with open');
    await run('insertDocComment');
    assert.equal(text(), original);
  });
});

suite('module comments on save', () => {
  setup(() => reopen('ledger.ts'));
  teardown(putBack);

  const onDisk = (): string => readFileSync(editor.document.uri.fsPath, 'utf8');

  async function change(): Promise<void> {
    await edit(editor, 'export function balance', 'export function  balance');
  }

  test('off: a save writes what the user wrote', async () => {
    await change();
    const written = text();
    assert.ok(await editor.document.save());
    assert.equal(onDisk(), written);
  });

  test('always: a save adds the block', async () => {
    await set('moduleComment.onSave', 'always');
    await change();
    assert.ok(await editor.document.save());
    await until('the block on disk', () => block.test(onDisk()) && !editor.document.isDirty);
  });

  test('update: a save adds nothing where there is no block', async () => {
    await set('moduleComment.onSave', 'update');
    await change();
    const written = text();
    assert.ok(await editor.document.save());
    assert.equal(onDisk(), written);
  });

  test('update: a save makes an old block true again', async () => {
    await run('insertModuleComment');
    const before = await until('the block', () => block.exec(text())?.[0]);
    await set('moduleComment.onSave', 'update');
    await edit(
      editor,
      'return entries.reduce',
      'if (entries.length === 0) throw new Error("empty");\n  return entries.reduce',
    );
    assert.ok(await editor.document.save());
    const mark = (found: string | undefined): string | undefined => /v1 ([0-9a-f]{12})/.exec(found ?? '')?.[1];
    await until('a new mark', () => mark(block.exec(onDisk())?.[0]) !== mark(before));
    assert.equal(onDisk().match(/codegloss:begin/g)?.length, 1);
  });

  test('an automatic save adds nothing', async () => {
    const files = vscode.workspace.getConfiguration('files');
    await set('moduleComment.onSave', 'always');
    await files.update('autoSaveDelay', 50, vscode.ConfigurationTarget.Global);
    await files.update('autoSave', 'afterDelay', vscode.ConfigurationTarget.Global);
    await change();
    await until('the automatic save', () => !editor.document.isDirty);
    assert.doesNotMatch(onDisk(), block);
    await files.update('autoSave', undefined, vscode.ConfigurationTarget.Global);
  });
});
