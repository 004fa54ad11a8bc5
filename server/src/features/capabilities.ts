import { CodeActionKind, type InitializeResult, TextDocumentSyncKind } from 'vscode-languageserver';
import { docCommentKind, moduleCommentKind } from './codeAction.ts';
import { serverCommands } from './commands.ts';

/** Whether the client marks code actions that a model wrote. */
export function hasTagSupport(codeAction: object | undefined): boolean {
  return codeAction !== undefined && 'tagSupport' in codeAction;
}

/** What the server offers. `ours`: the client is the extension, which registers navigation and commands itself. */
export function serverCapabilities(ours: boolean): InitializeResult['capabilities'] {
  return {
    textDocumentSync: {
      openClose: true,
      change: TextDocumentSyncKind.Incremental,
      save: { includeText: false },
      willSaveWaitUntil: true,
    },
    hoverProvider: true,
    codeLensProvider: { resolveProvider: true },
    documentSymbolProvider: { label: 'CodeGloss' },
    foldingRangeProvider: true,
    ...(ours
      ? {}
      : {
          definitionProvider: true,
          referencesProvider: true,
          workspaceSymbolProvider: true,
          callHierarchyProvider: true,
        }),
    codeActionProvider: {
      codeActionKinds: [moduleCommentKind, docCommentKind, CodeActionKind.QuickFix],
      resolveProvider: true,
    },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    ...(ours ? {} : { executeCommandProvider: { commands: Object.values(serverCommands) } }),
  };
}
