import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startClient } from './languageClient.ts';
import { cart, onTotal, ours, stalled, summarize, withClient, withModel } from './models.ts';

describe('summaries survive', () => {
  it('a server that is killed and started again', async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
    const first = await startClient({ home });
    const uri = await first.open('cart.ts', 'typescript', cart);
    const made = await first.request('codegloss/summarize', { uri, line: 0 });
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');
    await withClient({ home, initializationOptions: ours }, async (second) => {
      const again = await second.open('cart.ts', 'typescript', cart);
      expect(await second.request(summarize, { uri: again, line: 0 })).toEqual(made);
    });
    await first.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('a database that is no database: it is rebuilt, and said', async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
    writeFileSync(path.join(home, 'summaries.db'), 'this is no database '.repeat(500));
    await withClient({ home, initializationOptions: ours }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({ ok: true });
      await client.until('the notice', () =>
        client.received.find(({ method }) => method.startsWith('window/showMessage')),
      );
    });
    rmSync(home, { recursive: true, force: true });
  });

  it('a home that cannot be written: they are kept for the session, and that is said', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
    const file = path.join(folder, 'file');
    writeFileSync(file, 'no folder can stand below a file');
    await withClient({ home: path.join(file, 'home'), initializationOptions: ours }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({ ok: true });
      expect(await client.hover(uri, onTotal)).toContain('total');
      await client.until('the notice', () =>
        client.received.find(({ method }) => method.startsWith('window/showMessage')),
      );
    });
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('a provider that fails', () => {
  it.each([
    ['401', { kind: 'status', status: 401 }, /refused the API key/],
    ['429', { kind: 'status', status: 429, retryAfterSeconds: 3600 }, /limits requests/],
    ['broken JSON', { kind: 'brokenJson' }, /no usable answer/],
  ] as const)('%s gives one line', (_, behaviour, line) =>
    withModel({ openai: behaviour }, {}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({
        ok: false,
        message: expect.stringMatching(line),
      });
    }),
  );

  it('lies: claims about lines and names that do not exist are dropped', () =>
    withModel({ openai: { kind: 'lie' } }, {}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.request(summarize, { uri, line: 0 });
      expect(await client.hover(uri, onTotal)).not.toMatch(/noSuchIdentifierAnywhere.*\(file:|#L9000/);
    }));
});

describe('cancelling', () => {
  it('closing the document ends the request at the model', () =>
    withModel({ openai: stalled }, {}, async (client, server) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      const asked = client.request(summarize, { uri, line: 0 }).catch(() => 'cancelled');
      await server.waitForRequests(1);
      await client.notify('textDocument/didClose', { textDocument: { uri } });
      await asked;
      await client.until('the end of the request', () => (server.requests[0]?.abandoned === true ? true : undefined));
    }));
});

describe('documents that are not ours', () => {
  it('unknown languages and closed documents answer nothing', () =>
    withClient({}, async (client) => {
      const unknown = await client.open('notes.xyz', 'plaintext', 'words\n');
      expect(await client.hover(unknown, onTotal)).toBeNull();
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.notify('textDocument/didClose', { textDocument: { uri } });
      expect(await client.hover(uri, onTotal)).toBeNull();
    }));

  it('a minified line of a megabyte still answers', () =>
    withClient({}, async (client) => {
      const uri = await client.open('min.js', 'javascript', 'function f(){return 1};'.repeat(45_000));
      expect(await client.request('textDocument/codeLens', { textDocument: { uri } })).toEqual([]);
    }));
});
