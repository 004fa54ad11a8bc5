import { createHash } from 'node:crypto';
import type { ContentHash } from './summary.ts';

/** SHA-256 (hex) of a text in UTF-8. */
export function contentHash(text: string): ContentHash {
  return createHash('sha256').update(text).digest('hex') as ContentHash;
}
