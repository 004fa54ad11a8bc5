import { decodeEbcdic, encodeEbcdic, looksEbcdic } from '../syntax/ebcdic.ts';

export type SourceEncoding = 'utf8' | 'latin1' | 'ebcdic';

/** A file's text with what is needed to write the same bytes back. A byte order mark stays in the text as U+FEFF. */
export interface SourceText {
  readonly text: string;
  readonly encoding: SourceEncoding;
}

const probeBytes = 8192;

/**
 * Bytes as text: valid UTF-8, else EBCDIC where the bytes look like it, else Latin-1 one to one, so that `encodeSource` always gives back
 * the same bytes. Undefined for binary content (NUL bytes in the first 8 KB).
 */
export function decodeSource(bytes: Uint8Array): SourceText | undefined {
  if (looksEbcdic(bytes)) return { text: decodeEbcdic(bytes), encoding: 'ebcdic' };
  if (bytes.subarray(0, probeBytes).includes(0)) return undefined;
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), encoding: 'utf8' };
  } catch {
    return {
      text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'),
      encoding: 'latin1',
    };
  }
}

/** Whether the bytes begin with a byte order mark of UTF-16, in which every other byte of a program is NUL. */
export function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** The exact inverse of `decodeSource`. Throws when the text holds a character that the encoding cannot write. */
export function encodeSource({ text, encoding }: SourceText): Uint8Array {
  switch (encoding) {
    case 'utf8':
      return new TextEncoder().encode(text);
    case 'latin1':
      if (!isLatin1(text))
        throw new Error("The text holds a character that the file's encoding (Latin-1) cannot write.");
      return Buffer.from(text, 'latin1');
    case 'ebcdic':
      return encodeEbcdic(text);
    default:
      return encoding satisfies never;
  }
}

function isLatin1(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0xff) return false;
  return true;
}
