import type { SyntaxDocument } from '../syntax/document.ts';
import type { BasisPiece, ContentHash, ContextPiece, ContextReach, Subject } from '../types/summary.ts';
import type { OverviewLine } from './overview.ts';

/** Gathers what a reader would look at beside the subject before saying what it does. */
export interface ContextProvider {
  /**
   * Pieces for the subject, most useful first, together within `budgetTokens`. A piece's `hash` covers what it means, not how it is laid
   * out, so that formatting keeps summaries fresh. `doc` must not be read after the first await: the editor may change it meanwhile.
   */
  gather(
    subject: Subject,
    doc: SyntaxDocument,
    budgetTokens: number,
    signal: AbortSignal,
  ): Promise<readonly ContextPiece[]>;
  /**
   * Hash that a piece which a summary once stood on would have now; undefined when it is gone. Synchronous and quick, since hovers ask.
   * Answers the recorded hash for a piece that it cannot look at now: unknown is not changed.
   */
  currentHash(subject: Subject, doc: SyntaxDocument, piece: BasisPiece): ContentHash | undefined;
  /** How far `gather` would reach for the subject now; `file` when absent. Synchronous. */
  reach?(subject: Subject): ContextReach;
  /**
   * What the subject's repository is, for orientation: the same list for all its subjects as long as the repository is open, so that a provider
   * that caches the beginnings of prompts finds it again. Absent or empty where nothing is known beyond the file. Paths are those of pieces.
   */
  overview?(subject: Subject): Promise<readonly OverviewLine[]>;
}

/** The line that is known of a symbol in the subject's file, for showing what a callee does in fewer tokens than its source. */
export type KnownLine = (subject: Subject, doc: SyntaxDocument, symbolIndex: number) => string | undefined;
