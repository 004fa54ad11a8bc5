import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import { LRUCache } from 'lru-cache';
import type { FoundWord, UserWord, WordPlace } from '../types/userWord.ts';
import { maxWords, readWords, type WordEntry, wordsText, writeWords } from './wordsFile.ts';

/** The user's last word on summaries: kept in the user folder, and read from the repository where a team shares it. */
export interface UserWords {
  /** The word on a place: the user's own before the team's, one that fits before one whose code has changed. */
  find(place: WordPlace): FoundWord | undefined;
  /** Throws the file system's error when it cannot be kept. */
  set(place: WordPlace, word: UserWord): void;
  /** Takes the user's own word back. @returns whether there was one */
  drop(place: WordPlace): boolean;
  /** The words on a repository, the team's and the user's own over them, as the text of a file that a team can share. */
  shared(repository: string): string;
}

export interface UserWordsPorts {
  readonly home: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** The team's file of a repository; undefined where there is none to read. */
  readonly teamFile: (repository: string) => string | undefined;
}

interface Loaded {
  readonly stamp: string;
  readonly looked: number;
  readonly entries: readonly WordEntry[];
  readonly byPlace: ReadonlyMap<string, WordEntry>;
  readonly byContent: ReadonlyMap<string, WordEntry>;
}

/** A hover may ask many times a second; another window's change is seen a second later. */
const lookAgainMs = 1_000;
const maxFiles = 100;

export function openUserWords({ home, clock, teamFile }: UserWordsPorts): UserWords {
  const files = new LRUCache<string, Loaded>({ max: maxFiles });
  const ownFiles = new LRUCache<string, string>({ max: maxFiles });
  const ownFile = (repository: string): string => {
    const known = ownFiles.get(repository);
    if (known !== undefined) return known;
    const file = path.join(home, 'words', `${createHash('sha256').update(repository).digest('hex')}.json`);
    ownFiles.set(repository, file);
    return file;
  };
  const load = (file: string): Loaded => {
    const known = files.get(file);
    if (known !== undefined && clock() - known.looked < lookAgainMs) return known;
    const stamp = stampOf(file);
    const loaded = known?.stamp === stamp ? { ...known, looked: clock() } : indexed(readWords(file), stamp, clock());
    files.set(file, loaded);
    return loaded;
  };
  const write = (repository: string, change: (entries: readonly WordEntry[]) => readonly WordEntry[]): void => {
    const file = ownFile(repository);
    files.delete(file);
    writeWords(file, change(load(file).entries));
    files.delete(file);
  };
  return {
    find(place) {
      const team = teamFile(place.repository);
      const sources = [
        { by: 'you' as const, words: load(ownFile(place.repository)) },
        ...(team === undefined ? [] : [{ by: 'team' as const, words: load(team) }]),
      ].filter(({ words }) => words.entries.length > 0);
      if (sources.length === 0) return undefined;
      const content = contentKey(place);
      for (const { by, words } of sources) {
        const entry = words.byContent.get(content);
        if (entry !== undefined) return { word: entry.word, by, fits: true };
      }
      const at = placeKey(place);
      for (const { by, words } of sources) {
        const entry = words.byPlace.get(at);
        if (entry !== undefined) return { word: entry.word, by, fits: false };
      }
      return undefined;
    },
    set(place, word) {
      const { repository, path: at, symbol, content } = place;
      write(repository, (entries) => [
        ...entries.filter((entry) => placeKey(entry) !== placeKey(place)).slice(-(maxWords - 1)),
        { path: at, symbol, content, word, at: clock() },
      ]);
    },
    drop(place) {
      const isMeant = (entry: WordEntry): boolean =>
        placeKey(entry) === placeKey(place) || contentKey(entry) === contentKey(place);
      const had = load(ownFile(place.repository)).entries.some(isMeant);
      if (had) write(place.repository, (entries) => entries.filter((entry) => !isMeant(entry)));
      return had;
    },
    shared(repository) {
      const own = load(ownFile(repository)).entries;
      const team = teamFile(repository);
      const mine = new Set(own.map(placeKey));
      const theirs = team === undefined ? [] : load(team).entries.filter((entry) => !mine.has(placeKey(entry)));
      return wordsText([...theirs, ...own]);
    },
  };
}

/** Found by its code wherever its file is moved; the name is asked for too, since short bodies are alike. */
function contentKey({ symbol, content }: Pick<WordPlace, 'symbol' | 'content'>): string {
  return `${content} ${symbol}`;
}

function placeKey({ path: at, symbol }: Pick<WordPlace, 'path' | 'symbol'>): string {
  return `${at}\0${symbol}`;
}

function indexed(entries: readonly WordEntry[], stamp: string, looked: number): Loaded {
  return {
    stamp,
    looked,
    entries,
    byPlace: new Map(entries.map((entry) => [placeKey(entry), entry])),
    byContent: new Map(entries.map((entry) => [contentKey(entry), entry])),
  };
}

function stampOf(file: string): string {
  const info = statSync(file, { throwIfNoEntry: false });
  return info === undefined ? 'none' : `${info.mtimeMs} ${info.size}`;
}
