import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, edit, hoverAt, lenses, open, place, set, summaryDocument, until } from './workbench.ts';

/** Lines of `workspace/inventory.py`. */
const classLine = 3;
const reorderLine = 14;

suite('reading with the outline, which needs no model', () => {
  suiteSetup(() => set('provider', 'outline'));
  suiteTeardown(async () => {
    await set('provider', undefined);
    await closeAll();
  });

  test('lenses say what classes and functions do', async () => {
    const { document } = await open('inventory.py');
    const titles = await until('filled lenses', async () => {
      const found = await lenses(document.uri);
      return found.size >= 4 && ![...found.values()].includes('Summarize') && found;
    });
    assert.ok(titles.has(classLine) && titles.has(reorderLine), `lenses at ${[...titles.keys()]}`);
    for (const title of titles.values()) assert.match(title, /\S+ \S+/);
  });

  test('lenses keep their places while a function is edited', async () => {
    const editor = await open('inventory.py');
    const before = await lenses(editor.document.uri);
    await edit(editor, 'wanted = []', 'wanted = list()');
    const after = await lenses(editor.document.uri);
    const lines = (found: ReadonlyMap<number, string>): number[] => [...found.keys()].sort((a, b) => a - b);
    assert.deepEqual(lines(after), lines(before));
    await vscode.commands.executeCommand('undo');
  });

  test('a hover tells what a function does and that no model was asked', async () => {
    const editor = await open('inventory.py');
    const text = await until('a summary on hover', async () => {
      const found = await hoverAt(editor, 'reorder(');
      return /no model asked/.test(found) && found;
    });
    assert.match(text, /\*\*\S+/);
  });

  test("a hover quotes the author's own comment", async () => {
    const editor = await open('inventory.py');
    const text = await hoverAt(editor, 'load(');
    assert.match(text, /Reads the items from the file/);
    assert.match(text, /author's comment/);
  });

  test('a hover on a place without a symbol says nothing', async () => {
    const editor = await open('inventory.py');
    assert.equal(await hoverAt(editor, 'encoding'), '');
  });

  test('Summarize File shows the file and its parts in a read-only document', async () => {
    await open('inventory.py');
    await vscode.commands.executeCommand('codegloss.summarizeFile');
    const text = await summaryDocument('inventory.py');
    assert.match(text, /^# inventory/);
    assert.match(text, /## Inventory/);
  });

  test('Show Summary shows the symbol at the cursor without a hover', async () => {
    const editor = await open('ledger.ts');
    place(editor, 'balance');
    await vscode.commands.executeCommand('codegloss.showSummary');
    assert.match(await summaryDocument('ledger.ts'), /^# balance/);
  });

  test('MUMPS is read whether or not another extension names it, and a file of notes is left alone', async () => {
    const routine = await open('ORDERS.mps');
    assert.equal(routine.document.languageId, 'mumps');
    await until('lenses in a routine', async () => (await lenses(routine.document.uri)).size > 0);
    const notes = await open('notes.txt');
    assert.equal((await lenses(notes.document.uri)).size, 0);
  });

  test('an assembler file that nobody claims becomes assembler', async () => {
    const { document } = await open('start.s');
    await until('the language', () => vscode.window.activeTextEditor?.document.languageId === 'asm');
    await until('lenses in assembler', async () => (await lenses(document.uri)).size > 0);
  });

  test('Show Partitions runs on and off', async () => {
    await open('inventory.py');
    await vscode.commands.executeCommand('codegloss.showPartitions');
    await vscode.commands.executeCommand('codegloss.showPartitions');
  });

  test('after Restart Server everything is there again', async () => {
    const { document } = await open('inventory.py');
    await vscode.commands.executeCommand('codegloss.restartServer');
    await until('lenses after the restart', async () => (await lenses(document.uri)).size >= 4);
  });
});

suite('settings that turn things off', () => {
  suiteTeardown(closeAll);

  test('codeLens.enabled off shows no lens, on shows them again', async () => {
    const { document } = await open('inventory.py');
    await set('codeLens.enabled', false);
    await until('no lenses', async () => (await lenses(document.uri)).size === 0);
    await set('codeLens.enabled', undefined);
    await until('lenses', async () => (await lenses(document.uri)).size > 0);
  });

  test('hover.enabled off shows no hover', async () => {
    const editor = await open('inventory.py');
    await set('hover.enabled', false);
    await until('no hover', async () => (await hoverAt(editor, 'reorder(')) === '');
    await set('hover.enabled', undefined);
    await until('a hover', async () => (await hoverAt(editor, 'reorder(')) !== '');
  });

  test('hover.whenDocumented decides about symbols that their author documented', async () => {
    const editor = await open('inventory.py');
    await set('hover.whenDocumented', 'nothing');
    await until('no hover on load', async () => (await hoverAt(editor, 'load(')) === '');
    assert.notEqual(await hoverAt(editor, 'reorder('), '');
    await set('hover.whenDocumented', undefined);
  });

  test('a language may differ', async () => {
    const python = vscode.workspace.getConfiguration('codegloss', { languageId: 'python' });
    await python.update('codeLens.enabled', false, vscode.ConfigurationTarget.Global, true);
    const inventory = await open('inventory.py');
    await until('no lenses in Python', async () => (await lenses(inventory.document.uri)).size === 0);
    const ledger = await open('ledger.ts');
    await until('lenses in TypeScript', async () => (await lenses(ledger.document.uri)).size > 0);
    await python.update('codeLens.enabled', undefined, vscode.ConfigurationTarget.Global, true);
  });
});
