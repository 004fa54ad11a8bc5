/** Words and punctuation marks of a text, lower case; underscores separate, as in bleu.py. */
export function tokens(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z0-9]+|[^\sa-z0-9]/g) ?? [];
}

/** How often each n-gram occurs. */
export function ngrams(items: readonly string[], n: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let at = 0; at + n <= items.length; at++) {
    const gram = items.slice(at, at + n).join('\u0001');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** Occurrences that two texts share, each at most as often as in the one that has fewer. */
export function overlap(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): number {
  let both = 0;
  for (const [gram, count] of left) both += Math.min(count, right.get(gram) ?? 0);
  return both;
}
