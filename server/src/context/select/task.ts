import type { ContextPiece } from '../../types/summary.ts';

/** A piece before it is chosen: its hash is not worth computing yet. */
export type Candidate = Omit<ContextPiece, 'hash' | 'file'>;

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

/** Whether a model that sees the pieces wants one more or one less (SAGE's self-feedback). Implemented above this layer. */
export type PieceJudge = (pieces: readonly Candidate[], signal: AbortSignal) => Promise<'more' | 'less' | 'enough'>;

/** Chooses pieces within the budget, best first. Same task, same choice. */
export type Selector = (task: SelectionTask) => Promise<readonly Candidate[]>;

/** Pieces with one key show the same thing. */
export function keyOf({ role, path, symbol }: Candidate): string {
  return symbol === undefined ? `${role} ${path}` : `${path} ${symbol}`;
}

/** Candidates by score, ties by place, so that the choice does not depend on the order in which they were found. */
export function ranked(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...candidates].sort((a, b) => b.score - a.score || (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
}
