import * as vscode from 'vscode';
import {
  type MendingCommand,
  type SummarizeParams,
  type SummarizeResult,
  summarizeMethod,
} from '../../server/src/protocol.ts';
import type { Session } from './session.ts';

/** A symbol's place, or a whole file where there is no line. */
export interface Place {
  readonly uri: vscode.Uri;
  /** 0-based. */
  readonly line?: number;
}

/** How long a summary's one line stays in the status bar. */
const messageMs = 10_000;

/** The place that a link or lens names, else the cursor's, else the file of a tab that is in front. Says so where there is none. */
export function placeOf(uri?: unknown, line?: unknown): Place | undefined {
  if (typeof uri === 'string') {
    return { uri: vscode.Uri.parse(uri), ...(typeof line === 'number' ? { line } : {}) };
  }
  const editor = vscode.window.activeTextEditor;
  if (editor !== undefined) return { uri: editor.document.uri, line: editor.selection.active.line };
  const behind = fileBehind();
  if (behind !== undefined) return { uri: behind };
  void offerMending(vscode.l10n.t('Open a file first.'), {
    title: vscode.l10n.t('Open File'),
    command: 'workbench.action.quickOpen',
  });
  return undefined;
}

/** What a person means who asks from the walkthrough, which covers the file that they have open: the text tab in front or, in its group, beside it. */
function fileBehind(): vscode.Uri | undefined {
  const { activeTabGroup, all } = vscode.window.tabGroups;
  const tabs = [activeTabGroup, ...all].flatMap((group) => [
    ...(group.activeTab === undefined ? [] : [group.activeTab]),
    ...group.tabs,
  ]);
  const inputs = tabs.map(({ input }) => input);
  return inputs.find((input) => input instanceof vscode.TabInputText)?.uri;
}

/** Has a summary made, with the server's progress and cancel button. @returns whether there is one now. */
export async function summarize(session: Session, { uri, line }: Place): Promise<boolean> {
  const params: SummarizeParams = { uri: uri.toString(), ...(line === undefined ? {} : { line }) };
  const { ok, message, command } = await session.request<SummarizeResult>(summarizeMethod, params);
  if (ok) vscode.window.setStatusBarMessage(`CodeGloss: ${plain(message)}`, messageMs);
  else void offerMending(message, command);
  return ok;
}

/** Says why nothing was made, with the command that mends it where the server named one. Nobody waits for the answer. */
export async function offerMending(message: string, mend: MendingCommand | undefined): Promise<void> {
  const text = `CodeGloss: ${message}`;
  const answer = await (mend === undefined
    ? vscode.window.showWarningMessage(text)
    : vscode.window.showWarningMessage(text, mend.title));
  if (mend !== undefined && answer === mend.title) await vscode.commands.executeCommand(mend.command);
}

/** The status bar shows text as it is, so the marks around identifiers go. */
function plain(message: string): string {
  return message.replaceAll('`', '');
}
