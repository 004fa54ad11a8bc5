import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { findAssets } from './assets.ts';
import { startLanguageServer } from './languageServer.ts';

/** The language server as VS Code starts it (node IPC); other editors run `codegloss lsp --stdio`. */
const connection = createConnection(ProposedFeatures.all);
startLanguageServer(connection, { assets: findAssets(import.meta.dirname), env: process.env });
connection.listen();
