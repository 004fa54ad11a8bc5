import * as vscode from 'vscode';
import type { TextEdit } from '../../server/src/types/text.ts';

/**
 * Puts the server's edits into a document if that still has the version which they were computed for.
 * @returns false when the document has changed or the editor refused.
 */
export async function applyToVersion(
  document: vscode.TextDocument,
  version: number | undefined,
  ...edits: readonly TextEdit[]
): Promise<boolean> {
  if (document.isClosed || document.version !== version) return false;
  const edit = new vscode.WorkspaceEdit();
  for (const { range, newText } of edits) {
    edit.replace(
      document.uri,
      new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character),
      newText,
    );
  }
  return vscode.workspace.applyEdit(edit);
}
