import * as vscode from 'vscode';
import { commands, type StatusParams } from '../../server/src/protocol.ts';
import { documentSelector } from './languages.ts';
import { type Session, State } from './session.ts';

/** How the server is, in the editor's own place for language features: idle, working, offline, or blocked with what mends it. */
export class StatusItem implements vscode.Disposable {
  readonly #item: vscode.LanguageStatusItem;
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(session: Session) {
    this.#item = vscode.languages.createLanguageStatusItem('codegloss.status', documentSelector);
    this.#item.name = 'CodeGloss';
    this.#show({ text: `CodeGloss: ${vscode.l10n.t('not started')}`, severity: 'Information', busy: false });
    this.#subscriptions = [
      session.onStatus((status) => this.#show(viewOf(status))),
      session.onState((state) => {
        if (state === State.Starting)
          this.#show({ text: `CodeGloss: ${vscode.l10n.t('starting')}`, severity: 'Information', busy: true });
        if (state === State.Stopped || state === State.StartFailed) this.#show(stopped());
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#item.dispose();
  }

  #show({ text, detail, severity, busy, command }: View): void {
    this.#item.text = text;
    this.#item.detail = detail ?? '';
    this.#item.severity = vscode.LanguageStatusSeverity[severity];
    this.#item.busy = busy;
    this.#item.command = command;
  }
}

interface View {
  readonly text: string;
  readonly detail?: string;
  readonly severity: keyof typeof vscode.LanguageStatusSeverity;
  readonly busy: boolean;
  readonly command?: vscode.Command;
}

const stopped = (): View => ({
  text: `CodeGloss: ${vscode.l10n.t('the server is not running')}`,
  severity: 'Error',
  busy: false,
  command: { title: vscode.l10n.t('Restart'), command: commands.restartServer },
});

function viewOf(status: StatusParams): View {
  return {
    text: `CodeGloss: ${status.text}`,
    detail: [...remoteProvider(status), ...spentToday(status)].join(' · '),
    severity: status.state === 'blocked' ? 'Warning' : 'Information',
    busy: status.state === 'working',
    command: status.command ?? { title: vscode.l10n.t('Select Model'), command: commands.selectModel },
  };
}

/** Where the answers come from, where that is not said by the text: models of our own need no address. */
function remoteProvider({ provider, state }: StatusParams): string[] {
  return provider === 'embedded' || provider === 'outline' || state === 'blocked' ? [] : [provider];
}

function spentToday({ today }: StatusParams): string[] {
  const tokens = today.input + today.output;
  if (tokens === 0) return [];
  const spent = vscode.l10n.t('{0} tokens today', tokens.toLocaleString());
  return [today.cost === null ? spent : `${spent}, $${today.cost.toFixed(2)}`];
}
