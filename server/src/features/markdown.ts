/**
 * Untrusted text (repository, model) as Markdown that can only be text: no link, image, HTML, heading or command survives. Code spans of
 * plain characters are kept, because names in code font help the reader and cannot carry markup.
 */
export function untrusted(text: string): string {
  return text
    .split(/(`[^`\n]{1,120}`)/)
    .map((part, index) => (index % 2 === 1 ? part : escapeMarkdown(part)))
    .join('');
}

/** For one-line places that show plain text (lens titles, status): control characters, bidirectional marks and line breaks removed. */
export function plainLine(text: string, maxLength = 160): string {
  const line = text.replace(unsafeCharacters, ' ').replace(/\s+/g, ' ').trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).trimEnd()}…`;
}

/** Lens titles are plain text, so the marks of code spans go. Codicon references such as `$(sync)` are rendered in lens titles, so untrusted text must not form one. */
export function lensTitle(text: string): string {
  return plainLine(text.replaceAll('`', ''), 140).replace(/\$\(/g, '$ (');
}

/** Control and format characters: escape sequences, bidirectional marks, zero-width letters, tags; and the two Unicode line breaks. */
const unsafeCharacters = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/**
 * Escapes what can become markup where it stands, and no more: editors that show Markdown as plain text would show every escape. There is
 * one line only (line breaks went with the other unsafe characters), so block markup can stand at its start alone.
 */
function escapeMarkdown(text: string): string {
  return text
    .replace(unsafeCharacters, ' ')
    .replace(/[<&]|@(?=\w)|:(?=\S)|(?<=\bwww)\.|\$(?=\()/gi, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[\\`*[\]~]|!(?=\\?\[)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replace(/^\s*(?:\d+(?=[.)])|(?=[#+\-=>|]))/, '$&\\');
}
