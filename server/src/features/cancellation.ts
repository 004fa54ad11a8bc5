import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { isCancellation } from '../types/errors.ts';

/** An `AbortSignal` that follows an LSP cancellation token. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

/** Runs a request handler; what a cancelled one throws becomes LSP's RequestCancelled, which editors do not show. */
export async function cancellable<T>(
  token: CancellationToken,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T | ResponseError<void>> {
  const signal = signalOf(token);
  try {
    return await run(signal);
  } catch (error) {
    if (signal.aborted || isCancellation(error))
      return new ResponseError<void>(LSPErrorCodes.RequestCancelled, 'cancelled');
    throw error;
  }
}
