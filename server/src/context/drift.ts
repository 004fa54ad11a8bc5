import type { BasisPiece, PieceRole } from '../types/summary.ts';

/**
 * What the subject itself stands on: what it calls, the types and imports that it uses, the class around it. When their meaning changes, what was said
 * of the subject may be wrong. All other roles only help to say it well.
 */
const bearing: ReadonlySet<PieceRole> = new Set<PieceRole>([
  'callee',
  'type',
  'class',
  'import',
  'member',
  'partition',
]);

/** So much of the context may differ before a summary is called outdated. */
const maxLost = 0.3;

/**
 * Whether a summary may stay although pieces of its context changed: none that it stands on, and of all that it was made with only a small
 * part, weighted by the symbols that each piece defines (Cache-Craft, arXiv 2502.15734, keeps what was computed where the overlap is large).
 */
export function isLittleChanged(basis: readonly BasisPiece[], changed: readonly BasisPiece[]): boolean {
  if (changed.some(({ role }) => bearing.has(role))) return false;
  const weight = (pieces: readonly BasisPiece[]): number => pieces.reduce((sum, { defines = 1 }) => sum + defines, 0);
  return weight(changed) <= maxLost * weight(basis);
}
