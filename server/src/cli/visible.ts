/**
 * What comes from a repository or a model, fit for a terminal: escape sequences, other control characters and marks that reorder or hide
 * text become escapes that can be read. Inside JSON the escapes mean the same characters, so that output for programs keeps its meaning.
 * Joiners stay, because scripts need them.
 */
export function visible(text: string): string {
  return text.replace(/(?![\n\r\t\u200c\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu, escaped);
}

/** The same for messages, which may clear the line that progress stands on. */
export function visibleMessage(text: string): string {
  return text
    .split(clearLine)
    .map((part) => visible(part))
    .join(clearLine);
}

const clearLine = '\r\x1b[K';

function escaped(found: string): string {
  return Array.from(
    { length: found.length },
    (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
