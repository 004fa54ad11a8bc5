import type { SyntaxDocument } from '../syntax/document.ts';
import type { LineSpan } from '../types/text.ts';
import { legalCuts } from './cuts.ts';
import { LineMeasure } from './strategy.ts';
import { cutsWithin, limitedPrice, worthOf } from './structure.ts';

/**
 * A stretch of a document in parts of at most `maxTokens` each, by structure; synchronous, for layers above that need nothing but the lines.
 * A unit without a legal cut inside may be larger.
 */
export function structureSpans(document: SyntaxDocument, stretch: LineSpan, maxTokens: number): readonly LineSpan[] {
  const lines = new LineMeasure(document.text);
  const cuts = legalCuts(document).filter(({ line }) => line > stretch.startLine && line < stretch.endLine);
  const worth = cuts.map(({ strength }) => worthOf[strength]);
  const chosen = cutsWithin({ cuts, lines }, { worth, maxTokens, price: limitedPrice }, stretch);
  const starts = [stretch.startLine, ...chosen.map(({ line }) => line)];
  return starts.map((startLine, index) => ({ startLine, endLine: starts[index + 1] ?? stretch.endLine }));
}
