import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type DeleteAllResult,
  deleteAllMethod,
  type SharedWordsResult,
  type SummarizeResult,
  sharedWordsFile,
  sharedWordsMethod,
  userWordMethod,
  type WordTextResult,
  wordTextMethod,
} from '../../server/src/protocol.ts';
import { cart, ours, summarize, withClient } from './models.ts';

const settings = { provider: 'outline' };
const name = { line: 0, character: 17 };

describe("the user's last word over LSP", () => {
  it('is shown in place of the summary, kept, shared on request, and taken back', () =>
    withClient({ initializationOptions: ours, settings }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.request(summarize, { uri, line: 0 });
      const shown = await client.request<WordTextResult>(wordTextMethod, { uri, line: 0 });
      expect(shown).toMatchObject({ name: 'total', hasWord: false });
      expect(shown.line).not.toBe('');
      const say = (action: object) => client.request<SummarizeResult>(userWordMethod, { uri, line: 0, action });

      expect(await say({ kind: 'edit', line: 'Adds *up* prices.', paragraph: '' })).toMatchObject({ ok: true });
      expect(await client.hover(uri, name)).toMatch(/Adds \\\*up\\\* prices[\s\S]*written by you/);
      await client.request(summarize, { uri, line: 0, refresh: true });
      expect(await client.hover(uri, name)).toContain('written by you');

      const shared = await client.request<SharedWordsResult>(sharedWordsMethod, { uri });
      expect(JSON.parse(shared.text).words).toHaveLength(1);
      expect(existsSync(path.join(client.folder, sharedWordsFile))).toBe(false);

      expect(await say({ kind: 'takeBack' })).toMatchObject({ ok: true });
      expect(await say({ kind: 'takeBack' })).toMatchObject({ ok: false });
      expect(await client.hover(uri, name)).not.toContain('written by you');

      const file = path.join(client.folder, sharedWordsFile);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, shared.text);
      await client.until('the word of the team', async () =>
        /written by the team/.test((await client.hover(uri, name)) ?? '') ? true : undefined,
      );
    }));

  it('hides what is wrong', () =>
    withClient({ initializationOptions: ours, settings }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.request(summarize, { uri, line: 0 });
      const { line } = await client.request<WordTextResult>(wordTextMethod, { uri, line: 0 });
      const action = { kind: 'wrong', reason: 'It says nothing.' };
      expect(await client.request(userWordMethod, { uri, line: 0, action })).toMatchObject({ ok: true });
      const after = await client.request<WordTextResult>(wordTextMethod, { uri, line: 0 });
      expect({ before: line !== '', after: after.line }).toEqual({ before: true, after: '' });
    }));

  it('and everything else that is kept can be deleted', () =>
    withClient({ initializationOptions: ours, settings }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.request(summarize, { uri, line: 0 });
      const action = { kind: 'edit', line: 'Mine.', paragraph: '' };
      await client.request(userWordMethod, { uri, line: 0, action });
      expect(readdirSync(client.home)).toEqual(expect.arrayContaining(['summaries.db', 'words']));
      const { home, files } = await client.request<DeleteAllResult>(deleteAllMethod, null);
      expect(home).toBe(client.home);
      expect(files).toBeGreaterThan(1);
      expect(readdirSync(client.home)).toEqual([]);
    }));
});
