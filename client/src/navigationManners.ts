import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';

/** How long another extension may take before we speak, in milliseconds. */
const patienceMs = 1_500;

/** Questions that we ask the others at the moment: their answers must not hold ours, or each would wait for the other. */
const asking = new Set<string>();

/**
 * Definition, references and call hierarchy of legacy code only where nobody else gives them, whoever that may be: the editor shows the answers
 * of all. The others are asked through the editor's own command, which comes back to us too; then we say nothing.
 */
export const giveWay: Middleware = {
  provideDefinition: (document, position, token, next) =>
    ifSilent('vscode.executeDefinitionProvider', document, position, () => next(document, position, token)),
  provideReferences: (document, position, options, token, next) =>
    ifSilent('vscode.executeReferenceProvider', document, position, () => next(document, position, options, token)),
  prepareCallHierarchy: (document, position, token, next) =>
    ifSilent('vscode.prepareCallHierarchy', document, position, () => next(document, position, token)),
};

async function ifSilent<Answer>(
  command: string,
  document: vscode.TextDocument,
  position: vscode.Position,
  own: () => Answer | PromiseLike<Answer>,
): Promise<Answer | null> {
  const question = `${command} ${document.uri.toString()} ${position.line} ${position.character}`;
  if (asking.has(question)) return null;
  asking.add(question);
  const answered = await othersAnswer(command, document, position).finally(() => asking.delete(question));
  return answered ? null : own();
}

async function othersAnswer(
  command: string,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  // Another's failure is no answer.
  const answers = vscode.commands.executeCommand<readonly unknown[] | undefined>(command, document.uri, position).then(
    (found) => found,
    () => undefined,
  );
  try {
    return ((await Promise.race([answers, late])) ?? []).length > 0;
  } finally {
    clearTimeout(timer);
  }
}
