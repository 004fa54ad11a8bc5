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

/** Codicon references such as `$(sync)` are rendered in lens titles, so untrusted text must not form one. */
export function lensTitle(text: string): string {
  return plainLine(text, 140).replace(/\$\(/g, '$ (');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
const unsafeCharacters =
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

function escapeMarkdown(text: string): string {
  return text
    .replace(unsafeCharacters, ' ')
    .replace(/[\\`*_{}[\]()#+\-.!|<>~&$:@/]/g, (character) =>
      needsEntity.has(character) ? `&#${character.charCodeAt(0)};` : `\\${character}`,
    );
}

/** A backslash does not stop autolinks (`https://`, `www.`, `a@b`) nor HTML in every renderer; an entity does. */
const needsEntity = new Set(['<', '>', '&', ':', '@', '/', '$', '.']);
