import * as vscode from 'vscode';
import {
  pauseWorkspaceMethod,
  type WorkspaceForecastResult,
  type WorkspaceRunParams,
  type WorkspaceRunResult,
  workspaceForecastMethod,
  workspaceRunMethod,
} from '../../server/src/protocol.ts';
import type { Session } from './session.ts';

/** One run at a time: a second would pay for the same, and share the first one's button. */
let isRunning = false;

/** Summarize Workspace: the forecast first, then the run, with the server's progress and cancel button and a button to pause. */
export async function summarizeWorkspace(session: Session): Promise<void> {
  if (isRunning) return tell(vscode.l10n.t('The workspace is being summarized already.'));
  isRunning = true;
  try {
    await forecastAndRun(session);
  } finally {
    isRunning = false;
  }
}

async function forecastAndRun(session: Session): Promise<void> {
  const folder = await chosenFolder();
  if (folder === undefined) return;
  const params: WorkspaceRunParams = { folder: folder.uri.toString() };
  const forecast = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('CodeGloss looks at what is missing …'),
      cancellable: true,
    },
    (_, token) => session.request<WorkspaceForecastResult>(workspaceForecastMethod, params, token),
  );
  if (!forecast.ok || forecast.planned === 0) return tell(forecast.message);
  const start = vscode.l10n.t('Summarize');
  const answer = await vscode.window.showInformationMessage(
    vscode.l10n.t('Summarize {0}?', folder.name),
    { modal: true, detail: forecast.message },
    start,
  );
  if (answer !== start) return;
  const pausing = pauseButton(session);
  try {
    const { message } = await session.request<WorkspaceRunResult>(workspaceRunMethod, params);
    tell(message);
  } finally {
    pausing.dispose();
  }
}

/** A status item that pauses and goes on. Hidden again when the run ends. */
function pauseButton(session: Session): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('codegloss.run', vscode.StatusBarAlignment.Left);
  const name = 'codegloss.toggleWorkspaceRun';
  let paused = false;
  const show = (): void => {
    item.text = paused
      ? `$(play) ${vscode.l10n.t('Go on summarizing')}`
      : `$(debug-pause) ${vscode.l10n.t('Pause summarizing')}`;
  };
  item.name = 'CodeGloss';
  item.command = name;
  show();
  item.show();
  const command = vscode.commands.registerCommand(name, async () => {
    paused = !paused;
    show();
    await session.notify(pauseWorkspaceMethod, { paused });
  });
  return vscode.Disposable.from(item, command);
}

async function chosenFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length > 1) return vscode.window.showWorkspaceFolderPick();
  if (folders[0] === undefined) tell(vscode.l10n.t('Open a folder first.'));
  return folders[0];
}

function tell(message: string): void {
  void vscode.window.showInformationMessage(`CodeGloss: ${message}`);
}
