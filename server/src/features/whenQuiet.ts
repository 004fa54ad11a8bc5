/** Runs what was asked for last under a name, once nothing more was asked for under it for a while. */
export class WhenQuiet {
  readonly #quietMs: number;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** @param quietMs milliseconds */
  constructor(quietMs: number) {
    this.#quietMs = quietMs;
  }

  run(name: string, action: () => void): void {
    clearTimeout(this.#timers.get(name));
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      action();
    }, this.#quietMs);
    timer.unref();
    this.#timers.set(name, timer);
  }
}
