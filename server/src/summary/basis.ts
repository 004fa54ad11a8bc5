import type { Producer } from '../types/produce.ts';
import type { BasisPiece, ContextPiece } from '../types/summary.ts';

/** Leaves out the pieces that the gate would refuse by their own text or path: a secret beside the subject need not silence it. */
export async function sendable(
  pieces: readonly ContextPiece[],
  producer: Producer,
  near: string,
): Promise<readonly ContextPiece[]> {
  if (producer.blockOfText === undefined) return pieces;
  const blocks = await Promise.all(pieces.map(({ path, text }) => producer.blockOfText?.(path, text, near)));
  return pieces.filter((_, index) => blocks[index] === undefined);
}

/** What a summary remembers of a piece that it stands on. */
export function basisOf({ role, path, hash, symbol, file, form, text }: ContextPiece): BasisPiece {
  return {
    role,
    path,
    ...(symbol === undefined ? {} : { symbol }),
    hash,
    ...(file === undefined ? {} : { file }),
    // A skeleton has a line for each member.
    ...(form === 'skeleton' ? { defines: text.split('\n').length } : {}),
  };
}
