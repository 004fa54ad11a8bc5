/** A sentence of fewer words says nothing that only the comment could say. */
const leastWords = 3;
/** Besides the first sentence, so long a sentence is recognized. */
const leastWordsOfOthers = 5;

/** Takes out of texts what repeats a doc comment: a model that sees it would copy it, and an evaluation would praise it for that. */
export interface LeakGuard {
  /** Whether the text holds the comment or one of its sentences, whatever markers and line breaks stand between the words. */
  leaks(text: string): boolean;
  /** The text without the lines that leak; empty when they cannot be told from the others. */
  clean(text: string): string;
}

/** @param doc the subject's own doc comment; empty when it has none */
export function leakGuard(doc: string): LeakGuard {
  const [first = '', ...others] = doc.split(/(?<=[.!?])\s+|\n\s*\n/);
  const secrets = [
    ...[doc, first].map((text) => ({ text, least: leastWords })),
    ...others.map((text) => ({ text, least: leastWordsOfOthers })),
  ].flatMap(({ text, least }) => {
    const words = wordsOf(text);
    return words.length < least ? [] : [` ${words.join(' ')} `];
  });
  const leaks = (text: string): boolean => {
    if (secrets.length === 0) return false;
    const words = ` ${wordsOf(text).join(' ')} `;
    return secrets.some((secret) => words.includes(secret));
  };
  return {
    leaks,
    clean(text) {
      if (!leaks(text)) return text;
      const kept = text
        .split('\n')
        .filter((line) => !leaks(line))
        .join('\n');
      return leaks(kept) ? '' : kept;
    },
  };
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
