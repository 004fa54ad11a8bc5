import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSource, encodeSource } from '../../../server/src/repository/sourceText.ts';

describe('source bytes', () => {
  it('come back exactly, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const source = decodeSource(bytes);
        if (source !== undefined) expect([...encodeSource(source)]).toEqual([...bytes]);
      }),
    );
  });

  it.each([
    ['UTF-8', Buffer.from('é'), 'utf8', 'é'],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeffa'), 'utf8', '\ufeffa'],
    ['anything else as Latin-1', Buffer.from([0x41, 0xe9]), 'latin1', 'Aé'],
  ])('are read as %s', (_, bytes, encoding, text) => {
    expect(decodeSource(bytes)).toEqual({ text, encoding });
  });

  it('with a NUL are binary', () => {
    expect(decodeSource(Buffer.from([0x41, 0, 0x42]))).toBeUndefined();
  });

  it('in Latin-1 refuse a character that they cannot hold', () => {
    expect(() => encodeSource({ text: '→', encoding: 'latin1' })).toThrow(/Latin-1/);
  });
});
