import { describe, expect, it } from 'vitest';
import type { DocumentResult } from '../../../server/src/protocol.ts';
import { evilSource, expectInert, withEvil } from './hostile.ts';

describe('the summary document of a hostile file', () => {
  it('holds text and our links alone', () =>
    withEvil(async (client) => {
      for (const name of ['evil.js', 'a[x](command:evil).js']) {
        const uri = await client.open(name, 'javascript', evilSource);
        await client.request('codegloss/summarize', { uri });
        const { markdown } = await client.request<DocumentResult>('codegloss/summaryDocument', { uri });
        expect(markdown).toContain('click');
        expectInert(markdown);
      }
    }));
});
