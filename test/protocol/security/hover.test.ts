import { describe, expect, it } from 'vitest';
import { evilPython, evilSource, expectInert, withEvil, withEvilRepository } from './hostile.ts';

describe('a hover in a hostile repository', () => {
  it('shows what a hostile model said as text', () =>
    withEvil(async (client, requests) => {
      const uri = await client.open('evil.js', 'javascript', evilSource);
      await client.request('codegloss/summarize', { uri, line: 9 });
      expect(requests()).toBeGreaterThan(0);
      const text = await client.hover(uri, { line: 9, character: 17 });
      expect(text).toContain('click');
      expectInert(text ?? '');
    }));

  it("shows the author's hostile comment as text, under any file name", () =>
    withEvilRepository(async (client) => {
      for (const name of ['evil.js', 'a[x](command:evil).js', 'b$(sync)<img>.js']) {
        const uri = await client.open(name, 'javascript', evilSource);
        const text = await client.until(
          'a hover',
          async () => (await client.hover(uri, { line: 3, character: 17 })) ?? undefined,
        );
        expectInert(text);
      }
      const uri = await client.open('py/evil.py', 'python', evilPython);
      expectInert((await client.hover(uri, { line: 0, character: 7 })) ?? '');
      expectInert((await client.hover(uri, { line: 3, character: 9 })) ?? '');
    }));
});
