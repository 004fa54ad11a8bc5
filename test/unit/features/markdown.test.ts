import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lensTitle, plainLine, untrusted } from '../../../server/src/features/markdown.ts';

/** Undoes backslash escapes and entities, as a Markdown renderer shows them. */
function rendered(markdown: string): string {
  return markdown
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\\([\\`*_[\]()#+\-.!|~=>])/g, '$1');
}

describe('untrusted text as Markdown', () => {
  it.each([
    ['a link', '[click](command:evil)'],
    ['an image', '![x](https://evil.example/p.png)'],
    ['HTML', '<img src=x onerror=alert(1)>'],
    ['an autolink', '<https://evil.example>'],
    ['a bare address', 'see https://evil.example/a and www.evil.example'],
    ['a codicon', '$(trash) gone'],
    ['an entity', '&lt;script&gt;'],
    ['a reference', '[a][b]\n\n[b]: command:evil'],
    ['a code fence', '```\n[x](command:evil)\n```'],
  ])('keeps no markup from %s', (_, text) => {
    const markdown = untrusted(text);
    expect(markdown).not.toMatch(/(^|[^\\])[[<!]/);
    expect(markdown).not.toMatch(/https?:|www\.|command:/);
    expect(markdown).not.toContain('$(');
  });

  it('shows the same words that it was given', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-ascii' }).filter((text) => !text.includes('`')),
        (text) => {
          expect(rendered(untrusted(text))).toBe(text);
        },
      ),
    );
  });

  it('leaves prose as it is, for editors that show Markdown as plain text', () => {
    const prose = 'Reads max_size bytes (at most 4), then says "done": a/b -> c. Costs $5!';
    expect(untrusted(prose)).toBe(prose);
  });

  it.each(['# title', '- item', '+ item', '> quote', '1. item', '2) item', '--- rule', '=== rule', '| a | b |'])(
    'starts no block with %s',
    (text) => {
      expect(untrusted(text)).toMatch(/^\d*\\/);
      expect(rendered(untrusted(text))).toBe(text);
    },
  );

  it('keeps names in code font', () => {
    expect(untrusted('Calls `save_all()` twice')).toBe('Calls `save_all()` twice');
  });

  it('removes bidirectional marks, zero-width letters and control characters', () => {
    expect(untrusted('a\u202eb\u200bc\u0007d')).toBe('a b c d');
  });
});

describe('one plain line', () => {
  it('folds white space and cuts with an ellipsis', () => {
    expect(plainLine('a\n  b', 10)).toBe('a b');
    expect(plainLine('abcdefghij', 5)).toBe('abcd…');
  });
  it('forms no codicon in a lens', () => {
    expect(lensTitle('$(sync~spin) x')).toBe('$ (sync~spin) x');
  });
});
