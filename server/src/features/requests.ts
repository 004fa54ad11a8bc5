import type { Connection, WorkDoneProgressReporter } from 'vscode-languageserver';
import {
  type CommentEditParams,
  type CommentEditResult,
  clearMethod,
  commentEditMethod,
  type DocumentParams,
  type DocumentResult,
  documentMethod,
  type SummarizeParams,
  type SummarizeResult,
  summarizeMethod,
} from '../protocol.ts';
import { isCancellation, ModelError } from '../types/errors.ts';
import type { Attendance } from './attendance.ts';
import { cancellable } from './cancellation.ts';
import { type CommentPort, makeCommentEdit } from './comments.ts';
import type { ContextDocument } from './contextDocument.ts';
import type { Documents } from './documents.ts';
import type { Blocked, Gloss, OnProgress, ParsedDocument, Target } from './gloss.ts';
import { plainLine, untrusted } from './markdown.ts';
import type { SymbolCommentPort } from './summarizerPort.ts';
import { summaryMarkdown } from './summaryMarkdown.ts';

export interface RequestPorts {
  readonly documents: Documents;
  readonly gloss: Gloss;
  readonly comments: CommentPort;
  readonly symbolComments: SymbolCommentPort;
  readonly attendance: Attendance;
  readonly contextDocument: ContextDocument;
  readonly explain: (error: ModelError) => Blocked;
  readonly clear: () => void;
}

/** What our client's commands ask for: see `protocol.ts` for who sends what. */
export function registerRequests(connection: Connection, ports: RequestPorts): void {
  connection.onRequest(summarizeMethod, (params: SummarizeParams, token) =>
    cancellable(token, async (signal): Promise<SummarizeResult> => {
      const document = await ports.documents.get(params.uri);
      if (document === undefined) return { ok: false, message: notOurs };
      const target = targetAt(document, params.line);
      const progress = await connection.window.createWorkDoneProgress();
      return withProgress(progress, describe(target), signal, (both) =>
        ports.attendance.during(() =>
          summarize(ports, target, {
            signal: both,
            refresh: params.refresh ?? false,
            onProgress: (done, total) => {
              if (total > 1) progress.report(Math.round((100 * done) / total), `${done} of ${total}`);
            },
          }),
        ),
      );
    }),
  );
  connection.onRequest(documentMethod, (params: DocumentParams, token) =>
    cancellable(token, async (signal): Promise<DocumentResult> => {
      const document = await ports.documents.get(params.uri);
      if (document === undefined) return { markdown: notOurs };
      const target = targetAt(document, params.line);
      if (params.about === 'context') return { markdown: await ports.contextDocument(target, signal) };
      return { markdown: summaryDocument(ports.gloss, target) };
    }),
  );
  connection.onRequest(commentEditMethod, (params: CommentEditParams, token) =>
    cancellable(token, async (signal): Promise<CommentEditResult> => {
      const document = await ports.documents.get(params.uri);
      if (document === undefined) return { message: notOurs };
      const target = targetAt(document, params.line);
      const progress = await connection.window.createWorkDoneProgress();
      return withProgress(progress, describe(target), signal, (both) =>
        ports.attendance.during(() => commentEdit(ports, document, params.kind, target, both)),
      );
    }),
  );
  connection.onRequest(clearMethod, () => {
    ports.clear();
    ports.gloss.forgetFailures();
    return null;
  });
}

const notOurs =
  'CodeGloss does not read this file: it is not open, or its language is not among those listed in the README.';

/** The innermost symbol at a line worth a summary of its own, else the file. */
export function targetAt(document: ParsedDocument, line: number | undefined): Target {
  const symbol = line === undefined ? undefined : document.syntax.symbolAt(line);
  return symbol === undefined ? { document } : { document, symbol };
}

function describe({ document, symbol }: Target): string {
  const name = symbol === undefined ? document.uri.split('/').at(-1) : document.syntax.outline.symbols[symbol]?.name;
  return plainLine(`Summarizing ${decodeURIComponent(name ?? 'file')}`, 80);
}

