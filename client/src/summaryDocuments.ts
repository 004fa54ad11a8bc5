import * as vscode from 'vscode';
import { type DocumentParams, type DocumentResult, documentMethod } from '../../server/src/protocol.ts';
import type { Session } from './session.ts';

const scheme = 'codegloss';

/** Summaries as read-only documents: everything that a hover says, for keyboards, screen readers and searching. */
export class SummaryDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #session: Session;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registration: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor(session: Session) {
    this.#session = session;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const params = JSON.parse(uri.query) as DocumentParams;
    const { markdown } = await this.#session.query<DocumentResult>(documentMethod, params, token);
    return markdown;
  }

  /** Shows what is known of a place, or what a model is told beside it, rendered where the editor can. */
  async show(
    source: vscode.Uri,
    line: number | undefined,
    about: NonNullable<DocumentParams['about']> = 'summary',
  ): Promise<void> {
    const params: DocumentParams = { uri: source.toString(), about, ...(line === undefined ? {} : { line }) };
    const name = source.path.split('/').at(-1) ?? about;
    const uri = vscode.Uri.from({ scheme, path: `/${name}.${about}.md`, query: JSON.stringify(params) });
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    try {
      await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
    } catch {
      // The editor's Markdown support may be turned off; the text itself is there in any case.
      await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
    }
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
