import type { Connection } from 'vscode-languageserver';
import type { ManagedProducer } from '../model/producers.ts';
import { type StatusParams, statusMethod } from '../protocol.ts';
import { ModelError } from '../types/errors.ts';
import type { Blocked } from './gloss.ts';
import { nameOf } from './summaryMarkdown.ts';

const quietMs = 100;

/** Tells the client the server's state when it changed, at most ten times a second, the last one always. */
export class Status {
  readonly #connection: Connection;
  readonly #read: () => StatusParams;
  #timer: NodeJS.Timeout | undefined;
  #last = '';
  readonly #wanted: boolean;

  /** @param wanted whether the client shows it: other editors do not know the message */
  constructor(connection: Connection, read: () => StatusParams, wanted: boolean) {
    this.#connection = connection;
    this.#read = read;
    this.#wanted = wanted;
  }

  touch(): void {
    if (!this.#wanted) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const params = this.#read();
      const text = JSON.stringify(params);
      if (text === this.#last) return;
      this.#last = text;
      void this.#connection.sendNotification(statusMethod, params);
    }, quietMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}

/** The state in one line: blocked and why, working, or idle with who would answer. */
export function statusOf(
  producer: ManagedProducer,
  busy: number,
  explain: (error: ModelError) => Blocked,
): StatusParams {
  const { provider, model } = producer.identity;
  const base = { provider, model, today: producer.today() };
  const refused = producer.admission('hover');
  const error =
    producer.blockedBy ?? (refused && new ModelError('blocked', refused.message, { reason: refused.reason }));
  if (error !== undefined) {
    const offline = error.kind === 'network' || error.kind === 'unavailable';
    const { message, command } = explain(error);
    return {
      ...base,
      state: offline ? 'offline' : 'blocked',
      text: message,
      ...(command === undefined ? {} : { command }),
    };
  }
  if (busy > 0) return { ...base, state: 'working', text: `Summarizing ${busy}` };
  return { ...base, state: 'idle', text: `${nameOf(producer.identity)} answers` };
}

/** Says that the index is at work where there is nothing weightier to say. @param files looked at so far; undefined when it is not */
export function withIndexing(status: StatusParams, files: number | undefined): StatusParams {
  if (files === undefined || status.state !== 'idle') return status;
  return { ...status, state: 'working', text: files === 0 ? 'Indexing' : `Indexing, ${files} files so far` };
}
