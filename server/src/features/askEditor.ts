import { CancellationTokenSource, type Connection } from 'vscode-languageserver';
import { type EditorModelResult, editorModelMethod } from '../protocol.ts';

/** Asks the editor's own model through the client; an abort cancels the request there. */
export async function askEditor(
  connection: Connection,
  question: unknown,
  signal: AbortSignal,
): Promise<EditorModelResult> {
  signal.throwIfAborted();
  const source = new CancellationTokenSource();
  const cancel = () => source.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await connection.sendRequest<EditorModelResult>(editorModelMethod, question, source.token);
  } finally {
    signal.removeEventListener('abort', cancel);
    source.dispose();
  }
}
