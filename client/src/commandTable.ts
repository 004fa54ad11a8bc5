import * as vscode from 'vscode';
import { clearMethod, commands } from '../../server/src/protocol.ts';
import { type ApiKeys, isKeyed, type KeyedProvider, keyedProviders } from './apiKeys.ts';
import { insertComment } from './commentCommands.ts';
import { correctSummary, deleteAllData, shareCorrections } from './correctionCommands.ts';
import { selectModel } from './modelPicker.ts';
import { readModelSettings } from './modelSettings.ts';
import { chooseStrategy, mergeAtCursor, moveAtCursor, splitAtCursor } from './partitionCommands.ts';
import type { PartitionView } from './partitionView.ts';
import type { Session } from './session.ts';
import type { StorePassword } from './storePassword.ts';
import { placeOf, summarize } from './summaryCommands.ts';
import type { SummaryDocuments } from './summaryDocuments.ts';
import type { ReportPanel } from './views/reportPanel.ts';
import type { SummariesView } from './views/summariesView.ts';
import { fileOf, type TreeEntry } from './views/summaryTree.ts';
import { summarizeWorkspace } from './workspaceRun.ts';

export interface CommandPorts {
  readonly session: Session;
  readonly keys: ApiKeys;
  readonly storePassword: StorePassword;
  readonly log: vscode.LogOutputChannel;
  readonly summaries: SummaryDocuments;
  readonly partitions: PartitionView;
  readonly view: SummariesView;
  readonly panel: ReportPanel;
  readonly extension: vscode.Uri;
}

type CommandName = keyof typeof commands;
/** Links, lenses and the status item pass a URI and a 0-based line; the palette passes nothing. */
type Handler = (ports: CommandPorts, uri?: unknown, line?: unknown) => Promise<void>;

/** Every command of ours, once. */
const table: Readonly<Record<CommandName, Handler>> = {
  summarizeSymbol: async ({ session }, uri, line) => {
    const place = placeOf(uri, line);
    if (place !== undefined) await summarize(session, place);
  },
  summarizeFile: async ({ session, summaries }, uri) => {
    const place = placeOf(uri);
    if (place === undefined) return;
    if (await summarize(session, { uri: place.uri })) await summaries.show(place.uri, undefined);
  },
  summarizeWorkspace: ({ session }) => summarizeWorkspace(session),
  showSummary: async ({ session, summaries }, uri, line) => {
    const place = placeOf(uri, line);
    if (place === undefined) return;
    if (await summarize(session, place)) await summaries.show(place.uri, place.line);
  },
  showContext: async ({ summaries }, uri, line) => {
    const place = placeOf(uri, line);
    if (place !== undefined) await summaries.show(place.uri, place.line, 'context');
  },
  insertModuleComment: ({ session }) => insertComment(session, 'module'),
  removeModuleComment: ({ session }) => insertComment(session, 'removeModule'),
  insertDocComment: ({ session }) => insertComment(session, 'doc'),
  insertComments: ({ session }) => insertComment(session, 'symbols'),
  showPartitions: async ({ partitions }) => {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) return tell(vscode.l10n.t('Open a file first.'));
    const { shown, count } = await partitions.toggle(editor);
    if (shown && count === 0) tell(vscode.l10n.t('There are no partitions to show in this file.'));
  },
  choosePartitionStrategy: ({ partitions }) => inEditor((editor) => chooseStrategy(partitions, editor)),
  mergePartition: ({ partitions }) => inEditor((editor) => mergeAtCursor(partitions, editor)),
  movePartition: ({ session, partitions }) => inEditor((editor) => moveAtCursor(session, partitions, editor)),
  splitPartition: ({ partitions }) => inEditor((editor) => splitAtCursor(partitions, editor)),
  selectModel: async ({ keys, extension }) => selectModel(keys, await hasEmbeddedModel(extension)),
  setApiKey: async ({ keys }) => {
    const provider = await keyedProvider(vscode.l10n.t('Set the API key of …'));
    if (provider !== undefined && (await keys.ask(provider)))
      tell(vscode.l10n.t('The API key for {0} is set.', keyedProviders[provider]));
  },
  clearApiKey: async ({ keys }) => {
    const provider = await keyedProvider(vscode.l10n.t('Clear the API key of …'));
    if (provider === undefined) return;
    await keys.clear(provider);
    tell(vscode.l10n.t('The API key for {0} is cleared.', keyedProviders[provider]));
  },
  setStorePassword: async ({ storePassword, session }) => {
    if (await storePassword.ask()) await session.restart();
  },
  clearSummaries: async ({ session }) => {
    const clear = vscode.l10n.t('Clear');
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('Clear all summaries that CodeGloss keeps on this machine? Making them again may cost requests.'),
      { modal: true },
      clear,
    );
    if (answer === clear) await session.request(clearMethod, null);
  },
  correctSummary: async ({ session }, uri, line) => {
    const place = placeOf(uri, line);
    if (place !== undefined) await correctSummary(session, place);
  },
  showReport: async ({ panel }, uri) => {
    const source = sourceOf(uri);
    if (source !== undefined) await panel.show(source);
  },
  searchSummaries: ({ view }) => view.search(),
  revealInTree: ({ view }) =>
    inEditor(async (editor) =>
      (await view.reveal(editor))
        ? undefined
        : vscode.l10n.t('This file is not among those that the Summaries view holds.'),
    ),
  refreshTree: async ({ view }) => view.tree.refresh(),
  shareCorrections: ({ session }) => shareCorrections(session),
  deleteAllData: ({ session, keys }) => deleteAllData(session, keys),
  restartServer: ({ session }) => session.restart(),
  showLog: async ({ log }) => log.show(true),
};

