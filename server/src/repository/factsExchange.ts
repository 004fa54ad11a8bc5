import type { Sharing } from './indexTasks.ts';
import { mostFacts, type SealedFacts, type SharedFacts } from './sharedFacts.ts';

export interface ExchangeCounts {
  /** Files whose facts somebody else had made. */
  readonly fetched: number;
  /** Files whose facts were made here and handed over. */
  readonly given: number;
  /** Made here, and not handed over because the server was away. */
  readonly kept: number;
}

/** Rows of one statement end at so many bytes, too. */
const statementBytes = 4 << 20;
/** So much may wait to be handed over; who makes more waits. */
const backlogBytes = 16 << 20;
/** After a failure the server is left alone for so long, in milliseconds: parsing goes on as if there were none. */
const awayMs = 10_000;

/** One index run's dealings with the team's facts. A server that is away costs the run nothing but the parsing. */
export class FactsExchange {
  readonly #remote: SharedFacts;
  readonly #sharing: Sharing;
  readonly #onProblem: (message: string) => void;
  readonly #clock: () => number;
  readonly #waiting: SealedFacts[] = [];
  #waitingBytes = 0;
  #sending: Promise<void> | undefined;
  #awayUntil = 0;
  #told = false;
  #fetched = 0;
  #given = 0;
  #kept = 0;

  constructor(
    remote: SharedFacts,
    options: {
      readonly sharing: Exclude<Sharing, 'none'>;
      /** Milliseconds since some fixed moment. */
      readonly clock: () => number;
      /** Told once, in a sentence. */
      readonly onProblem: (message: string) => void;
    },
  ) {
    this.#remote = remote;
    this.#sharing = options.sharing;
    this.#clock = options.clock;
    this.#onProblem = options.onProblem;
  }

  get sharing(): Sharing {
    return this.#sharing;
  }

  get counts(): ExchangeCounts {
    return { fetched: this.#fetched, given: this.#given, kept: this.#kept };
  }

  /** Bodies in the order of the names, undefined where the team has none or cannot be asked; where facts are only made for others, empty bodies. */
  async ask(ids: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    const bodies: (Uint8Array | undefined)[] = [];
    for (let from = 0; from < ids.length; from += mostFacts)
      bodies.push(...(await this.#askSome(ids.slice(from, from + mostFacts))));
    this.#fetched += bodies.filter((body) => body !== undefined).length;
    return bodies;
  }

  /** Resolves when little enough waits for more to be made. */
  async give(rows: readonly SealedFacts[]): Promise<void> {
    for (const row of rows) {
      this.#waiting.push(row);
      this.#waitingBytes += row.body.length;
    }
    const sent = this.#send();
    if (this.#waitingBytes > backlogBytes) await sent;
  }

  /** Resolves when everything is handed over, or given up. */
  async settle(): Promise<void> {
    while (this.#waiting.length > 0 || this.#sending !== undefined) await this.#send();
  }

  async #askSome(ids: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    if (this.#isAway()) return ids.map(() => undefined);
    try {
      if (this.#sharing === 'fill') {
        const there = await this.#remote.there(ids);
        return ids.map((id) => (there.has(hex(id)) ? new Uint8Array() : undefined));
      }
      const found = await this.#remote.get(ids);
      return ids.map((id) => found.get(hex(id)));
    } catch (error) {
      this.#goAway(error);
      return ids.map(() => undefined);
    }
  }

  #send(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const rows = this.#next();
      if (this.#isAway()) {
        this.#kept += rows.length;
        continue;
      }
      try {
        await this.#remote.put(rows);
        this.#given += rows.length;
      } catch (error) {
        this.#kept += rows.length;
        this.#goAway(error);
      }
    }
  }

  #next(): readonly SealedFacts[] {
    const rows: SealedFacts[] = [];
    for (let bytes = 0; rows.length < mostFacts && bytes < statementBytes; ) {
      const row = this.#waiting.shift();
      if (row === undefined) break;
      rows.push(row);
      bytes += row.body.length;
      this.#waitingBytes -= row.body.length;
    }
    return rows;
  }

  #isAway(): boolean {
    return this.#awayUntil > this.#clock();
  }

  #goAway(error: unknown): void {
    this.#awayUntil = this.#clock() + awayMs;
    if (this.#told) return;
    this.#told = true;
    const reason = (error as Error).message || String(error);
    this.#onProblem(`The shared index cannot be asked (${reason}): files are parsed on this machine until it can.`);
  }
}

function hex(id: Uint8Array): string {
  return Buffer.from(id).toString('hex');
}
