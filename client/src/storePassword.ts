import * as vscode from 'vscode';
import type { StorePasswordResult } from '../../server/src/protocol.ts';

const secretName = 'codegloss.storePassword';

/** The password of the shared store: in the editor's secret storage only, never in a setting. */
export class StorePassword {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** Answers `codegloss/storePassword`. */
  readonly answer = async (): Promise<StorePasswordResult> => ({
    password: (await this.#secrets.get(secretName)) ?? null,
  });

  /** Asks for a password and keeps it; an empty one clears it. @returns whether anything changed */
  async ask(): Promise<boolean> {
    const password = await vscode.window.showInputBox({
      title: vscode.l10n.t('Password of the shared store'),
      prompt: vscode.l10n.t(
        "It is kept in the editor's secret storage. Leave it empty to forget the one that is kept.",
      ),
      password: true,
      ignoreFocusOut: true,
    });
    if (password === undefined) return false;
    if (password === '') await this.#secrets.delete(secretName);
    else await this.#secrets.store(secretName, password);
    return true;
  }
}
