import * as vscode from 'vscode';
import type { ProviderId } from '../../server/src/types/summary.ts';

/** The settings that say who writes summaries. All have machine scope. */
export interface ModelSettings {
  readonly provider: ProviderId;
  readonly model: string;
  readonly endpoint: string;
  readonly automatic: boolean;
}

export function readModelSettings(): ModelSettings {
  const section = vscode.workspace.getConfiguration('codegloss');
  return {
    provider: section.get<ProviderId>('provider', 'embedded'),
    model: section.get('model', ''),
    endpoint: section.get('endpoint', ''),
    automatic: section.get('automatic', false),
  };
}

/** US dollars a day; null for no limit. */
export function readDailyBudget(): number | null {
  return vscode.workspace.getConfiguration('codegloss').get<number | null>('budget.daily', 1);
}

/** Writes the user's own settings, never a workspace's. What is not named stays as it is. */
export async function writeModelSettings(change: Partial<ModelSettings>): Promise<void> {
  const section = vscode.workspace.getConfiguration('codegloss');
  for (const [name, value] of Object.entries(change)) {
    if (section.get(name) !== value) await section.update(name, value, vscode.ConfigurationTarget.Global);
  }
}

/** Local producers send nothing anywhere; a loopback endpoint does not leave the machine either. */
export function isLocal({ provider, endpoint }: Pick<ModelSettings, 'provider' | 'endpoint'>): boolean {
  if (provider === 'outline' || provider === 'embedded') return true;
  // The server takes an empty address for Ollama's on this machine.
  return provider !== 'editor' && (isLoopback(endpoint) || (provider === 'openai' && endpoint.trim() === ''));
}

function isLoopback(endpoint: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { hostname } = new URL(endpoint);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Where the source of a summary goes, for sentences. */
export function destination({ provider, endpoint }: Pick<ModelSettings, 'provider' | 'endpoint'>): string {
  if (endpoint !== '' && provider !== 'editor') return endpoint;
  switch (provider) {
    case 'anthropic':
      return vscode.l10n.t("Anthropic's API");
    case 'editor':
      return vscode.l10n.t("the editor's language model provider");
    case 'openai':
    case 'embedded':
    case 'outline':
      return vscode.l10n.t('this machine');
  }
}
