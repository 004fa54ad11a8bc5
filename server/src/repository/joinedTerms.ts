import { identifierTerms, kindOfAscii, letter, MAX_IDENTIFIER_LENGTH, other, textTerms } from './identifiers.ts';

/**
 * `textTerms(text, limit).join(' ')`, in a third of the time: an index does little else with the text of a repository. ASCII text is read as
 * bytes, identifiers are looked up by their bytes, and their terms are copied, so that no string is made for an identifier that is known.
 */
export function joinedTerms(text: string, limit = 4096): string {
  if (notAscii.test(text)) return textTerms(text, limit).join(' ');
  const input = text.length <= scratch.length ? scratch : Buffer.allocUnsafe(text.length);
  input.write(text, 'latin1');
  let output: Buffer = joined;
  let written = 0;
  let count = 0;
  let start = -1;
  let hash = hashSeed;
  for (let index = 0; index <= text.length; index += 1) {
    const code = index < text.length ? (input[index] ?? blank) : blank;
    const kind = kindOfAscii[code];
    if (start < 0) {
      if (kind !== letter) continue;
      start = index;
      hash = Math.imul(hashSeed ^ code, hashPrime);
    } else if (kind !== other) hash = Math.imul(hash ^ code, hashPrime);
    else {
      const entry = entryOf(input, start, index, hash);
      start = -1;
      const terms = termCounts[entry] ?? 0;
      if (terms === 0) continue;
      if (count + terms > limit) return endOf(output, written, entry, limit - count);
      const from = termStarts[entry] ?? 0;
      const length = termLengths[entry] ?? 0;
      if (written + length + 1 > output.length) output = grown(output);
      if (count > 0) output[written++] = blank;
      for (let at = from; at < from + length; at += 1) output[written++] = pool[at] ?? blank;
      count += terms;
    }
  }
  return output.toString('latin1', 0, written);
}

const notAscii = /[^\0-\x7f]/;
const blank = 32;

/** Longer texts get a buffer of their own, which is not kept. */
const scratch = Buffer.allocUnsafeSlow(1 << 18);
const joined = Buffer.allocUnsafeSlow(1 << 18);

/** FNV-1a. */
const hashSeed = 0x811c9dc5;
const hashPrime = 0x01000193;

/** Known identifiers: what they are and what they split into lies in the pool. All are forgotten when either is full. */
const maxEntries = 1 << 15;
const pool = Buffer.allocUnsafeSlow(1 << 21);
/** Entry by hash, from 1; 0 is free. Twice as many places as entries, searched one after the other. */
const places = new Uint16Array(maxEntries * 2);
const nameStarts = new Int32Array(maxEntries);
const nameLengths = new Uint8Array(maxEntries);
const termStarts = new Int32Array(maxEntries);
const termLengths = new Uint16Array(maxEntries);
const termCounts = new Uint8Array(maxEntries);
let entries = 0;
let poolEnd = 0;
/** Stands for what has no terms and is not kept. */
const noEntry = 0;

function entryOf(input: Buffer, start: number, end: number, hash: number): number {
  const length = end - start;
  if (length > MAX_IDENTIFIER_LENGTH) return noEntry;
  let place = firstPlace(hash);
  for (let entry = places[place] ?? 0; entry !== 0; entry = places[place] ?? 0) {
    if (nameLengths[entry] === length && isName(entry, input, start, length)) return entry;
    place = (place + 1) & (places.length - 1);
  }
  return remember(input.toString('latin1', start, end), hash, place);
}

function isName(entry: number, input: Buffer, start: number, length: number): boolean {
  const from = nameStarts[entry] ?? 0;
  for (let at = 0; at < length; at += 1) if (pool[from + at] !== input[start + at]) return false;
  return true;
}

function remember(name: string, hash: number, freePlace: number): number {
  const terms = identifierTerms(name);
  const text = terms.join(' ');
  let place = freePlace;
  if (entries + 1 >= maxEntries || poolEnd + name.length + text.length > pool.length) {
    places.fill(0);
    entries = 0;
    poolEnd = 0;
    place = firstPlace(hash);
  }
  entries += 1;
  places[place] = entries;
  nameStarts[entries] = poolEnd;
  nameLengths[entries] = name.length;
  poolEnd += pool.write(name, poolEnd, 'latin1');
  termStarts[entries] = poolEnd;
  termLengths[entries] = text.length;
  termCounts[entries] = terms.length;
  poolEnd += pool.write(text, poolEnd, 'latin1');
  return entries;
}

function firstPlace(hash: number): number {
  return (hash ^ (hash >>> 15)) & (places.length - 1);
}

function grown(output: Buffer): Buffer {
  const larger = Buffer.allocUnsafe(output.length * 2);
  output.copy(larger);
  return larger;
}

/** The text so far with the first `left` terms of the entry that does not fit as a whole. */
function endOf(output: Buffer, written: number, entry: number, left: number): string {
  const from = termStarts[entry] ?? 0;
  const terms = pool.toString('latin1', from, from + (termLengths[entry] ?? 0)).split(' ');
  const before = output.toString('latin1', 0, written);
  const last = terms.slice(0, left).join(' ');
  return before === '' || last === '' ? before + last : `${before} ${last}`;
}
