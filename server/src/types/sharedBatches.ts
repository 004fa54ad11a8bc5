import type { Usage } from './summary.ts';

/** What all workers of a run know of batches: see `store/postgres/batches.ts`. Questions are named by a hash of their key. */
export interface SharedBatches {
  /** Does work while nobody else, in any process, sends batches of this owner. */
  sending<T>(owner: string, work: (sending: Sending) => Promise<T>): Promise<T>;
  /** Books what a question was billed and gives back what was held for it: once, whoever comes first. Undefined usage keeps the worst case. */
  settle(owner: string, question: string, usage: Usage | undefined): Promise<void>;
  /** A question without an answer: what was held is given back, and it may be sent again. */
  release(owner: string, question: string): Promise<void>;
}

export interface Sending {
  /** Batches whose names were not heard: their sender died or lost its connection. */
  nameless(): Promise<
    readonly { readonly number: number; readonly size: number; readonly createdAt: number; readonly ageMs: number }[]
  >;
  /** The provider's names of all batches that are known. */
  names(): Promise<ReadonlySet<string>>;
  /** Where questions are that were sent before; `name` is undefined while it is not known whether they were. */
  find(questions: readonly string[]): Promise<ReadonlyMap<string, { readonly name: string | undefined }>>;
  /**
   * Notes questions that are about to be sent and holds their worst cases (US dollars), both or neither. What the run's money does not cover is
   * not noted: `wait` where it may once others are settled.
   */
  intend(
    questions: readonly { readonly id: string; readonly worst: number | null }[],
  ): Promise<{ readonly number: number; readonly refused: ReadonlyMap<string, 'wait' | 'exhausted'> }>;
  submitted(number: number, name: string): Promise<void>;
  /** There is no such batch: its questions are free, and what was held for them is given back. */
  withdraw(number: number): Promise<void>;
}
