import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEbcdic, encodeEbcdic, looksEbcdic } from '../../../server/src/syntax/ebcdic.ts';

const source = `* COMMENT\u0085ALPHA    CSECT\u0085         LA    R1,=C'[A]^'    remark\u0085`;

describe('EBCDIC code page 1047', () => {
  it('decodes letters, digits and the characters that differ from code page 037', () => {
    const bytes = Uint8Array.of(0xc1, 0x81, 0xf0, 0x40, 0xad, 0xbd, 0x5f, 0x4a, 0x7d, 0x7b, 0x5b);
    expect(decodeEbcdic(bytes)).toBe("Aa0 []^¢'#$");
  });

  it('turns new line into U+0085 and line feed into U+000A', () => {
    expect(decodeEbcdic(Uint8Array.of(0x15, 0x25, 0x0d))).toBe('\u0085\n\r');
  });

  it('gives back all 256 bytes', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(new Set(decodeEbcdic(all)).size).toBe(256);
    expect(encodeEbcdic(decodeEbcdic(all))).toEqual(all);
  });

  it('encodes what it decodes, and decodes what it encodes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
        const text = decodeEbcdic(bytes);
        expect(text.length).toBe(bytes.length);
        expect(Buffer.compare(encodeEbcdic(text), bytes)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses characters that the code page does not have', () => {
    expect(() => encodeEbcdic('A€')).toThrow(RangeError);
  });
});

describe('EBCDIC is told from ASCII by its blanks', () => {
  it('accepts encoded source', () => {
    expect(looksEbcdic(encodeEbcdic(source))).toBe(true);
  });

  it.each([
    ['the same source in Latin-1', Buffer.from(source, 'latin1')],
    ['decorators', Buffer.from('@a\n@b\n@c\nclass X: pass\n@property\n')],
    ['nothing', new Uint8Array()],
    ['a few bytes', Uint8Array.of(0x40, 0x40)],
    ['a binary file full of 0x40 and NUL', Uint8Array.from({ length: 64 }, (_, i) => (i % 2 ? 0x40 : 0))],
  ])('rejects %s', (_, bytes) => {
    expect(looksEbcdic(bytes)).toBe(false);
  });
});
