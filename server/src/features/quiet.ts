/** Whether the user has let go of the keyboard: nothing was noted for a while. */
export class Quiet {
  readonly #quietMs: number;
  readonly #now: () => number;
  #last: number;

  /** @param quietMs milliseconds without anything noted */
  constructor(quietMs: number, now: () => number) {
    this.#quietMs = quietMs;
    this.#now = now;
    this.#last = now();
  }

  /** Something happened that a person did or waits for. */
  note(): void {
    this.#last = this.#now();
  }

  get isQuiet(): boolean {
    return this.#now() - this.#last >= this.#quietMs;
  }
}
