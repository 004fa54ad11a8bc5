import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { ContentHash } from '../types/summary.ts';
import type { UserWord, WordPlace } from '../types/userWord.ts';

/** A word with its place; the repository is the file's. */
export interface WordEntry extends Omit<WordPlace, 'repository'> {
  readonly word: UserWord;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A file of words is small; what is larger was not written by us. */
export const maxWordsBytes = 2_000_000;
export const maxWords = 5_000;

const text = z.string().max(8_000);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const entrySchema = z.object({
  path: z.string().max(1_000),
  symbol: z.string().max(500),
  content: hash,
  at: z.number(),
  word: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('edit'), line: text, paragraph: text }),
    z.object({
      kind: z.literal('pin'),
      summary: z.object({
        line: text,
        paragraph: text,
        claims: z
          .array(z.object({ text, startLine: z.number().int().min(0), endLine: z.number().int().min(0) }))
          .max(100),
        origin: z.enum(['author', 'model', 'outline', 'user']),
        producer: z.object({
          provider: z.enum(['embedded', 'outline', 'anthropic', 'openai', 'editor']),
          model: z.string().max(200),
        }),
        createdAt: z.number(),
      }),
    }),
    z.object({ kind: z.literal('wrong'), hides: hash, reason: text }),
  ]),
});
const fileSchema = z.object({ schema: z.literal(1), words: z.array(z.unknown()).max(maxWords) });

/** The entries of a file; none for a file that is missing, too large or no file of words. Entries that are none are left out. */
export function readWords(file: string): readonly WordEntry[] {
  try {
    const info = statSync(file);
    if (!info.isFile() || info.size > maxWordsBytes) return [];
    const parsed = fileSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (!parsed.success) return [];
    return parsed.data.words.flatMap((each) => {
      const entry = entrySchema.safeParse(each);
      return entry.success ? [branded(entry.data)] : [];
    });
  } catch {
    return [];
  }
}

/** The same text for the same words, one entry a line and ordered by place, so that a team's changes merge. */
export function wordsText(entries: readonly WordEntry[]): string {
  const key = ({ path: at, symbol, content }: WordEntry) => `${at}\0${symbol}\0${content}`;
  const lines = [...entries]
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
    .map(({ path: at, symbol, content, at: time, word }) =>
      JSON.stringify({ path: at, symbol, content, at: time, word }),
    );
  return `{"schema":1,"words":[\n${lines.join(',\n')}\n]}\n`;
}

/** Replaces the file whole. Throws the file system's error. */
export function writeWords(file: string, entries: readonly WordEntry[]): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${process.pid}.new`;
  writeFileSync(beside, wordsText(entries), { mode: 0o600 });
  renameSync(beside, file);
}

function branded(entry: z.infer<typeof entrySchema>): WordEntry {
  const { word } = entry;
  const content = entry.content as ContentHash;
  if (word.kind !== 'wrong') return { ...entry, content, word };
  return { ...entry, content, word: { ...word, hides: word.hides as ContentHash } };
}
