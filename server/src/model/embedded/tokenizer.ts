import { z } from 'zod';

/** Byte-level BPE, exactly as the training side encodes (models/FORMAT.md): equal on the 10,000 strings of its fixture, by test. */
export interface Tokenizer {
  /** Ids of a text, at most `limit` of them. Special tokens are never recognized in it. */
  encode(text: string, limit?: number): readonly number[];
  /** The same, with the UTF-16 offset at which each token starts. A token inside a character starts where the character does. */
  encodeWithOffsets(text: string): { readonly ids: readonly number[]; readonly offsets: readonly number[] };
  /** Text of ids; special tokens are left out, bytes that are no UTF-8 become U+FFFD. */
  decode(ids: readonly number[]): string;
}

const tokenizerFile = z.object({
  added_tokens: z.array(z.object({ id: z.number().int() })),
  pre_tokenizer: z.object({
    pretokenizers: z.array(z.object({ type: z.string(), pattern: z.object({ Regex: z.string() }).optional() })),
  }),
  model: z.object({
    vocab: z.record(z.string(), z.number().int()),
    merges: z.array(z.tuple([z.string(), z.string()])),
  }),
});

const maxCachedWords = 20_000;
const longestCachedWord = 32;

/** Throws when the file is no tokenizer of this format. */
export function readTokenizer(json: string): Tokenizer {
  const file = tokenizerFile.parse(JSON.parse(json));
  const { vocab, merges } = file.model;
  const byteOfLetter = new Map(letterOfByte().map((letter, byte) => [letter, byte]));
  const idOfByte = letterOfByte().map((letter) => required(vocab[letter]));
  const pieces = new Map(Object.entries(vocab).map(([piece, id]) => [id, piece]));
  for (const { id } of file.added_tokens) pieces.delete(id);
  const pattern = splitPattern(file.pre_tokenizer.pretokenizers);
  const ranks = new Map<number, { readonly rank: number; readonly id: number }>();
  merges.forEach(([left, right], rank) => {
    ranks.set(pairKey(required(vocab[left]), required(vocab[right])), { rank, id: required(vocab[left + right]) });
  });
  const cache = new Map<string, readonly number[]>();
  const encoder = new TextEncoder();
  const idsOf = (word: string): readonly number[] => {
    const known = cache.get(word);
    if (known !== undefined) return known;
    const ids = merged(
      Array.from(encoder.encode(word), (byte) => idOfByte[byte] ?? 0),
      ranks,
    );
    if (cache.size >= maxCachedWords) cache.clear();
    if (word.length <= longestCachedWord) cache.set(word, ids);
    return ids;
  };
  return {
    encode(text, limit = Infinity) {
      const ids: number[] = [];
      for (const [word] of text.matchAll(pattern)) {
        for (const id of idsOf(word)) ids.push(id);
        if (ids.length >= limit) return ids.slice(0, limit);
      }
      return ids;
    },
    encodeWithOffsets(text) {
      const ids: number[] = [];
      const offsets: number[] = [];
      for (const match of text.matchAll(pattern)) {
        const found = idsOf(match[0]);
        ids.push(...found);
        const lengths = found.map((id) => pieces.get(id)?.length ?? 0);
        for (const offset of charactersAt(match[0], lengths)) offsets.push(match.index + offset);
      }
      return { ids, offsets };
    },
    decode(ids) {
      const bytes = ids.flatMap((id) => Array.from(pieces.get(id) ?? '', (letter) => byteOfLetter.get(letter) ?? 0));
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
    },
  };
}

/** The split pattern for JavaScript, whose `\s` is not Unicode's White_Space (U+0085 is missing, U+FEFF is too much). */
function splitPattern(pretokenizers: readonly { readonly pattern?: { readonly Regex: string } | undefined }[]): RegExp {
  const source = pretokenizers.find((each) => each.pattern !== undefined)?.pattern?.Regex;
  if (source === undefined) throw new Error('the tokenizer has no split pattern');
  return new RegExp(source.replaceAll('\\s', '\\p{White_Space}').replaceAll('\\S', '\\P{White_Space}'), 'gu');
}

/** GPT-2's byte alphabet: printable bytes stand for themselves, the others for the letters from U+0100 on. */
function letterOfByte(): readonly string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCharCode(isPrintable ? byte : next++);
  });
}

function pairKey(left: number, right: number): number {
  return left * 0x10000 + right;
}

/** Merges the pair of lowest rank, all its places at once, until none is left. */
function merged(
  bytes: readonly number[],
  ranks: ReadonlyMap<number, { readonly rank: number; readonly id: number }>,
): readonly number[] {
  let ids: readonly number[] = bytes;
  while (ids.length > 1) {
    let best: { readonly rank: number; readonly id: number } | undefined;
    let bestKey = -1;
    for (let at = 1; at < ids.length; at += 1) {
      const key = pairKey(ids[at - 1] ?? 0, ids[at] ?? 0);
      const found = ranks.get(key);
      if (found !== undefined && (best === undefined || found.rank < best.rank)) [best, bestKey] = [found, key];
    }
    if (best === undefined) return ids;
    const next: number[] = [];
    for (let at = 0; at < ids.length; at += 1) {
      const isPair = at + 1 < ids.length && pairKey(ids[at] ?? 0, ids[at + 1] ?? 0) === bestKey;
      next.push(isPair ? best.id : (ids[at] ?? 0));
      if (isPair) at += 1;
    }
    ids = next;
  }
  return ids;
}

/** UTF-16 offset of the character in which each token starts, given the tokens' lengths in bytes. */
function charactersAt(word: string, lengths: readonly number[]): readonly number[] {
  const offsetOfByte: number[] = [];
  let offset = 0;
  for (const character of word) {
    for (let bytes = Buffer.byteLength(character); bytes > 0; bytes -= 1) offsetOfByte.push(offset);
    offset += character.length;
  }
  let at = 0;
  return lengths.map((length) => {
    const start = offsetOfByte[at] ?? offset;
    at += length;
    return start;
  });
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the tokenizer file is incomplete');
  return value;
}
