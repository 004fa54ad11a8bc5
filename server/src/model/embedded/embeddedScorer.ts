import type { ScoredTokens, TokenScorer } from '../../partition/tokenScorer.ts';
import type { LanguageId } from '../../types/outline.ts';
import type { EmbeddedModel } from './embeddedModel.ts';

/** How surprising the embedded model finds a text. A thousand tokens take it some seconds, the n-gram scorer a few milliseconds. */
export function embeddedScorer(model: EmbeddedModel, language: LanguageId): TokenScorer {
  return {
    nll: (context: string, target: string, signal: AbortSignal): Promise<ScoredTokens> =>
      model.ask({ kind: 'score', language, context, target }, 'file', signal),
  };
}
