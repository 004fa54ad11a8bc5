const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

/**
 * The id of a line for a model: its number (from 0) in base 36 and a check character, so that a slip of one character, or two in the wrong
 * order, names no line. The same line has the same id in every run.
 */
export function lineId(line: number): string {
  const digits = line.toString(36);
  return digits + checkOf(digits);
}

/** The line that an id names; undefined when no line has that id. */
export function lineOfId(id: string): number | undefined {
  const text = id.trim().toLowerCase();
  if (!/^[0-9a-z]{2,8}$/.test(text)) return undefined;
  const digits = text.slice(0, -1);
  const line = Number.parseInt(digits, 36);
  return line.toString(36) === digits && checkOf(digits) === text.at(-1) ? line : undefined;
}

/** A weighted sum modulo the prime 37; the one remainder without a character of its own shares `z`. */
function checkOf(digits: string): string {
  let sum = 7;
  for (const digit of digits) sum = (sum * 5 + alphabet.indexOf(digit) + 1) % 37;
  return alphabet[Math.min(sum, 35)] ?? 'z';
}
