import { type Kind, nameOf, sealText, unsealText } from '../store/postgres/sealing.ts';
import { decodeFacts, encodeFacts } from './factsCodec.ts';
import type { FileRecord } from './fileRecord.ts';
import { type FactsKey, mostSealedBytes, type SealedFacts } from './sharedFacts.ts';

const kind: Kind = { row: 'codegloss facts row v1', body: 'codegloss facts body v1' };
/** Search terms repeat themselves: facts are packed to a fifth or less. */
const mostUnpacked = 64 << 20;

/** Name of a key's row: 32 bytes. */
export function factsId(key: FactsKey): Uint8Array {
  return nameOf(key, kind);
}

/** Undefined where the facts are too large to be shared. */
export function sealFacts(facts: FileRecord, key: FactsKey): SealedFacts | undefined {
  const body = sealText(encodeFacts(facts), key, kind);
  if (body.length > mostSealedBytes) return undefined;
  // Copies: a small buffer is a view of a pool, and all of that would travel between the threads.
  return { id: new Uint8Array(factsId(key)), body: new Uint8Array(body) };
}

/** The facts in a sealed body; undefined when it was not sealed for this key, or holds none. */
export function unsealFacts(body: Uint8Array, key: FactsKey): FileRecord | undefined {
  const text = unsealText(body, key, kind, mostUnpacked);
  return text === undefined ? undefined : decodeFacts(text);
}
