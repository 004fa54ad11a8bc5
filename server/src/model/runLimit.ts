import { ModelError } from '../types/errors.ts';
import { noUsage, type Usage } from '../types/summary.ts';
import type { Charge, Reservation } from './budget.ts';

/** Something that a request's worst case is reserved from before it is sent: see `Budget.reserve`. */
export interface SpendLimit {
  reserve(charge: Charge): Reservation | 'wait';
}

/** The money of one run (`--max-cost`). Kept in whole nanodollars. */
export class RunLimit implements SpendLimit {
  readonly #limit: number;
  #held = 0;
  #outstanding = 0;

  /** @param dollars US dollars that the run may cost at most */
  constructor(dollars: number) {
    this.#limit = Math.floor(dollars * 1e9);
  }

  /** US dollars spent or held. */
  get spent(): number {
    return this.#held / 1e9;
  }

  reserve({ worst, metered, model }: Charge): Reservation | 'wait' {
    if (worst === null && metered) throw unknownPrice(model);
    const held = Math.ceil((worst ?? 0) * 1e9);
    if (this.#held + held > this.#limit) {
      if (this.#outstanding > 0) return 'wait';
      throw exhausted(this.#limit / 1e9, this.spent);
    }
    this.#held += held;
    this.#outstanding++;
    return this.#reservation(held);
  }

  #reservation(held: number): Reservation {
    let open = true;
    return {
      settle: (actual: Usage | undefined) => {
        if (!open) return;
        open = false;
        this.#outstanding--;
        if (actual !== undefined) this.#held += Math.ceil((actual.cost ?? 0) * 1e9) - held;
      },
    };
  }
}

/** Two limits at once: what one refuses the other does not keep. */
export function bothLimits(first: SpendLimit, second: SpendLimit): SpendLimit {
  return {
    reserve(charge) {
      const one = first.reserve(charge);
      if (one === 'wait') return 'wait';
      const two = reserveOr(
        () => second.reserve(charge),
        () => one.settle(noUsage),
      );
      if (two === 'wait') {
        one.settle(noUsage);
        return 'wait';
      }
      return {
        settle(actual) {
          one.settle(actual);
          two.settle(actual);
        },
      };
    },
  };
}

function reserveOr<T>(reserve: () => T, undo: () => void): T {
  try {
    return reserve();
  } catch (error) {
    undo();
    throw error;
  }
}

/** Said before a run as well, so that nobody waits for a plan that cannot be kept. */
export function unknownPrice(model: string): ModelError {
  return new ModelError(
    'budget',
    `No price is known for ${model}, so --max-cost could not be kept: name it with --price INPUT/OUTPUT (US dollars per million tokens; in the editor codegloss.prices).`,
  );
}

function exhausted(limit: number, spent: number): ModelError {
  return new ModelError(
    'budget',
    `--max-cost ${limit} does not cover the next request ($${spent.toFixed(4)} spent): run again with more to go on from here.`,
  );
}
