import { describe, expect, it } from 'vitest';
import type { CodeLens } from 'vscode-languageserver-protocol';
import { evilSource, expectPlain, withEvil } from './hostile.ts';

describe('a lens in a hostile repository', () => {
  it('has a plain title without icons, and runs our commands alone', () =>
    withEvil(async (client) => {
      const uri = await client.open('evil.js', 'javascript', evilSource);
      await client.request('codegloss/summarize', { uri, line: 3 });
      await client.request('codegloss/summarize', { uri, line: 9 });
      const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
      expect(lenses.length).toBe(2);
      for (const lens of lenses) {
        const { command } = await client.request<CodeLens>('codeLens/resolve', lens);
        expectPlain(command?.title ?? '');
        expect(command?.title).not.toMatch(/\$\(|\n/);
        expect(command?.title.length).toBeLessThanOrEqual(141);
        expect(command?.command).toMatch(/^codegloss\.\w+$/);
      }
    }));
});
