import type { ContextPiece } from '../../types/summary.ts';

/** A piece before it is chosen: its hash is not worth computing yet. */
export interface Candidate extends Omit<ContextPiece, 'hash' | 'file'> {
  /** Lines without which the others say nothing, where it is not the first one alone. */
  readonly keep?: readonly string[];
}

/** What a selector chooses from and for. */
export interface SelectionTask {
  /** In any order; several may show the same symbol in different forms, of which one is chosen at most. */
  readonly candidates: readonly Candidate[];
  /** Tokens that the chosen pieces may have together. */
  readonly budget: number;
  /** Search terms of the subject's source, repeats allowed: what its reader may want explained. */
  readonly subjectTerms: readonly string[];
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Asked by `gradient`, at most twice for one subject; without it nobody is asked. */
  readonly judge?: PieceJudge;
}

/** What a judge chooses from. */
export interface JudgeQuestion {
  readonly kept: readonly Candidate[];
  /** Not kept, and would fit; best first. */
  readonly offered: readonly Candidate[];
}

/** One of the pieces that were shown: an offered one to add, or a kept one to drop. */
export interface JudgedChange {
  readonly change: 'add' | 'drop';
  readonly piece: Candidate;
}

/** Which one piece a model that sees the choice wants more or less (SAGE's self-feedback); undefined for none. Implemented above this layer. */
export type PieceJudge = (question: JudgeQuestion, signal: AbortSignal) => Promise<JudgedChange | undefined>;

/** Chooses pieces within the budget, best first; `coverage` shows of each only what adds something. Same task, same choice. */
export type Selector = (task: SelectionTask) => Promise<readonly Candidate[]>;

/** Pieces with one key show the same thing. */
export function keyOf({ role, path, symbol }: Candidate): string {
  return symbol === undefined ? `${role} ${path}` : `${path} ${symbol}`;
}

/** Candidates by score, ties by place, so that the choice does not depend on the order in which they were found. */
export function ranked(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...candidates].sort((a, b) => b.score - a.score || (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
}
