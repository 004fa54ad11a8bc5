import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import type { LateCommentParams, LateCommentResult } from '../../server/src/protocol.ts';
import { applyToVersion } from './textEdits.ts';

/**
 * Module comments that were not ready when the file was saved. The insertion is made, and the file saved once more, only if nothing has
 * changed since a manual save; our own save asks the server for nothing, so that there is no loop.
 */
export class LateComments implements vscode.Disposable {
  /** Why a document was saved last, for open documents only. */
  readonly #reasons = new Map<string, vscode.TextDocumentSaveReason>();
  readonly #ownSaves = new Set<string>();
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor() {
    this.#subscriptions = [
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        this.#reasons.set(document.uri.toString(), reason);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#reasons.delete(uri.toString())),
    ];
  }

  /** Keeps our own save from the server. */
  readonly middleware: Middleware = {
    willSaveWaitUntil: (event, next) =>
      this.#ownSaves.has(event.document.uri.toString()) ? Promise.resolve([]) : next(event),
  };

  /** Answers `codegloss/lateComment`. */
  readonly answer = async ({ uri, version, edit }: LateCommentParams): Promise<LateCommentResult> => {
    const key = vscode.Uri.parse(uri).toString();
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === key);
    const manual = this.#reasons.get(key) === vscode.TextDocumentSaveReason.Manual;
    if (document === undefined || document.isDirty || !manual) return { applied: false };
    if (!(await applyToVersion(document, version, edit))) return { applied: false };
    this.#ownSaves.add(key);
    try {
      await document.save();
    } finally {
      this.#ownSaves.delete(key);
    }
    return { applied: true };
  };

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#reasons.clear();
  }
}
