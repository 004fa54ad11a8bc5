import type { Priority, Produced } from '../types/produce.ts';
import type { Charge } from './budget.ts';
import type { Prefixes } from './prefixTurns.ts';

/** One request as the scheduler sees it: how urgent, how large, and how to run it. */
export interface Task {
  /** Same key = same question: runs once however many ask. */
  readonly key: string;
  readonly priority: Priority;
  /** Expected tokens, input and output together, for the window of a minute. */
  readonly tokens: number;
  readonly charge: Charge;
  /** How its prompt begins, where the provider caches beginnings. */
  readonly prefixes?: Prefixes;
  /** Sends it once. The signal aborts when nobody waits any more. Calls `onBegun` when the answer begins, where that can be seen. */
  run(signal: AbortSignal, onBegun: () => void): Promise<Produced>;
}

/** Somebody who asked. */
export interface Waiter {
  resolve(produced: Produced): void;
  reject(error: unknown): void;
  stopListening(): void;
}

/** A task in the queue or running, with all who wait for it. */
export interface Job {
  readonly task: Task;
  readonly arrival: number;
  readonly waiters: Set<Waiter>;
  readonly controller: AbortController;
  /** The most urgent of its waiters' priorities. */
  priority: Priority;
  /** How often it has been sent. */
  tried: number;
  /** Not sent again before this time, in milliseconds since the epoch. */
  notBefore: number;
}

export function newJob(task: Task, arrival: number): Job {
  return {
    task,
    arrival,
    waiters: new Set(),
    controller: new AbortController(),
    priority: task.priority,
    tried: 0,
    notBefore: 0,
  };
}
