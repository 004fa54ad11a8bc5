import type { LanguageId } from '../types/outline.ts';

/** What a model is asked: where to cut one stretch of one file. */
export interface BoundaryQuestion {
  /** Same key, same question. */
  readonly key: string;
  readonly language: LanguageId;
  /** The lines of the stretch, untouched: what leaves the machine is judged by these. */
  readonly source: string;
  readonly startLine: number;
  /** Excluded. */
  readonly endLine: number;
  /** The same for every file, so that provider caches hit. */
  readonly instructions: string;
  /** The stretch with ids and marks; after a bad answer, that answer and what was wrong with it. */
  readonly task: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly maxOutputTokens: number;
}

/** Chooses boundaries; a language model stands behind it. The answer is raw text, trusted by nobody. */
export interface BoundaryChooser {
  /** Provider and model: part of the cache key. */
  readonly identity: string;
  /** Tokens of source that one question may hold. */
  readonly windowTokens: number;
  /** Throws `ModelError`, or what an abort throws. */
  choose(question: BoundaryQuestion, signal: AbortSignal): Promise<string>;
}

/** Keeps what a model chose; keys are hashes. Unreadable entries count as absent. */
export interface BoundaryCache {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}
