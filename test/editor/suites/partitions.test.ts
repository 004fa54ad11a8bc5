import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, edit, open, place, set, until } from './workbench.ts';

const run = (command: string): Thenable<unknown> => vscode.commands.executeCommand(`codegloss.${command}`);

/** Lines of `workspace/STOCK.mps`: a label's partition begins with the comment line above it, that of a dot block with its DO. */
const take = 9;
const loop = 20;
const end = 23;

/** First and last lines of the partitions' folds. */
async function folds({ document }: vscode.TextEditor): Promise<string> {
  const all = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
    'vscode.executeFoldingRangeProvider',
    document.uri,
  );
  return all
    .filter(({ kind }) => kind === vscode.FoldingRangeKind.Region)
    .map((fold) => `${fold.start}-${fold.end}`)
    .join(' ');
}

async function folded(editor: vscode.TextEditor, wanted: string): Promise<void> {
  let seen = '';
  await until(`the folds ${wanted}`, async () => {
    seen = await folds(editor);
    return seen === wanted;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; saw ${seen}`);
  });
}

suite('partitions', () => {
  let editor: vscode.TextEditor;
  suiteSetup(async () => {
    await set('provider', 'outline');
    editor = await open('STOCK.mps');
  });
  suiteTeardown(async () => {
    await set('provider', undefined);
    await set('partition.strategy', undefined);
    await closeAll();
  });

  test('Show Partitions folds a small file as one, and hides it again', async () => {
    await run('showPartitions');
    await folded(editor, `0-${end}`);
    await run('showPartitions');
    await folded(editor, '');
  });

  test('Split Partition divides at the nearest line where the file may be cut', async () => {
    place(editor, 'TAKE(');
    await run('splitPartition');
    await folded(editor, `0-${take - 1} ${take}-${end}`);
    place(editor, ' . write');
    await run('splitPartition');
    await folded(editor, `0-${take - 1} ${take}-${loop - 1} ${loop}-${end}`);
  });

  test('Merge Partition joins the one at the cursor with the one before it', async () => {
    place(editor, ' . write');
    await run('mergePartition');
    await folded(editor, `0-${take - 1} ${take}-${end}`);
  });

  test('the boundaries are kept over closing, reopening and a restart of the server', async () => {
    await run('showPartitions');
    await folded(editor, '');
    await closeAll();
    await run('restartServer');
    editor = await open('STOCK.mps');
    await run('showPartitions');
    await folded(editor, `0-${take - 1} ${take}-${end}`);
  });

  test('they belong to the content: another text has none, and the old text has them again', async () => {
    await edit(editor, 'quit -1', 'quit -2');
    await folded(editor, `0-${end}`);
    await edit(editor, 'quit -2', 'quit -1');
    await folded(editor, `0-${take - 1} ${take}-${end}`);
    await editor.document.save();
  });

  test('an inserted module comment moves them along', async () => {
    await run('insertModuleComment');
    const added = await until('the comment', () => editor.document.lineCount - (end + 1) || undefined);
    await folded(editor, `0-${take + added - 1} ${take + added}-${end + added}`);
    await run('removeModuleComment');
    await folded(editor, `0-${take - 1} ${take}-${end}`);
    await editor.document.save();
  });
});

suite('colours', () => {
  suiteTeardown(closeAll);

  test('a language that no other extension contributes gets semantic tokens', async () => {
    const { document } = await open('STOCK.mps');
    assert.equal(document.languageId, 'mumps');
    const tokens = await until('tokens', async () => {
      const found = await vscode.commands.executeCommand<vscode.SemanticTokens | undefined>(
        'vscode.provideDocumentSemanticTokens',
        document.uri,
      );
      return found !== undefined && found.data.length > 0 && found;
    });
    const legend = await vscode.commands.executeCommand<vscode.SemanticTokensLegend>(
      'vscode.provideDocumentSemanticTokensLegend',
      document.uri,
    );
    // The first token is the label of the first line.
    assert.deepEqual([...tokens.data.slice(0, 3)], [0, 0, 'STOCK'.length]);
    assert.equal(legend.tokenTypes[tokens.data[3] ?? -1], 'function');
  });

  test('other languages keep the colours of their extensions', async () => {
    const { document } = await open('inventory.py');
    const legend = await vscode.commands.executeCommand('vscode.provideDocumentSemanticTokensLegend', document.uri);
    assert.equal(legend, undefined);
  });
});
