import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import {
  commands,
  type DocumentParams,
  type PartitionsParams,
  type PartitionsResult,
  partitionsMethod,
} from '../../../server/src/protocol.ts';
import { type ReportResult, reportMethod } from '../../../server/src/protocolViews.ts';
import type { Session } from '../session.ts';
import { summarize } from '../summaryCommands.ts';
import { type ReportData, reportBody, reportPage } from './reportHtml.ts';

/** One panel with the report of a file; showing another file's report fills the same panel. */
export class ReportPanel implements vscode.Disposable {
  readonly #session: Session;
  readonly #media: vscode.Uri;
  #panel: vscode.WebviewPanel | undefined;
  #source: vscode.Uri | undefined;
  #shown = '';
  /** The report that a page should show which is loaded anew. */
  #data: ReportData | undefined;
  readonly #subscriptions: vscode.Disposable[];

  /** @param media folder of the page's style and script */
  constructor(session: Session, media: vscode.Uri) {
    this.#session = session;
    this.#media = media;
    this.#subscriptions = [
      session.onStatus(({ state }) => void (state !== 'working' && this.#refresh())),
      vscode.workspace.onDidSaveTextDocument(
        ({ uri }) => void (uri.toString() === this.#source?.toString() && this.#refresh()),
      ),
    ];
  }

  async show(source: vscode.Uri): Promise<void> {
    this.#source = source;
    this.#panel ??= this.#open();
    this.#panel.title = vscode.l10n.t('Report: {0}', source.path.split('/').at(-1) ?? '');
    this.#panel.reveal(undefined, true);
    await this.#fill();
  }

  dispose(): void {
    this.#panel?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #open(): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel(
      'codegloss.report',
      vscode.l10n.t('Report'),
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, enableForms: false, enableCommandUris: false, localResourceRoots: [this.#media] },
    );
    panel.webview.onDidReceiveMessage((message: unknown) => void this.#answer(message));
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#data = undefined;
      this.#shown = '';
    });
    return panel;
  }

  async #refresh(): Promise<void> {
    if (this.#panel?.visible === true) await this.#fill().catch(() => undefined);
  }

  async #fill(): Promise<void> {
    const source = this.#source;
    const panel = this.#panel;
    if (source === undefined || panel === undefined) return;
    await vscode.workspace.openTextDocument(source);
    const asked: DocumentParams & PartitionsParams = { uri: source.toString() };
    const report = await this.#session.query<ReportResult | null>(reportMethod, asked);
    if (report === null) throw new Error(vscode.l10n.t('CodeGloss does not read this file.'));
    const divided = await this.#session.query<PartitionsResult | null>(partitionsMethod, asked);
    const data = { report, partitions: divided?.partitions ?? [] };
    // A page that says the same again would lose the reader's place.
    const shown = JSON.stringify(data);
    if (shown === this.#shown || panel !== this.#panel) return;
    const isFirst = this.#data === undefined;
    this.#shown = shown;
    this.#data = data;
    if (isFirst) panel.webview.html = this.#page(panel.webview, data);
    else await this.#send(vscode.l10n.t('The report is renewed.'));
  }

  #page(webview: vscode.Webview, data: ReportData): string {
    const link = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.#media, name)).toString();
    const assets = {
      cspSource: webview.cspSource,
      style: link('panel.css'),
      script: link('panel.js'),
      nonce: randomBytes(16).toString('hex'),
    };
    return reportPage(data, assets, vscode.l10n, vscode.env.language);
  }

  /** Has the page that is loaded show the report as it is now. @param said for those who hear the page */
  async #send(said: string): Promise<void> {
    if (this.#data !== undefined)
      await this.#panel?.webview.postMessage({ body: reportBody(this.#data, vscode.l10n), said });
  }

  /** Messages of the page: that it is loaded, a line to jump to, or one of two actions. Anything else is ignored. */
  async #answer(message: unknown): Promise<void> {
    const source = this.#source;
    if (source === undefined || typeof message !== 'object' || message === null) return;
    const { line, action } = message as { readonly line?: unknown; readonly action?: unknown };
    if (typeof line === 'number' && Number.isInteger(line) && line >= 0) return jump(source, line);
    if (action === 'loaded') {
      // The editor drops a page that is hidden, and later loads the one that it was given first.
      await this.#send('');
    } else if (action === 'summarize') {
      await this.#panel?.webview.postMessage({ said: vscode.l10n.t('Summarizing …') });
      await summarize(this.#session, { uri: source });
      await this.#fill();
    } else if (action === 'correct') {
      await vscode.commands.executeCommand(commands.correctSummary, source.toString());
      await this.#fill();
    }
  }
}

async function jump(source: vscode.Uri, line: number): Promise<void> {
  const at = new vscode.Position(line, 0);
  const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === source.toString());
  await vscode.window.showTextDocument(source, {
    viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
    selection: new vscode.Range(at, at),
  });
}
