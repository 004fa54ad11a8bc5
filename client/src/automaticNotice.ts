import * as vscode from 'vscode';
import {
  destination,
  isLocal,
  type ModelSettings,
  readDailyBudget,
  readModelSettings,
  writeModelSettings,
} from './modelSettings.ts';

/** What turning `codegloss.automatic` on means, in two sentences. */
export function automaticMeaning(settings: Pick<ModelSettings, 'provider' | 'endpoint'>): string {
  const budget = readDailyBudget();
  const cost =
    budget === null
      ? vscode.l10n.t('No daily budget limits what this may cost (codegloss.budget.daily).')
      : vscode.l10n.t('It may cost up to {0} a day (codegloss.budget.daily).', `$${budget.toFixed(2)}`);
  const what = vscode.l10n.t(
    'CodeGloss will send the source of functions that you see, with related pieces of the repository, to {0} without asking each time.',
    destination(settings),
  );
  return `${what} ${cost}`;
}

/** Says it also to those who turn the setting on by hand. */
export function announceAutomatic(): vscode.Disposable {
  let was = readModelSettings().automatic;
  return vscode.workspace.onDidChangeConfiguration(async (event) => {
    if (!event.affectsConfiguration('codegloss.automatic')) return;
    const settings = readModelSettings();
    const turnedOn = settings.automatic && !was;
    was = settings.automatic;
    if (!turnedOn || isLocal(settings)) return;
    const turnOff = vscode.l10n.t('Turn Off');
    const answer = await vscode.window.showInformationMessage(
      automaticMeaning(settings),
      vscode.l10n.t('Keep On'),
      turnOff,
    );
    if (answer === turnOff) await writeModelSettings({ automatic: false });
  });
}
