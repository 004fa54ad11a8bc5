import { createHash } from 'node:crypto';
import type { LanguageId } from '../types/outline.ts';

/** Facts of a file as a team's server keeps them: a name that follows from the bytes, and a body that only they open. */
export interface SealedFacts {
  readonly id: Uint8Array;
  readonly body: Uint8Array;
}

/** The team's facts of files. Throws what its database throws when it cannot be asked. */
export interface SharedFacts {
  /** Bodies by name (hex). At most `mostFacts` names. */
  get(ids: readonly Uint8Array[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Which of these names (hex) have a body. */
  there(ids: readonly Uint8Array[]): Promise<ReadonlySet<string>>;
  /** Keeps what is new; what is there already stays as it is. */
  put(rows: readonly SealedFacts[]): Promise<void>;
  close(): Promise<void>;
}

/** Names or rows of one question. */
export const mostFacts = 100;
/** Facts of a file that are larger than this when sealed stay on the machine that made them. */
export const mostSealedBytes = 4 << 20;

declare const factsKeyBrand: unique symbol;
/** 64 hex digits that follow from the bytes of a file, its language and the version of what reads it. Never leaves the machine. */
export type FactsKey = string & { readonly [factsKeyBrand]: true };

/**
 * The key of a file's facts. It is made of the bytes themselves, not of a hash of them that something else may show (the index and the queue know
 * such hashes): who has the key has had the file.
 *
 * @param reader version of what makes facts of bytes: see `readerVersion.ts`
 */
export function factsKey(bytes: Uint8Array, language: LanguageId, reader: string): FactsKey {
  const hash = createHash('sha256').update(`codegloss facts v1\n${reader}\n${language}\n`).update(bytes);
  return hash.digest('hex') as FactsKey;
}
