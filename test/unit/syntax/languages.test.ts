import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { languages } from '../../../server/src/syntax/languages.ts';
import { drawOutline, fixtures, readFixture, root, syntax } from './openFixture.ts';

const sources = readdirSync(fixtures).filter((name) => !name.endsWith('.outline'));
afterAll(() => syntax.dispose());

describe('outline of every language', () => {
  it.each(sources)('%s is outlined as its expectation says', async (name) => {
    const { text, language } = readFixture(name);
    const document = await syntax.open(language, text);
    await expect(drawOutline(document)).toMatchFileSnapshot(`${fixtures}${name}.outline`);
    document.dispose();
  });

  it.each(sources)('%s gives the same outline with CR LF, a byte-order mark and tabs', async (name) => {
    const { text, language } = readFixture(name);
    const plain = await syntax.open(language, text);
    const windows = await syntax.open(language, text.replaceAll('\n', '\r\n'));
    expect(drawOutline(windows)).toBe(drawOutline(plain));
    if (!['mumps', 'hlasm', 'asm', 'php'].includes(language)) {
      const marked = await syntax.open(language, `\uFEFF${text}`);
      expect(drawOutline(marked)).toBe(drawOutline(plain));
      marked.dispose();
    }
    plain.dispose();
    windows.dispose();
  });

  it('covers every row of the table', () => {
    const covered = new Set(sources.map((name) => readFixture(name).language));
    expect(languages.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
  });

  it.each(sources)(
    '%s: names stand where selectionRange says, parents come before and ranges nest or belong by receiver',
    async (name) => {
      const { text, language } = readFixture(name);
      const document = await syntax.open(language, text);
      document.outline.symbols.forEach((symbol, index) => {
        const selected = document.textIn(symbol.selectionRange).replace(/\s+/g, ' ');
        const name = symbol.name.replace(/^['"]|['"]$/g, '');
        const isWritten = selected.includes(name) || selected.replace(/<[^<>]*>/g, '').includes(name);
        expect(isWritten || symbol.name === 'Companion', `${symbol.name} at ${selected}`).toBe(true);
        expect(symbol.parent ?? -1).toBeLessThan(index);
        if (symbol.docRange !== undefined) expect(document.textIn(symbol.docRange)).not.toBe('');
      });
      document.dispose();
    },
  );
});

describe('real sources that npm packages ship', () => {
  const real = [
    ['typescript', 'node_modules/typescript/lib/lib.dom.d.ts', 1000],
    ['typescript', 'node_modules/web-tree-sitter/web-tree-sitter.d.ts', 100],
    ['javascript', 'node_modules/web-tree-sitter/web-tree-sitter.js', 200],
    ['javascript', 'node_modules/tree-sitter-python/grammar.js', 3],
    ['c', 'node_modules/tree-sitter-python/src/scanner.c', 10],
  ] as const;
  it.each(real)('%s: %s', async (language, path, atLeast) => {
    const text = readFileSync(root + path, 'utf8');
    const document = await syntax.open(language, text);
    expect(document.outline.symbols.length).toBeGreaterThan(atLeast);
    document.dispose();
  });
});
