/** ROUGE-L: F1 of the longest common subsequence of words, 0–1, as the package rouge-score computes it without a stemmer. */
export function rougeL(candidate: string, reference: string): number {
  const said = words(candidate);
  const wanted = words(reference);
  const common = longestCommon(said, wanted);
  if (common === 0) return 0;
  const precision = common / said.length;
  const recall = common / wanted.length;
  return (2 * precision * recall) / (precision + recall);
}

/** Punctuation does not count here. */
function words(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

function longestCommon(left: readonly string[], right: readonly string[]): number {
  let row = new Array<number>(right.length + 1).fill(0);
  for (const word of left) {
    const next = [0];
    for (const [at, other] of right.entries())
      next.push(word === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0));
    row = next;
  }
  return row[right.length] ?? 0;
}
