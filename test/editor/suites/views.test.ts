import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, folder, open, place, set, until } from './workbench.ts';

suite('views, agents and navigation', () => {
  // A model would make the tests wait for it; the views show whatever was said.
  suiteSetup(() => set('provider', 'outline'));
  suiteTeardown(async () => {
    await set('provider', undefined);
    await closeAll();
  });

  test('the Summaries view reveals the symbol at the cursor', async function () {
    // The first request of a cold window, and of its index.
    this.timeout(90_000);
    const editor = await open('ledger.ts');
    place(editor, 'balance');
    await vscode.commands.executeCommand('codegloss.summarizeSymbol');
    await vscode.commands.executeCommand('codegloss.summaries.focus');
    await vscode.commands.executeCommand('codegloss.revealInTree');
  });

  test('the report opens beside its file', async () => {
    await open('ledger.ts');
    await vscode.commands.executeCommand('codegloss.showReport');
    await until('the report', () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).some(({ label }) => label === 'Report: ledger.ts'),
    );
  });

  test('language model tools answer from the repository', async () => {
    const names = vscode.lm.tools.map(({ name }) => name);
    for (const name of ['search_code', 'get_code_context', 'get_code_summary', 'get_code_partitions'])
      assert.ok(names.includes(name), `${name} among ${names.join(', ')}`);
    const ask = async (name: string, input: object): Promise<string> => {
      const { content } = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });
      return content.map((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');
    };
    const summary = JSON.parse(await ask('get_code_summary', { path: 'ledger.ts', symbol: 'balance' }));
    assert.equal(summary.symbol, 'balance');
    assert.match(summary.line, /\S+ \S+/);
    const found = JSON.parse(await ask('search_code', { query: 'balance' }));
    assert.equal(found.hits[0].path, 'ledger.ts');
    assert.match(await ask('get_code_summary', { path: '../../../etc/passwd' }), /no such file/);
  });

  test('the MCP server that the editor is offered starts from the package and lists its tools', async () => {
    const extension = vscode.extensions.getExtension('codegloss.codegloss');
    assert.ok(extension);
    const args = [path.join(extension.extensionPath, 'dist/codegloss.mjs'), 'mcp', folder()];
    const server = spawn(process.execPath, args, { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
    try {
      const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
      const ask = async (id: number, method: string, params: object): Promise<{ readonly result: unknown }> => {
        server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
        return JSON.parse(String((await lines.next()).value));
      };
      const clientInfo = { name: 'test', version: '1' };
      await ask(1, 'initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
      server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
      const { result } = await ask(2, 'tools/list', {});
      assert.match(JSON.stringify(result), /get_code_summary/);
    } finally {
      server.kill();
    }
  });

  test('a label of MUMPS is found, and no symbol of a modern language twice', async () => {
    const { document } = await open('ORDERS.mps');
    const label = await until('a label', () => /^(\w+)\(/m.exec(document.getText())?.[1]);
    const at = document.positionAt(document.getText().search(new RegExp(`^${label}\\(`, 'm')) + 1);
    const found = await until('its definition', async () => {
      const places = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
        'vscode.executeDefinitionProvider',
        document.uri,
        at,
      );
      return places.length > 0 && places;
    });
    assert.equal(found.length, 1);
    const references = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      document.uri,
      at,
    );
    assert.ok(references.length >= 1);
    const symbols = await vscode.commands.executeCommand<vscode.SymbolInformation[]>(
      'vscode.executeWorkspaceSymbolProvider',
      label,
    );
    assert.ok(symbols.some(({ name }) => name === label));
    assert.ok(!symbols.some(({ location }) => location.uri.path.endsWith('.py')));
  });

  test('where another extension knows the definition, ours is silent, and speaks again when that one is gone', async () => {
    const { document } = await open('ORDERS.mps');
    const at = document.positionAt(document.getText().search(/^TOTAL\(/m) + 1);
    const ask = () =>
      vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
        'vscode.executeDefinitionProvider',
        document.uri,
        at,
      );
    const theirs = new vscode.Location(document.uri, new vscode.Position(0, 0));
    const other = vscode.languages.registerDefinitionProvider(
      { language: 'mumps' },
      { provideDefinition: () => theirs },
    );
    const lineOf = (place: vscode.Location | vscode.LocationLink | undefined): number | undefined =>
      place instanceof vscode.Location ? place.range.start.line : place?.targetRange.start.line;
    assert.deepEqual((await ask()).map(lineOf), [0]);
    other.dispose();
    assert.deepEqual((await ask()).map(lineOf), [4]);
  });

  test('nothing of this wrote into the folder', async () => {
    const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.file(folder()));
    assert.ok(!entries.some(([name]) => path.basename(name) === '.codegloss'));
  });
});
