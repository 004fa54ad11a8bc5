import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cart, onTotal, summarize, withClient, withModel } from './models.ts';

describe('several folders in one window', () => {
  it('have settings of their own', () =>
    withClient(
      {
        folders: ['quiet', 'loud'],
        settings: { provider: 'outline' },
        settingsFor: (uri) =>
          uri.includes('/quiet/') ? { codeLens: { enabled: false }, hover: { enabled: false } } : {},
      },
      async (client) => {
        const quiet = await client.open('quiet/cart.ts', 'typescript', cart);
        const loud = await client.open('loud/cart.ts', 'typescript', cart);
        expect(await client.request('textDocument/codeLens', { textDocument: { uri: quiet } })).toBeNull();
        expect(await client.request('textDocument/codeLens', { textDocument: { uri: loud } })).toHaveLength(2);
        expect(await client.hover(quiet, onTotal)).toBeNull();
        expect(await client.hover(loud, onTotal)).toContain('total');
      },
    ));

  it('have a style of their own', () =>
    withModel(
      {},
      {
        folders: ['de', 'fr'],
        settingsFor: (uri) => ({ summary: { language: uri.includes('/de/') ? 'German' : 'French' } }),
      },
      async (client, server) => {
        const german = await client.open('de/cart.ts', 'typescript', cart);
        const french = await client.open('fr/shop.ts', 'typescript', cart);
        // The folder that was asked about last must not decide for the other.
        await client.hover(german, onTotal);
        await client.hover(french, onTotal);
        await client.request(summarize, { uri: german, line: 0 });
        await client.request(summarize, { uri: french, line: 0 });
        expect(server.requests.map(({ prompt }) => /German|French/.exec(prompt)?.[0])).toEqual(['German', 'French']);
      },
    ));

  it('have ignore files of their own', () =>
    withModel({}, { folders: ['open', 'closed'] }, async (client, server) => {
      for (const name of ['open', 'closed']) mkdirSync(path.join(client.folder, name));
      writeFileSync(path.join(client.folder, 'closed/.aiignore'), '*.ts\n');
      const closed = await client.open('closed/cart.ts', 'typescript', cart);
      expect(await client.request(summarize, { uri: closed, line: 0 })).toMatchObject({
        ok: false,
        message: expect.stringContaining('kept from models by an ignore file'),
      });
      expect(server.requests).toHaveLength(0);
      const open = await client.open('open/shop.ts', 'typescript', cart);
      expect(await client.request(summarize, { uri: open, line: 0 })).toMatchObject({ ok: true });
    }));

  it('come and go while the window is open', () =>
    withClient({ folders: ['one'], settings: { provider: 'outline' } }, async (client) => {
      const added = await client.open('two/cart.ts', 'typescript', cart);
      const uri = new URL('.', added).href;
      const event = (change: object) =>
        client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [], ...change } });
      await event({ added: [{ uri, name: 'two' }] });
      expect(await client.hover(added, onTotal)).toContain('total');
      await event({ removed: [{ uri, name: 'two' }] });
      expect(await client.hover(added, onTotal)).toContain('total');
    }));
});
