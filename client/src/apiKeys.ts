import * as vscode from 'vscode';
import type { ApiKeyParams, ApiKeyResult } from '../../server/src/protocol.ts';
import type { ProviderId } from '../../server/src/types/summary.ts';

/** Providers that want a key, by the name people know them by. */
export const keyedProviders = { anthropic: 'Anthropic', openai: 'OpenAI-compatible server' } as const;
export type KeyedProvider = keyof typeof keyedProviders;

export function isKeyed(provider: ProviderId): provider is KeyedProvider {
  return provider in keyedProviders;
}

const secretName = (provider: KeyedProvider): string => `codegloss.apiKey.${provider}`;

/** Keys live in the editor's secret storage only: no setting, no environment variable, no log. */
export class ApiKeys implements vscode.Disposable {
  readonly #secrets: vscode.SecretStorage;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  readonly onChanged = this.#changed.event;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
    // Fires for other windows too.
    this.#subscription = secrets.onDidChange(({ key }) => {
      if (key.startsWith('codegloss.apiKey.')) this.#changed.fire();
    });
  }

  /** Answers `codegloss/apiKey`. */
  readonly answer = async ({ provider }: ApiKeyParams): Promise<ApiKeyResult> => ({
    key: isKeyed(provider) ? ((await this.#secrets.get(secretName(provider))) ?? null) : null,
  });

  async has(provider: KeyedProvider): Promise<boolean> {
    return (await this.#secrets.get(secretName(provider))) !== undefined;
  }

  /** Asks for a key and keeps it. No check of its length or form: local servers take any. @returns whether one was given. */
  async ask(provider: KeyedProvider): Promise<boolean> {
    const key = await vscode.window.showInputBox({
      title: vscode.l10n.t('API key for {0}', keyedProviders[provider]),
      prompt: vscode.l10n.t("It is kept in the editor's secret storage and sent nowhere but to this provider."),
      password: true,
      ignoreFocusOut: true,
    });
    const trimmed = key?.trim();
    if (!trimmed) return false;
    await this.#secrets.store(secretName(provider), trimmed);
    return true;
  }

  async clear(provider: KeyedProvider): Promise<void> {
    await this.#secrets.delete(secretName(provider));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
