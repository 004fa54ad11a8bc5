import * as vscode from 'vscode';

/** As in the manifest. */
const providerId = 'codegloss';

/**
 * Offers `codegloss mcp` to the editor's agents. It answers with what is on this machine: keys and providers of the user's stay with the
 * extension, whose own tools ask before they cost.
 */
export function registerMcpServer(commandLine: string, version: string): vscode.Disposable {
  if (typeof vscode.lm?.registerMcpServerDefinitionProvider !== 'function') return { dispose: () => undefined };
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidChangeWorkspaceFolders(() => changed.fire()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    vscode.lm.registerMcpServerDefinitionProvider(providerId, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () => definitions(commandLine, version),
    }),
  );
}

/** None without a trusted folder on this disk: there would be nothing to serve. */
function definitions(commandLine: string, version: string): vscode.McpStdioServerDefinition[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  if (!vscode.workspace.isTrusted || folders.length === 0) return [];
  const args = [commandLine, 'mcp', ...folders.map(({ uri }) => uri.fsPath)];
  // The editor's own Node.js: in the desktop editor that is its own program, which behaves as Node.js when told to.
  const env = { ELECTRON_RUN_AS_NODE: '1' };
  return [new vscode.McpStdioServerDefinition('CodeGloss', process.execPath, args, env, version)];
}
