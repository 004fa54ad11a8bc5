import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/*
 * What the team's server keeps can be read only by who has the code: a row's name is a hash of the row's key, and the body is sealed with a
 * secret that comes from the key (convergent encryption). The key itself, a hash of the code and all that the row stands on, never reaches the
 * server; its administrator, a backup or a leaked dump show nothing. Whoever has the same code finds the row by itself.
 */

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** What a row is, so that no name and no secret of one kind is one of another. */
export interface Kind {
  /** Before the key in what the name is a hash of. */
  readonly row: string;
  /** Of the secret's derivation. */
  readonly body: string;
}

/** Name of a key's row: 32 bytes. */
export function nameOf(key: string, { row }: Kind): Buffer {
  return createHash('sha256').update(`${row}\n${key}`).digest();
}

/** @param key hex digits */
export function sealText(text: string, key: string, kind: Kind): Buffer {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, secretOf(key, kind), nonce);
  const body = Buffer.concat([sealing.update(deflateRawSync(text)), sealing.final()]);
  return Buffer.concat([nonce, sealing.getAuthTag(), body]);
}

/** The text in a sealed body. Undefined when it was sealed for another key or changed since, or unpacks to more than `mostBytes`. */
export function unsealText(sealed: Uint8Array, key: string, kind: Kind, mostBytes: number): string | undefined {
  if (sealed.length < nonceBytes + tagBytes) return undefined;
  try {
    const opening = createDecipheriv(cipher, secretOf(key, kind), sealed.subarray(0, nonceBytes));
    opening.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
    const packed = Buffer.concat([opening.update(sealed.subarray(nonceBytes + tagBytes)), opening.final()]);
    return inflateRawSync(packed, { maxOutputLength: mostBytes }).toString('utf8');
  } catch {
    return undefined;
  }
}

function secretOf(key: string, { body }: Kind): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(key, 'hex'), '', body, 32));
}
