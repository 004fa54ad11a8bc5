import { ModelError } from '../types/errors.ts';
import type { Usage } from '../types/summary.ts';
import type { Clock } from './clock.ts';

/** What a day has cost. Money in whole nanodollars (1e-9 US dollars): sums of fractions would drift. */
export interface DaySpend {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly nanodollars: number;
}

/**
 * Where the day's spending is kept, so that it outlives the process. `add` must be atomic across processes (in SQLite one
 * `INSERT … ON CONFLICT DO UPDATE … RETURNING`): two windows share one budget through it.
 */
export interface SpendLedger {
  /** Adds (negative numbers take back) and returns the day's new sums. `day` is `YYYY-MM-DD` in UTC. */
  add(day: string, amount: DaySpend): DaySpend;
  read(day: string): DaySpend;
}

/** A share of the day's budget that is held while a request runs. */
export interface Reservation {
  /** Replaces the reserved worst case by what was really spent; undefined keeps the worst case. Only the first call counts. */
  settle(actual: Usage | undefined): void;
}

/** What a request asks of the budget. */
export interface Charge {
  /** Worst case in US dollars; null where no price is known. */
  readonly worst: number | null;
  /**
   * Whether somebody bills the user by token. Not so for a server on this machine and for the editor's own models (a subscription): these
   * pass without a price. A metered model without a price is refused under a daily limit, because the limit could not be kept.
   */
  readonly metered: boolean;
  readonly model: string;
}

export const noSpend: DaySpend = { input: 0, cached: 0, output: 0, nanodollars: 0 };

/** A ledger that forgets with the process: for one run of the command line, and for tests. */
export function memoryLedger(): SpendLedger {
  let kept: { readonly day: string; readonly spend: DaySpend } | undefined;
  const read = (day: string): DaySpend => (kept?.day === day ? kept.spend : noSpend);
  return {
    read,
    add: (day, amount) => {
      const spend = sum(read(day), amount);
      if (kept === undefined || day >= kept.day) kept = { day, spend };
      return spend;
    },
  };
}

/** The daily budget: reserves the worst case before a request and settles it after. */
export class Budget {
  readonly #ledger: SpendLedger;
  readonly #clock: Clock;
  #limit: number | null;
  #outstanding = 0;

  /** @param limit US dollars a day, null for no limit. */
  constructor(ledger: SpendLedger, clock: Clock, limit: number | null) {
    this.#ledger = ledger;
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Follows a change of the setting. */
  set limit(limit: number | null) {
    this.#limit = limit;
  }

  /** Tokens and money of this UTC day, reservations of running requests included. */
  today(): Usage {
    const spend = this.#ledger.read(this.#day());
    return { input: spend.input, cached: spend.cached, output: spend.output, cost: spend.nanodollars / 1e9 };
  }

  /**
   * Holds the worst case of a request.
   * @returns the reservation, or `wait` when it may fit once running requests have settled.
   * @throws ModelError `budget` when it does not fit, or when its price is unknown and a limit is set.
   */
  reserve(charge: Charge): Reservation | 'wait' {
    if (charge.worst === null && charge.metered && this.#limit !== null) throw unknownPrice(charge.model);
    const day = this.#day();
    const held = charge.worst === null ? 0 : Math.ceil(charge.worst * 1e9);
    const after = this.#ledger.add(day, { ...noSpend, nanodollars: held });
    if (this.#limit !== null && held > 0 && after.nanodollars > this.#limit * 1e9) {
      this.#ledger.add(day, { ...noSpend, nanodollars: -held });
      if (this.#outstanding > 0) return 'wait';
      throw spent(this.#limit, charge.worst ?? 0, after.nanodollars - held);
    }
    return this.#reservation(day, held);
  }

  #reservation(day: string, held: number): Reservation {
    let open = true;
    this.#outstanding += 1;
    return {
      settle: (actual) => {
        if (!open) return;
        open = false;
        this.#outstanding -= 1;
        if (actual === undefined) return;
        const cost = Math.ceil((actual.cost ?? 0) * 1e9);
        this.#ledger.add(day, {
          input: actual.input,
          cached: actual.cached,
          output: actual.output,
          nanodollars: cost - held,
        });
      },
    };
  }

  #day(): string {
    return new Date(this.#clock.now()).toISOString().slice(0, 10);
  }
}

function sum(left: DaySpend, right: DaySpend): DaySpend {
  return {
    input: left.input + right.input,
    cached: left.cached + right.cached,
    output: left.output + right.output,
    nanodollars: left.nanodollars + right.nanodollars,
  };
}

function unknownPrice(model: string): ModelError {
  return new ModelError(
    'budget',
    `No price is known for ${model}, so the daily limit could not be kept: set codegloss.prices, or codegloss.budget.daily to null.`,
  );
}

function spent(limit: number, worst: number, already: number): ModelError {
  return new ModelError(
    'budget',
    `The daily budget of $${limit} does not cover this request (up to $${worst.toFixed(4)}, $${(already / 1e9).toFixed(4)} spent today): raise codegloss.budget.daily or go on tomorrow.`,
  );
}
