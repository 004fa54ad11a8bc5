import { type Connection, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { isCancellation, ModelError } from '../types/errors.ts';
import type { Attendance } from './attendance.ts';
import { signalOf } from './cancellation.ts';
import { type CommentPort, makeCommentEdit } from './comments.ts';
import type { Documents } from './documents.ts';
import type { Blocked, Gloss } from './gloss.ts';
import { plainLine } from './markdown.ts';
import { targetAt } from './requests.ts';

/**
 * Commands that the server runs itself, for editors without our client: lenses and code actions of Neovim, Emacs and others call them with
 * `[uri, line]` (line 0-based, left out for the whole file). Our own client registers its own commands and never sees these.
 */
export const serverCommands = {
  summarize: 'codegloss.server.summarize',
  insertModuleComment: 'codegloss.server.insertModuleComment',
  removeModuleComment: 'codegloss.server.removeModuleComment',
  insertDocComment: 'codegloss.server.insertDocComment',
} as const;

export interface CommandPorts {
  readonly documents: Documents;
  readonly gloss: Gloss;
  readonly comments: CommentPort;
  readonly attendance: Attendance;
  readonly explain: (error: ModelError) => Blocked;
}

export function registerCommands(connection: Connection, ports: CommandPorts): void {
  connection.onExecuteCommand(async ({ command, arguments: args = [] }, token) => {
    const [uri, line] = args as readonly unknown[];
    if (typeof uri !== 'string' || (line !== undefined && line !== null && typeof line !== 'number')) {
      return new ResponseError<void>(LSPErrorCodes.RequestFailed, `${command} wants [uri, line].`);
    }
    const request = { command, uri, line: typeof line === 'number' ? line : undefined };
    const signal = signalOf(token);
    const message = await ports.attendance.during(() => run(connection, ports, request, signal));
    if (signal.aborted) return new ResponseError<void>(LSPErrorCodes.RequestCancelled, 'cancelled');
    if (message !== '') connection.window.showInformationMessage(`CodeGloss: ${message}`);
    return null;
  });
}

async function run(
  connection: Connection,
  ports: CommandPorts,
  request: { readonly command: string; readonly uri: string; readonly line: number | undefined },
  signal: AbortSignal,
): Promise<string> {
  const document = await ports.documents.get(request.uri);
  if (document === undefined) return 'this file is not open, or its language is not among those listed in the README.';
  const target = targetAt(document, request.line);
  try {
    switch (request.command) {
      case serverCommands.summarize:
        return plainLine((await ports.gloss.make(target, { priority: 'hover', signal })).line);
      case serverCommands.insertModuleComment:
        return await apply(
          connection,
          document,
          await makeCommentEdit(ports, { document, kind: 'module', priority: 'hover', signal }),
        );
      case serverCommands.removeModuleComment:
        return await apply(
          connection,
          document,
          await makeCommentEdit(ports, { document, kind: 'removeModule', priority: 'hover', signal }),
        );
      case serverCommands.insertDocComment:
        return await apply(
          connection,
          document,
          await makeCommentEdit(ports, { ...target, kind: 'doc', priority: 'hover', signal }),
        );
      default:
        return `there is no command ${request.command}.`;
    }
  } catch (error) {
    if (isCancellation(error)) return '';
    return ModelError.is(error) ? ports.explain(error).message : (error as Error).message;
  }
}

async function apply(
  connection: Connection,
  document: { readonly uri: string; readonly version: number },
  result: Awaited<ReturnType<typeof makeCommentEdit>>,
): Promise<string> {
  if ('reason' in result) return result.reason;
  const { applied } = await connection.workspace.applyEdit({
    documentChanges: [{ textDocument: { uri: document.uri, version: document.version }, edits: [result.edit] }],
  });
  return applied ? '' : 'the editor did not take the edit, because the text has changed: run the command again.';
}
