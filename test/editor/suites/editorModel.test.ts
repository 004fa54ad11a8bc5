import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { Companion } from '../companion/companion.ts';
import { closeAll, hoverAt, lenses, open, place, set, until } from './workbench.ts';

suite("the editor's own language models", () => {
  let companion: Companion;

  suiteSetup(async () => {
    const extension = vscode.extensions.getExtension<Companion>('codegloss-tests.codegloss-companion');
    assert.ok(extension);
    companion = await extension.activate();
    await until('the model', async () => (await vscode.lm.selectChatModels({ vendor: 'codegloss-test' })).length > 0);
    await set('model', 'gloss-1');
    await set('provider', 'editor');
  });

  suiteTeardown(async () => {
    await set('provider', undefined);
    await set('model', undefined);
    await closeAll();
  });

  test('write a summary when asked, from the source and no more than the source', async () => {
    companion.answer = () =>
      JSON.stringify({ line: 'Lists what runs short.', paragraph: 'Lists what runs short, in order.', claims: [] });
    const editor = await open('inventory.py');
    place(editor, 'reorder');
    await vscode.commands.executeCommand('codegloss.summarizeSymbol');
    const text = await until('the summary', async () => {
      const found = await hoverAt(editor, 'reorder(');
      return /runs short/.test(found) && found;
    });
    assert.match(text, /gloss/);
    assert.ok(companion.prompts.some((prompt) => prompt.includes('def reorder')));
  });

  test('that decline: the hover says so in one line', async () => {
    companion.answer = () => {
      throw vscode.LanguageModelError.Blocked('Not this one.');
    };
    const editor = await open('inventory.py');
    place(editor, 'report');
    await vscode.commands.executeCommand('codegloss.summarizeSymbol');
    await until('the reason', async () => /declined/.test(await hoverAt(editor, 'report(')));
  });

  test('that want permission: nobody is asked because a lens is in sight, and a no says where to allow it', async () => {
    await closeAll();
    await set('model', 'gloss-locked');
    await set('automatic', true);
    const asked = companion.prompts.length;
    const editor = await open('ledger.ts');
    await until('a lens that says so', async () =>
      [...(await lenses(editor.document.uri)).values()].some((title) => /asks for permission/.test(title)),
    );
    await set('automatic', undefined);
    // The user's own command may ask. A run of tests shows no dialogs, which the editor takes for a no.
    place(editor, 'overdrawn');
    await vscode.commands.executeCommand('codegloss.summarizeSymbol');
    await until('the refusal', async () => /Manage Language Model Access/.test(await hoverAt(editor, 'overdrawn(')));
    assert.equal(companion.prompts.length, asked, 'nothing was sent');
  });
});
