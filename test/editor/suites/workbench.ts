import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';

const pollMs = 50;

/** The folder of this run: a fresh copy of `test/editor/workspace`. */
export function folder(): string {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(first, 'a folder is open');
  return first.uri.fsPath;
}

export async function open(file: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path.join(folder(), file)));
  return vscode.window.showTextDocument(document, { preview: false });
}

/** Waits until `look` gives something, for at most `ms`; then says what it saw last. */
export async function until<Found>(
  what: string,
  look: () => Found | undefined | false | Promise<Found | undefined | false>,
  ms = 20_000,
): Promise<Found> {
  for (const end = Date.now() + ms; ; ) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited ${ms / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Titles of our lenses by line, resolved as the editor does for what is visible. */
export async function lenses(uri: vscode.Uri): Promise<ReadonlyMap<number, string>> {
  const all = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
  return new Map(
    all
      .filter(({ command }) => command?.command.startsWith('codegloss.'))
      .map(({ range, command }) => [range.start.line, command?.title ?? '']),
  );
}

/** Text of all hovers at the first place of `word`. */
export async function hoverAt({ document }: vscode.TextEditor, word: string): Promise<string> {
  const offset = document.getText().indexOf(word);
  assert.ok(offset >= 0, `${word} is in the file`);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(offset + 1),
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');
}

/** Places the cursor on the first place of `word`. */
export function place(editor: vscode.TextEditor, word: string): void {
  const at = editor.document.positionAt(editor.document.getText().indexOf(word));
  editor.selection = new vscode.Selection(at, at);
}

export async function edit(editor: vscode.TextEditor, before: string, after: string): Promise<void> {
  const { document } = editor;
  const start = document.getText().indexOf(before);
  assert.ok(start >= 0, `${before} is in the file`);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + before.length));
  assert.ok(await editor.edit((builder) => builder.replace(range, after)));
}

/** Sets one of our settings for the user, or clears it. */
export async function set(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('codegloss').update(name, value, vscode.ConfigurationTarget.Global);
}

export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Text of the summary document that a command opened for a file. */
export async function summaryDocument(file: string): Promise<string> {
  const found = await until(`the summary of ${file}`, () =>
    vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'codegloss' && uri.path === `/${file}.summary.md`),
  );
  return found.getText();
}