export function registerCommands(ports: CommandPorts): vscode.Disposable {
  const registrations = (Object.keys(table) as CommandName[]).map((name) =>
    vscode.commands.registerCommand(commands[name], async (uri?: unknown, line?: unknown) => {
      try {
        await table[name](ports, uri, line);
      } catch (error) {
        // Not awaited: a command ends when its work does, not when somebody closes the message.
        if (!(error instanceof vscode.CancellationError)) void showFailure(ports.log, error);
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}

async function showFailure(log: vscode.LogOutputChannel, error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  log.error(error instanceof Error ? error : message);
  const showLog = vscode.l10n.t('Show Log');
  const answer = await vscode.window.showErrorMessage(`CodeGloss: ${message}`, showLog);
  if (answer === showLog) log.show(true);
}

/** The file that an entry of the Summaries view or a link names, else the active editor's. */
function sourceOf(named: unknown): vscode.Uri | undefined {
  if (typeof named === 'object' && named !== null && 'folder' in named) return fileOf(named as TreeEntry);
  return placeOf(typeof named === 'string' ? named : undefined)?.uri;
}

/** Runs a command on the active editor, and says what it has to say. */
async function inEditor(work: (editor: vscode.TextEditor) => Promise<string | undefined>): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const message = editor === undefined ? vscode.l10n.t('Open a file first.') : await work(editor);
  if (message !== undefined) tell(message);
}

function tell(message: string): void {
  void vscode.window.showInformationMessage(`CodeGloss: ${message}`);
}

/** The provider in use if it wants a key, else the one that the user picks. */
async function keyedProvider(title: string): Promise<KeyedProvider | undefined> {
  const { provider } = readModelSettings();
  if (isKeyed(provider)) return provider;
  const items = (Object.keys(keyedProviders) as KeyedProvider[]).map((id) => ({ label: keyedProviders[id], id }));
  return (await vscode.window.showQuickPick(items, { title: `CodeGloss: ${title}` }))?.id;
}

/** The worker of the embedded model ships only together with the model. */
async function hasEmbeddedModel(extension: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(vscode.Uri.joinPath(extension, 'dist/modelWorker.mjs')).then(
    () => true,
    () => false,
  );
}
