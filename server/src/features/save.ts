import { type Connection, type TextEdit as LspEdit, TextDocumentSaveReason } from 'vscode-languageserver';
import { type LateCommentParams, lateCommentMethod } from '../protocol.ts';
import { isCancellation } from '../types/errors.ts';
import type { CommentPort } from './comments.ts';
import type { Configuration } from './configuration.ts';
import type { Documents } from './documents.ts';
import { fillsByItself } from './fill.ts';
import type { Gloss, ParsedDocument } from './gloss.ts';

/** A save is never held longer than this, and only for producers that answer at once. */
const maxHoldMs = 200;

export interface SavePorts {
  readonly documents: Documents;
  readonly configuration: Configuration;
  readonly gloss: Gloss;
  readonly comments: CommentPort;
  readonly producerIsLocal: () => boolean;
  /** Whether the client can insert a comment after the save (our own can). */
  readonly acceptsLate: boolean;
  readonly log: (message: string) => void;
}

/**
 * Module comments on save. What is known goes in with the save; what is not is made afterwards and handed to the client, which inserts it
 * only if nothing has changed meanwhile, else it goes in with the next save. Only manual saves count.
 */
export function registerSave(connection: Connection, ports: SavePorts): void {
  const pending = new Set<string>();
  connection.onWillSaveTextDocumentWaitUntil(async ({ textDocument, reason }): Promise<LspEdit[]> => {
    pending.delete(textDocument.uri);
    if (reason !== TextDocumentSaveReason.Manual) return [];
    const settings = await ports.configuration.get(textDocument.uri);
    const mode = settings.moduleComment.onSave;
    if (mode === 'off') return [];
    const document = ports.documents.peek(textDocument.uri);
    if (document?.syntax === undefined) return [];
    const parsed = { ...document, syntax: document.syntax };
    if (!wantsComment(parsed, mode, ports)) return [];
    await holdForLocal(parsed, ports);
    const state = ports.gloss.state({ document: parsed });
    if (state.freshness === 'fresh' && state.summary !== undefined) {
      const result = ports.comments.module(parsed, state.summary);
      if ('edit' in result) {
        // An editor that is busy drops what comes late; after the save it shows whether the edit is in.
        pending.add(textDocument.uri);
        return [result.edit];
      }
      ports.log(result.reason);
      return [];
    }
    if (fillsByItself(settings, ports.producerIsLocal())) pending.add(textDocument.uri);
    return [];
  });
  ports.documents.onSaved((uri) => {
    if (!pending.delete(uri)) return;
    void generateLate(connection, uri, ports);
  });
  ports.documents.onClosed((uri) => pending.delete(uri));
}

function wantsComment(document: ParsedDocument, mode: 'update' | 'always', { comments }: SavePorts): boolean {
  const state = comments.state(document);
  if (state === 'edited' || state === 'fresh') return false;
  return mode === 'always' || state === 'stale';
}

async function holdForLocal(document: ParsedDocument, ports: SavePorts): Promise<void> {
  if (!ports.producerIsLocal() || ports.gloss.state({ document }).freshness === 'fresh') return;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), maxHoldMs);
  try {
    await ports.gloss.make({ document }, { priority: 'file', signal: controller.signal });
  } catch (error) {
    if (!isCancellation(error)) ports.log((error as Error).message);
  } finally {
    clearTimeout(timer);
  }
}

async function generateLate(connection: Connection, uri: string, ports: SavePorts): Promise<void> {
  const document = await ports.documents.get(uri);
  const { onSave } = (await ports.configuration.get(uri)).moduleComment;
  if (document === undefined || onSave === 'off' || !wantsComment(document, onSave, ports)) return;
  try {
    const summary = await ports.gloss.make({ document }, { priority: 'file', signal: new AbortController().signal });
    const now = ports.documents.peek(uri);
    if (!ports.acceptsLate || now?.syntax === undefined || now.version !== document.version) return;
    const result = ports.comments.module({ ...now, syntax: now.syntax }, summary);
    if ('reason' in result) return ports.log(result.reason);
    const params: LateCommentParams = { uri, version: now.version, edit: result.edit };
    await connection.sendRequest(lateCommentMethod, params);
  } catch (error) {
    if (!isCancellation(error)) ports.log(`${uri}: ${(error as Error).message}`);
  }
}
