import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';

type Pull = NonNullable<NonNullable<Middleware['workspace']>['configuration']>;

/**
 * Answers the server's pull of our settings for a document with what holds for its language: the library asks by URI alone, and then
 * `"[python]": { "codegloss.codeLens.enabled": false }` would be lost.
 */
export const pullByLanguage: Pull = async (params, token, next) => {
  const answers = await next(params, token);
  if (!Array.isArray(answers)) return answers;
  return params.items.map(({ scopeUri, section }, index) => {
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === normal(scopeUri));
    if (section !== 'codegloss' || document === undefined) return answers[index];
    return plain(vscode.workspace.getConfiguration(undefined, document).get(section));
  });
};

function normal(uri: string | undefined): string | undefined {
  return uri === undefined ? undefined : vscode.Uri.parse(uri).toString();
}

/** The editor hands out proxies; messages need plain values. */
function plain(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
