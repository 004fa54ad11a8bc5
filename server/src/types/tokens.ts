const charactersPerToken = 3.2;

/** Tokens of a text where there is no exact count: `ceil(characters / 3.2)` (DESIGN.md). */
export function estimateTokens(text: { readonly length: number }): number {
  return Math.ceil(text.length / charactersPerToken);
}
