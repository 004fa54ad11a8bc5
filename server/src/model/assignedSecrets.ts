/** A finding by UTF-16 offsets, half-open. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  readonly what: string;
}

/**
 * Values assigned to names that speak of credentials. Own table, because secretlint's preset knows services, not plain passwords.
 * Ordinary code (a variable, a call, a placeholder, an ordinary word) must pass, or nothing about passwords could ever be summarized.
 */
const assignment =
  /(?<name>[\w.-]*(?:passwd|password|passphrase|secret|api[_-]?key|access[_-]?key|auth[_-]?token|access[_-]?token|private[_-]?key|client[_-]?secret)\w*)["']?\s*(?::=|=>|[:=])\s*(?<quote>["'`])(?<value>[^"'`\r\n]{8,512})\k<quote>/gi;

const awsKeyId = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g;
const jwt = /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{16,}/g;
const urlPassword = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"'`]{1,80}:(?<value>[^\s:/@"'`]{6,120})@/gi;

const placeholder =
  /^(?:x+|\*+|\.+|-+)$|example|placeholder|change.?me|your[_-]|dummy|redacted|<[^>]*>|\$\{|\{\{|%s|%\(|^\$|^env[.:]|process\.env/i;

/** Bits per character below which a value reads like words. Measured on English identifiers: mostly under 3.3 for 16 characters. */
const leastEntropy = 3;

/** Finds credentials by their place and their randomness. Linear in the text. */
export function assignedSecrets(text: string): readonly SecretSpan[] {
  return [
    ...spans(text, assignment, 'hard-coded credential', looksRandom),
    ...spans(text, awsKeyId, 'AWS access key', () => true),
    ...spans(text, jwt, 'JSON web token', () => true),
    ...spans(
      text,
      urlPassword,
      'password in a URL',
      (value) => !placeholder.test(value) && !/^pass(?:word)?$/i.test(value),
    ),
  ];
}

function spans(
  text: string,
  pattern: RegExp,
  what: string,
  isSecret: (value: string) => boolean,
): readonly SecretSpan[] {
  const found: SecretSpan[] = [];
  for (const match of text.matchAll(pattern)) {
    const value = match.groups?.['value'] ?? match[0];
    if (!isSecret(value)) continue;
    const start = match.index + match[0].lastIndexOf(value);
    found.push({ start, end: start + value.length, what });
  }
  return found;
}

/** Random enough, of mixed character classes, and no placeholder, path, sentence or identifier. */
function looksRandom(value: string): boolean {
  if (placeholder.test(value) || /\s/.test(value) || /^[./~]|^https?:/.test(value)) return false;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  const isHex = /^[0-9a-f]{24,}$/i.test(value);
  if (/^[A-Za-z]+(?:[_.-][A-Za-z]+)*$/.test(value)) return false;
  return isHex || (classes >= 2 && /\d/.test(value) && entropy(value) >= leastEntropy - shortness(value));
}

/** Short values cannot reach the entropy of long ones: eight different characters have three bits. */
function shortness(value: string): number {
  return value.length < 12 ? 0.5 : 0;
}

/** Shannon entropy in bits per character. */
function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
