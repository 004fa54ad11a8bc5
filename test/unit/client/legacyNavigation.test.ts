import { describe, expect, it } from 'vitest';
import { foreignLanguages } from '../../../client/src/languages.ts';
import { navigatedLanguages } from '../../../client/src/legacyNavigation.ts';

describe('legacy languages that we navigate', () => {
  it('are all, where nobody else does', () => {
    expect(navigatedLanguages(() => false)).toEqual(['mumps', 'hlasm', 'asm', ...foreignLanguages]);
  });

  it('are not those of an extension that does, under any of its ids', () => {
    const beside = navigatedLanguages((id) => id === 'broadcommfd.hlasm-language-support');
    expect(beside).not.toContain('hlasm');
    expect(beside).not.toContain('alc');
    expect(beside).toContain('mumps');
    expect(beside).toContain('asm');
  });
});
