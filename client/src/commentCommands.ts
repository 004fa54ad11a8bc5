import * as vscode from 'vscode';
import { type CommentEditParams, type CommentEditResult, commentEditMethod } from '../../server/src/protocol.ts';
import type { Session } from './session.ts';
import { offerMending } from './summaryCommands.ts';
import { applyToVersion } from './textEdits.ts';

/** Asks the server for a checked comment edit of the active file and makes it, if the file is still the one that the server saw. */
export async function insertComment(session: Session, kind: CommentEditParams['kind']): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    void vscode.window.showInformationMessage(`CodeGloss: ${vscode.l10n.t('Open a file first.')}`);
    return;
  }
  const { document, selection } = editor;
  const params: CommentEditParams = {
    uri: document.uri.toString(),
    kind,
    ...(kind === 'doc' ? { line: selection.active.line } : {}),
  };
  const { edit, edits, version, message, command } = await session.request<CommentEditResult>(
    commentEditMethod,
    params,
  );
  const wanted = edits ?? (edit === undefined ? [] : [edit]);
  if (wanted.length === 0) {
    void offerMending(message, command);
    return;
  }
  if (!(await applyToVersion(document, version, ...wanted))) {
    void vscode.window.showWarningMessage(
      `CodeGloss: ${vscode.l10n.t('The file has changed meanwhile, so nothing was written. Run the command again.')}`,
    );
  }
}
