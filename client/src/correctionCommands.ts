import * as vscode from 'vscode';
import {
  type DeleteAllResult,
  type DocumentParams,
  deleteAllMethod,
  type SharedWordsResult,
  type SummarizeResult,
  sharedWordsFile,
  sharedWordsMethod,
  type UserWordParams,
  userWordMethod,
  type WordTextResult,
  wordTextMethod,
} from '../../server/src/protocol.ts';
import { type ApiKeys, type KeyedProvider, keyedProviders } from './apiKeys.ts';
import type { Session } from './session.ts';
import { type Place, summarize } from './summaryCommands.ts';

type Action = UserWordParams['action'];

/** Lets the user have the last word on a summary: edit it, pin it, mark it wrong, take that back. */
export async function correctSummary(session: Session, place: Place): Promise<void> {
  const asked: DocumentParams = {
    uri: place.uri.toString(),
    ...(place.line === undefined ? {} : { line: place.line }),
  };
  const shown = await session.request<WordTextResult | null>(wordTextMethod, asked);
  if (shown === null) return tell(vscode.l10n.t('CodeGloss does not read this file.'));
  const action = await chooseAction(shown);
  if (action === undefined) return;
  const { ok, message } = await session.request<SummarizeResult>(userWordMethod, { ...asked, action });
  tell(message);
  if (ok && action.kind === 'wrong') await summarize(session, place);
}

async function chooseAction(shown: WordTextResult): Promise<Action | undefined> {
  const items: (vscode.QuickPickItem & { readonly kind?: undefined; readonly action: Action['kind'] })[] = [
    { label: vscode.l10n.t('Edit'), detail: vscode.l10n.t('Write it in your own words.'), action: 'edit' },
    ...(shown.line === ''
      ? []
      : ([
          {
            label: vscode.l10n.t('Pin'),
            detail: vscode.l10n.t('Keep this text, whatever model is chosen later.'),
            action: 'pin',
          },
          {
            label: vscode.l10n.t('Mark as wrong'),
            detail: vscode.l10n.t('Hide it, and have another made that knows why.'),
            action: 'wrong',
          },
        ] as const)),
    ...(shown.hasWord
      ? ([
          { label: vscode.l10n.t('Take back'), detail: vscode.l10n.t('Forget your correction.'), action: 'takeBack' },
        ] as const)
      : []),
  ];
  const title = `CodeGloss: ${vscode.l10n.t('the summary of {0}', shown.name)}`;
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder: shown.line });
  switch (chosen?.action) {
    case 'edit':
      return edited(shown, title);
    case 'wrong':
      return marked(title);
    case 'pin':
    case 'takeBack':
      return { kind: chosen.action };
    case undefined:
      return undefined;
  }
}

async function edited(shown: WordTextResult, title: string): Promise<Action | undefined> {
  const line = await vscode.window.showInputBox({ title, prompt: vscode.l10n.t('One line'), value: shown.line });
  if (line === undefined || line.trim() === '') return undefined;
  const prompt = vscode.l10n.t('More, if there is more to say');
  const paragraph = await vscode.window.showInputBox({ title, prompt, value: shown.paragraph });
  return paragraph === undefined ? undefined : { kind: 'edit', line: line.trim(), paragraph: paragraph.trim() };
}

async function marked(title: string): Promise<Action | undefined> {
  const prompt = vscode.l10n.t('What is wrong with it? A model that writes it again is told so.');
  const reason = await vscode.window.showInputBox({ title, prompt });
  return reason === undefined ? undefined : { kind: 'wrong', reason: reason.trim() };
}

/** Writes the corrections into the folder, because the user says so here: nothing else of ours ever writes there by itself. */
export async function shareCorrections(session: Session): Promise<void> {
  const uri = vscode.window.activeTextEditor?.document.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  if (uri === undefined) return tell(vscode.l10n.t('Open a folder first.'));
  const { folder, text } = await session.request<SharedWordsResult>(sharedWordsMethod, { uri: uri.toString() });
  if (folder === '') return tell(vscode.l10n.t('This file lies in no open folder.'));
  const write = vscode.l10n.t('Write');
  const question = vscode.l10n.t(
    'Write your corrections of summaries to {0} in this folder? Whoever has the repository then sees them.',
    sharedWordsFile,
  );
  if ((await vscode.window.showWarningMessage(question, { modal: true }, write)) !== write) return;
  const file = vscode.Uri.joinPath(vscode.Uri.parse(folder), sharedWordsFile);
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  await vscode.window.showTextDocument(file);
}

/** Deletes what is kept on this machine, keys included, after a question that names it. */
export async function deleteAllData(session: Session, keys: ApiKeys): Promise<void> {
  const remove = vscode.l10n.t('Delete');
  const question = vscode.l10n.t(
    'Delete everything that CodeGloss keeps on this machine: summaries, indexes, your corrections, spending records and API keys? What a team store or a repository holds stays.',
  );
  if ((await vscode.window.showWarningMessage(question, { modal: true }, remove)) !== remove) return;
  const { home } = await session.request<DeleteAllResult>(deleteAllMethod, null);
  for (const provider of Object.keys(keyedProviders) as KeyedProvider[]) await keys.clear(provider);
  await session.restart();
  tell(vscode.l10n.t('Everything of CodeGloss in {0} is deleted.', home));
}

function tell(message: string): void {
  void vscode.window.showInformationMessage(`CodeGloss: ${message}`);
}
