import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { StoredSummary, SummaryKey } from '../../types/summary.ts';
import { decodeSummary, encodeSummary } from '../summaryCodec.ts';

/*
 * What the server keeps of a summary can be read only by who has the code: the row's name is a hash of the summary's key, and the body is
 * sealed with a secret that comes from the key (convergent encryption). The key itself, a hash of the code and all that the summary stands
 * on, never reaches the server; its administrator, a backup or a leaked dump show nothing.
 */

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
/** A summary has some 2 kB; what grows beyond this when unpacked is none. */
const mostUnpacked = 1 << 20;

/** Name of a summary's row: 32 bytes. */
export function rowId(key: SummaryKey): Buffer {
  return createHash('sha256').update(`codegloss row v1\n${key}`).digest();
}

export function seal(summary: StoredSummary): Buffer {
  const nonce = randomBytes(nonceBytes);
  const sealing = createCipheriv(cipher, secretOf(summary.key), nonce);
  const body = Buffer.concat([sealing.update(deflateRawSync(encodeSummary(summary))), sealing.final()]);
  return Buffer.concat([nonce, sealing.getAuthTag(), body]);
}

/** The summary in a sealed body; undefined when it was not sealed for this key, or is none. */
export function unseal(key: SummaryKey, sealed: Buffer): StoredSummary | undefined {
  if (sealed.length < nonceBytes + tagBytes) return undefined;
  try {
    const opening = createDecipheriv(cipher, secretOf(key), sealed.subarray(0, nonceBytes));
    opening.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
    const packed = Buffer.concat([opening.update(sealed.subarray(nonceBytes + tagBytes)), opening.final()]);
    const summary = decodeSummary(inflateRawSync(packed, { maxOutputLength: mostUnpacked }).toString('utf8'));
    return summary?.key === key ? summary : undefined;
  } catch {
    return undefined;
  }
}

function secretOf(key: SummaryKey): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(key, 'hex'), '', 'codegloss body v1', 32));
}
