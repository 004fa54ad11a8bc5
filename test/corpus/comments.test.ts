import { afterAll, describe, expect, it } from 'vitest';
import { languageOf } from '../../server/src/syntax/detect.ts';
import { hasPack, type PackSet, packFolder, rawFiles } from '../bench/legacy/pack.ts';
import { commented, uncommented } from '../unit/summary/comments/commenting.ts';
import { syntax } from '../unit/syntax/openFixture.ts';

if (!hasPack()) console.log(`skipped: the legacy data pack is not at ${packFolder}`);

/** Takes every n-th file, and of these every m-th a second time. */
const sets: readonly (readonly [PackSet, { readonly every: number; readonly twice: number }])[] = [
  ['mumps', { every: 1, twice: 16 }],
  ['zfam', { every: 2, twice: 2 }],
  ['zuid', { every: 1, twice: 1 }],
  ['masm', { every: 4, twice: 4 }],
  ['gas', { every: 3, twice: 2 }],
  ['nasm', { every: 3, twice: 2 }],
];

describe.skipIf(!hasPack())('comments on all symbols of the legacy data pack', () => {
  afterAll(() => syntax.dispose());

  it.each(sets)(
    '%s: are founded, stay when made again, and leave without a trace',
    async (set, { every, twice }) => {
      let files = 0;
      for (const [path, text] of [...rawFiles(set)].filter((_, index) => index % every === 0)) {
        const language = languageOf({ path, text });
        if (language === undefined) continue;
        const once = await commented(text, language);
        files += 1;
        if (files % twice !== 0) continue;
        expect(await commented(once, language), path).toBe(once);
        expect(await uncommented(once, language), path).toBe(text);
      }
      expect(files).toBeGreaterThan(0);
    },
    180_000,
  );
});