/** Cancelling the progress cancels the work: some editors offer no other way. */
async function withProgress<T>(
  progress: WorkDoneProgressReporter & { readonly token: { onCancellationRequested(listener: () => void): unknown } },
  title: string,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  progress.token.onCancellationRequested(() => controller.abort());
  progress.begin(title, undefined, undefined, true);
  try {
    return await run(AbortSignal.any([signal, controller.signal]));
  } finally {
    progress.done();
  }
}

async function summarize(
  ports: RequestPorts,
  target: Target,
  options: { readonly signal: AbortSignal; readonly refresh: boolean; readonly onProgress: OnProgress },
): Promise<SummarizeResult> {
  try {
    const summary = await ports.gloss.make(target, {
      priority: target.symbol === undefined ? 'file' : 'hover',
      ...options,
    });
    return { ok: true, message: plainLine(summary.line) };
  } catch (error) {
    if (options.signal.aborted) throw error;
    return { ok: false, ...reason(ports, error) };
  }
}

async function commentEdit(
  ports: RequestPorts,
  document: ParsedDocument,
  kind: CommentEditParams['kind'],
  target: Target,
  signal: AbortSignal,
): Promise<CommentEditResult> {
  try {
    if (kind === 'symbols') return await symbolEdits(ports, document, signal);
    const result = await makeCommentEdit(ports, { ...target, document, kind, priority: 'hover', signal });
    return 'edit' in result
      ? { edit: result.edit, version: document.version, message: '' }
      : { message: result.reason };
  } catch (error) {
    if (signal.aborted) throw error;
    return reason(ports, error);
  }
}

/** Comments above all symbols that have none. */
async function symbolEdits(
  ports: RequestPorts,
  document: ParsedDocument,
  signal: AbortSignal,
): Promise<CommentEditResult> {
  const { version } = document;
  const edits = await ports.symbolComments.commentSymbols(document, { priority: 'file', signal });
  if (document.version !== version) return { message: 'The file has changed meanwhile: run the command again.' };
  return edits.length === 0
    ? { message: 'Every function and routine here has a comment, or no place for one.' }
    : { edits, version, message: '' };
}

function reason(ports: RequestPorts, error: unknown): Blocked {
  if (isCancellation(error)) return { message: 'Cancelled.' };
  return ModelError.is(error) ? ports.explain(error) : { message: (error as Error).message };
}

/** The summary of a symbol or file as a document, with what is known of its parts. */
function summaryDocument(gloss: Gloss, target: Target): string {
  const { document, symbol } = target;
  const { symbols } = document.syntax.outline;
  const self = symbol === undefined ? undefined : symbols[symbol];
  const title = self === undefined ? decodeURIComponent(document.uri.split('/').at(-1) ?? '') : self.name;
  const parts = [`# ${untrusted(title)}`, body(gloss, target)];
  const children = symbols.flatMap((child, index) => (child.parent === symbol ? [{ child, index }] : []));
  for (const { child, index } of children.slice(0, 500)) {
    const state = gloss.state({ document, symbol: index });
    if (state.summary === undefined) continue;
    parts.push(`## ${untrusted(child.name)}`, body(gloss, { document, symbol: index }));
  }
  return `${parts.join('\n\n')}\n`;
}

function body(gloss: Gloss, target: Target): string {
  const state = gloss.state(target);
  if (state.summary === undefined) {
    return state.blocked === undefined
      ? 'Not summarized yet: run “CodeGloss: Summarize File”.'
      : untrusted(state.blocked.message);
  }
  const text = summaryMarkdown(state.summary, target.document.uri);
  return state.freshness === 'stale' && state.isAnothers !== true
    ? `*Outdated: ${untrusted(state.staleReason ?? 'the code has changed since')}.*\n\n${text}`
    : text;
}
