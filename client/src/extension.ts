import * as vscode from 'vscode';
import {
  apiKeyMethod,
  type EditorModelResult,
  editorModelMethod,
  lateCommentMethod,
  storePasswordMethod,
} from '../../server/src/protocol.ts';
import { registerAgentTools } from './agentTools.ts';
import { ApiKeys } from './apiKeys.ts';
import { announceAutomatic } from './automaticNotice.ts';
import { registerCommands } from './commandTable.ts';
import { askEditorModel, Consent } from './editorModel.ts';
import { documentSelector, languageForUnclaimed } from './languages.ts';
import { LateComments } from './lateComments.ts';
import { registerMcpServer } from './mcpServer.ts';
import { giveWay } from './navigationManners.ts';
import { PartitionView } from './partitionView.ts';
import { type Answer, Session } from './session.ts';
import { pullByLanguage } from './settingsPull.ts';
import { StatusItem } from './statusItem.ts';
import { StorePassword } from './storePassword.ts';
import { SummaryDocuments } from './summaryDocuments.ts';
import { ReportPanel } from './views/reportPanel.ts';
import { SummariesView } from './views/summariesView.ts';

const languageContext = [...new Set(documentSelector.map(({ language }) => language))];

let running: Session | undefined;

/** Wires the client; the server starts with the first document or command that needs it. */
export function activate(context: vscode.ExtensionContext): void {
  try {
    wire(context);
  } catch (error) {
    // The editor itself says nothing when an extension fails to activate.
    void vscode.window.showErrorMessage(
      vscode.l10n.t('CodeGloss could not start: {0}', error instanceof Error ? error.message : String(error)),
    );
    throw error;
  }
}

export async function deactivate(): Promise<void> {
  await running?.stop();
  running = undefined;
}

function wire(context: vscode.ExtensionContext): void {
  const own = <Owned extends vscode.Disposable>(disposable: Owned): Owned => {
    context.subscriptions.push(disposable);
    return disposable;
  };
  const log = own(vscode.window.createOutputChannel('CodeGloss', { log: true }));
  const keys = own(new ApiKeys(context.secrets));
  const storePassword = new StorePassword(context.secrets);
  const late = own(new LateComments());
  const consent = new Consent(context.globalState);
  const answers: ReadonlyMap<string, Answer> = new Map<string, Answer>([
    [apiKeyMethod, keys.answer],
    [storePasswordMethod, storePassword.answer],
    [lateCommentMethod, late.answer],
    [
      editorModelMethod,
      (params, token): Promise<EditorModelResult> =>
        askEditorModel(params, {
          token,
          mayAskConsent: session.servesUser,
          consent,
        }),
    ],
  ]);
  const session: Session = own(
    new Session({
      log,
      serverModule: context.asAbsolutePath('dist/server.mjs'),
      answers,
      middleware: {
        ...late.middleware,
        ...giveWay,
        workspace: { configuration: pullByLanguage },
        provideFoldingRanges: async (document, context, token, next) =>
          partitions.foldsBeside(document, (await next(document, context, token)) ?? []),
      },
    }),
  );
  running = session;
  // For `when` clauses of the manifest.
  report(log, vscode.commands.executeCommand('setContext', 'codegloss.languages', languageContext));
  own(new StatusItem(session));
  const summaries = own(new SummaryDocuments(session));
  const partitions: PartitionView = own(new PartitionView(session, context.asAbsolutePath('media/partition.svg')));
  const view = own(new SummariesView(session, (error) => log.error(String(error))));
  const panel = own(new ReportPanel(session, vscode.Uri.joinPath(context.extensionUri, 'media/panel')));
  own(
    registerCommands({
      session,
      keys,
      storePassword,
      log,
      summaries,
      partitions,
      view,
      panel,
      extension: context.extensionUri,
    }),
  );
  own(
    keys.onChanged(() => {
      report(log, session.announce({ trusted: vscode.workspace.isTrusted, keysChanged: true }));
    }),
  );
  own(
    // Allowed or forbidden in the editor's list of who may use its models: for the server the same as another key.
    context.languageModelAccessInformation.onDidChange(() => {
      report(log, session.announce({ trusted: vscode.workspace.isTrusted, keysChanged: true }));
    }),
  );
  own(
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      report(log, session.announce({ trusted: true, keysChanged: false }));
    }),
  );
  own(vscode.extensions.onDidChange(() => report(log, session.announceUncolored())));
  own(registerAgentTools(session));
  own(registerMcpServer(context.asAbsolutePath('dist/codegloss.mjs'), String(context.extension.packageJSON.version)));
  own(announceAutomatic());
  own(startWithFirstDocument(session, log));
}

/** Starts the server with the first document that it reads; files that nobody claims get their language first. */
function startWithFirstDocument(session: Session, log: vscode.LogOutputChannel): vscode.Disposable {
  const look = (document: vscode.TextDocument): void => {
    const unclaimed = document.languageId === 'plaintext' && document.uri.scheme === 'file';
    const language = unclaimed ? languageForUnclaimed(document.uri.path) : undefined;
    if (language !== undefined) report(log, vscode.languages.setTextDocumentLanguage(document, language));
    else if (vscode.languages.match(documentSelector, document) > 0) report(log, session.start());
  };
  const listener = vscode.workspace.onDidOpenTextDocument(look);
  for (const document of vscode.workspace.textDocuments) look(document);
  return listener;
}

/** Failures of what nobody waits for. */
function report(log: vscode.LogOutputChannel, work: Thenable<unknown>): void {
  work.then(undefined, (error: unknown) => log.error(error instanceof Error ? error : String(error)));
}
