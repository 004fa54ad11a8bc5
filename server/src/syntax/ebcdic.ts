/**
 * EBCDIC sources of mainframe languages, code page 1047 (z/OS Open Systems). The page is a permutation of Latin-1, so decoding is one
 * character per byte and loses nothing. New line (0x15) becomes U+0085, line feed (0x25) becomes U+000A: both end lines in the grammar.
 */

/** Row n: the Latin-1 codes of the bytes n0 to nF. Source: IBM's CP1047 as glibc's iconv has it. */
const CP1047 = [
  '00 01 02 03 9c 09 86 7f 97 8d 8e 0b 0c 0d 0e 0f',
  '10 11 12 13 9d 85 08 87 18 19 92 8f 1c 1d 1e 1f',
  '80 81 82 83 84 0a 17 1b 88 89 8a 8b 8c 05 06 07',
  '90 91 16 93 94 95 96 04 98 99 9a 9b 14 15 9e 1a',
  '20 a0 e2 e4 e0 e1 e3 e5 e7 f1 a2 2e 3c 28 2b 7c',
  '26 e9 ea eb e8 ed ee ef ec df 21 24 2a 29 3b 5e',
  '2d 2f c2 c4 c0 c1 c3 c5 c7 d1 a6 2c 25 5f 3e 3f',
  'f8 c9 ca cb c8 cd ce cf cc 60 3a 23 40 27 3d 22',
  'd8 61 62 63 64 65 66 67 68 69 ab bb f0 fd fe b1',
  'b0 6a 6b 6c 6d 6e 6f 70 71 72 aa ba e6 b8 c6 a4',
  'b5 7e 73 74 75 76 77 78 79 7a a1 bf d0 5b de ae',
  'ac a3 a5 b7 a9 a7 b6 bc bd be dd a8 af 5d b4 d7',
  '7b 41 42 43 44 45 46 47 48 49 ad f4 f6 f2 f3 f5',
  '7d 4a 4b 4c 4d 4e 4f 50 51 52 b9 fb fc f9 fa ff',
  '5c f7 53 54 55 56 57 58 59 5a b2 d4 d6 d2 d3 d5',
  '30 31 32 33 34 35 36 37 38 39 b3 db dc d9 da 9f',
]
  .join(' ')
  .split(' ')
  .map((code) => Number.parseInt(code, 16));

const FROM_LATIN1 = new Uint8Array(256);
CP1047.forEach((code, byte) => {
  FROM_LATIN1[code] = byte;
});

const TO_LATIN1 = Uint8Array.from(CP1047);
const EBCDIC_BLANK = 0x40;
const ASCII_BLANK = 0x20;
/** Bytes that decide: enough for some dozen records of 80. */
const SAMPLE = 16_384;
/** Fewer bytes than this say nothing. */
const LEAST = 16;

/**
 * Whether the bytes are EBCDIC text: 0x40, the blank, makes up a tenth of the first 16 KiB or more and far outnumbers 0x20, and no byte
 * is NUL. In ASCII 0x40 is `@`, which is never that frequent.
 */
export function looksEbcdic(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, SAMPLE);
  if (sample.length < LEAST) return false;
  let blanks = 0;
  let asciiBlanks = 0;
  for (let index = 0; index < sample.length; index++) {
    const byte = sample[index];
    if (byte === EBCDIC_BLANK) blanks++;
    else if (byte === ASCII_BLANK) asciiBlanks++;
    else if (byte === 0) return false;
  }
  return blanks * 10 >= sample.length && blanks > 4 * asciiBlanks;
}

/** One character, U+0000 to U+00FF, for each byte. */
export function decodeEbcdic(bytes: Uint8Array): string {
  const decoder: string[] = [];
  const block = 8192;
  for (let start = 0; start < bytes.length; start += block) {
    const codes = bytes.subarray(start, start + block).map((byte) => TO_LATIN1[byte] ?? 0);
    decoder.push(String.fromCharCode(...codes));
  }
  return decoder.join('');
}

/**
 * The exact inverse of {@link decodeEbcdic}.
 * @throws RangeError on a character beyond U+00FF, which the code page does not have.
 */
export function encodeEbcdic(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0xff) throw new RangeError(`code page 1047 has no character U+${code.toString(16)} (at ${index})`);
    bytes[index] = FROM_LATIN1[code] ?? 0;
  }
  return bytes;
}
