import type { Connection } from 'vscode-languageserver';
import { type StatusParams, statusMethod } from '../protocol.ts';

const quietMs = 100;

/** Tells the client the server's state when it changed, at most ten times a second, the last one always. */
export class Status {
  readonly #connection: Connection;
  readonly #read: () => StatusParams;
  #timer: NodeJS.Timeout | undefined;
  #last = '';

  constructor(connection: Connection, read: () => StatusParams) {
    this.#connection = connection;
    this.#read = read;
  }

  touch(): void {
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
