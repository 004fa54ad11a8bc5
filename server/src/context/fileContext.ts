import type { ContextPiece } from '../types/summary.ts';
import type { ContextProvider, KnownLine } from './context.ts';
import { filePieces, hashInFile } from './filePieces.ts';

/**
 * What the subject's own file says about it: the class around it without itself, what it calls in the file, the imports that it uses.
 * Nothing outside the file is read.
 */
export function createFileContext(lineOf: KnownLine = () => undefined): ContextProvider {
  return {
    gather(subject, doc, budgetTokens, signal) {
      signal.throwIfAborted();
      return Promise.resolve(withinBudget(filePieces(subject, doc, lineOf), budgetTokens));
    },
    currentHash(subject, doc, piece) {
      return piece.path === subject.path ? hashInFile(subject, doc, piece) : piece.hash;
    },
  };
}

function withinBudget(candidates: readonly ContextPiece[], budgetTokens: number): readonly ContextPiece[] {
  const chosen: ContextPiece[] = [];
  let left = budgetTokens;
  for (const piece of candidates) {
    if (piece.tokens > left) continue;
    chosen.push(piece);
    left -= piece.tokens;
  }
  return chosen;
}
