/**
 * Whether a command of the user's is at work: its answer says what went wrong, with the button that mends it, so that nobody else needs to say
 * it as well.
 */
export class Attendance {
  #commands = 0;

  get isAttended(): boolean {
    return this.#commands > 0;
  }

  async during<T>(command: () => Promise<T>): Promise<T> {
    this.#commands += 1;
    try {
      return await command();
    } finally {
      this.#commands -= 1;
    }
  }
}
