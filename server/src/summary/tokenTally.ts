/** What one summary cost in tokens, or what it did not cost because it was there. */
export interface TokenEvent {
  readonly path: string;
  readonly symbol?: string;
  /** Input tokens of the request, those from the provider's cache included. */
  readonly sent: number;
  /** Of these, what the provider read from its prompt cache. */
  readonly cached: number;
  /** Input tokens that a kept summary had cost when it was made. */
  readonly saved: number;
}

/** Tokens of a session or a run. */
export class TokenTally {
  #sent = 0;
  #cached = 0;
  #saved = 0;

  add({ sent, cached, saved }: TokenEvent): void {
    this.#sent += sent;
    this.#cached += cached;
    this.#saved += saved;
  }

  /** One line for a log; undefined while nothing was sent or saved (local producers count no tokens). */
  line(): string | undefined {
    if (this.#sent + this.#saved === 0) return undefined;
    return `${this.#sent} tokens sent, ${this.#cached} of them from the provider's cache; ${this.#saved} saved by summaries that were kept`;
  }
}
