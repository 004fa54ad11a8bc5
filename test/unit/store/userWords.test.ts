import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openUserWords, type UserWords } from '../../../server/src/store/userWords.ts';
import type { ContentHash } from '../../../server/src/types/summary.ts';
import type { UserWord, WordPlace } from '../../../server/src/types/userWord.ts';

const content = 'a'.repeat(64) as ContentHash;
const changed = 'b'.repeat(64) as ContentHash;
const place: WordPlace = { repository: 'file:///r', path: 'src/a.ts', symbol: 'Cart.total', content };
const edit: UserWord = { kind: 'edit', line: 'Adds up.', paragraph: '' };
const other: UserWord = { kind: 'edit', line: 'Sums.', paragraph: '' };

describe('the last word', () => {
  let home: string;
  let team: string;
  let now = 0;
  const open = (): UserWords => openUserWords({ home, clock: () => now, teamFile: () => team });

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'codegloss-words-'));
    team = path.join(home, 'team.json');
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('fits the code that it was said of, wherever its file moves', () => {
    const words = open();
    words.set(place, edit);
    expect(words.find({ ...place, path: 'moved/b.ts' })).toEqual({ word: edit, by: 'you', fits: true });
    expect(words.find({ ...place, content: changed })).toEqual({ word: edit, by: 'you', fits: false });
    expect(words.find({ ...place, symbol: 'Cart.count', path: 'x.ts' })).toBeUndefined();
  });

  it('is one for a place, and can be taken back', () => {
    const words = open();
    words.set(place, edit);
    words.set({ ...place, content: changed }, other);
    expect(words.find(place)).toMatchObject({ word: other, fits: false });
    expect(words.drop(place)).toBe(true);
    expect(words.drop(place)).toBe(false);
    expect(words.find(place)).toBeUndefined();
  });

  it('is seen by another window a second later, and read by the user alone', () => {
    const [one, two] = [open(), open()];
    expect(two.find(place)).toBeUndefined();
    one.set(place, edit);
    now += 1_001;
    expect(two.find(place)).toMatchObject({ word: edit });
    const [file = ''] = readdirSync(path.join(home, 'words'));
    expect(statSync(path.join(home, 'words', file)).mode & 0o077).toBe(0);
  });

  it("of the user goes before the team's", () => {
    const words = open();
    words.set(place, other);
    writeFileSync(team, words.shared(place.repository));
    words.drop(place);
    now += 1_001;
    expect(words.find(place)).toEqual({ word: other, by: 'team', fits: true });
    words.set(place, edit);
    expect(words.find(place)).toEqual({ word: edit, by: 'you', fits: true });
    expect(JSON.parse(words.shared(place.repository)).words).toHaveLength(1);
  });

  it.each([
    ['nonsense', 'nonsense'],
    ['another shape', '{"schema":1,"words":{"a":1}}'],
    ['too much', `{"schema":1,"words":[${'"x",'.repeat(600_000)}"x"]}`],
    ['entries of another shape', '{"schema":1,"words":[{"path":"src/a.ts","symbol":"Cart.total","content":7}]}'],
  ])('of a hostile file that holds %s is none', (_, text) => {
    writeFileSync(team, text);
    expect(open().find(place)).toBeUndefined();
  });
});
