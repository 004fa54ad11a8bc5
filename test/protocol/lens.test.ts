import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CodeLens } from 'vscode-languageserver-protocol';
import type { LanguageClient } from './languageClient.ts';
import { cart, ours, summarize, withClient, withModel } from './models.ts';

const lenses = (client: LanguageClient, uri: string) =>
  client.request<CodeLens[] | null>('textDocument/codeLens', { textDocument: { uri } });

async function titles(client: LanguageClient, uri: string): Promise<(string | undefined)[]> {
  const listed = (await lenses(client, uri)) ?? [];
  const resolved = await Promise.all(listed.map((lens) => client.request<CodeLens>('codeLens/resolve', lens)));
  return resolved.map(({ command }) => command?.title);
}

describe('code lens', () => {
  it('lists places at once without titles, and skips one-line functions', () =>
    withClient({}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', `${cart}\nconst one = () => 1;\n`);
      const listed = await lenses(client, uri);
      expect(listed?.map(({ range, command }) => [range.start.line, command])).toEqual([
        [0, undefined],
        [7, undefined],
      ]);
    }));

  it('keeps its places while a body is edited', () =>
    withClient({}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      const before = (await lenses(client, uri))?.map(({ range }) => range);
      await client.notify('textDocument/didChange', {
        textDocument: { uri, version: 2 },
        contentChanges: [
          { range: { start: { line: 1, character: 12 }, end: { line: 1, character: 13 } }, text: '(((' },
        ],
      });
      expect((await lenses(client, uri))?.map(({ range }) => range)).toEqual(before);
    }));

  it('fills by itself where no model is asked', () =>
    withClient({}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await titles(client, uri)).toEqual([expect.stringContaining('total'), 'Gives back the cheapest price.']);
    }));

  it('sends nothing to a remote model until asked, then asks the editor to look again', () =>
    withModel({}, {}, async (client, server) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect((await titles(client, uri))[0]).toBe('Summarize');
      expect(server.requests).toHaveLength(0);
      await client.request(summarize, { uri, line: 0 });
      await client.until('a refresh of the lenses', () =>
        client.received.find(({ method }) => method === 'workspace/codeLens/refresh'),
      );
      expect((await titles(client, uri))[0]).toContain('Loopback summary of total');
    }));

  it('asks a remote model unasked once codegloss.automatic is on', () =>
    withModel({}, { settings: { automatic: true } }, async (client, server) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      await titles(client, uri);
      await server.waitForRequests(1);
      await client.until('the title', async () =>
        (await titles(client, uri))[0]?.startsWith('Loopback summary') ? true : undefined,
      );
    }));

  it('says once why nothing of a file may be sent, and keeps what is known', () =>
    withModel({}, {}, async (client, server) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.request(summarize, { uri, line: 0 });
      writeFileSync(path.join(client.folder, '.gitignore'), 'cart.ts\n');
      const changed = pathToFileURL(path.join(client.folder, '.gitignore')).href;
      await client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: changed, type: 1 }] });
      expect(await titles(client, uri)).toEqual([
        expect.stringContaining('cart.ts is kept from models by an ignore file'),
        expect.stringContaining('Loopback summary of total'),
      ]);
      expect(server.requests).toHaveLength(1);
    }));

  it('offers what mends an untrusted workspace, at the place of the first lens', () =>
    withModel({}, { initializationOptions: { ...ours, trusted: false } }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', `\n\n${cart}`);
      expect(await lenses(client, uri)).toMatchObject([
        {
          range: { start: { line: 2 } },
          command: { title: expect.stringContaining('not trusted'), command: 'workbench.trust.manage' },
        },
      ]);
    }));

  it("shows another model's words as they are: they are still true of the code", () =>
    withModel({}, {}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.request(summarize, { uri, line: 0 });
      const before = (await titles(client, uri))[0];
      client.settings = { ...client.settings, model: 'another-model' };
      await client.notify('workspace/didChangeConfiguration', { settings: null });
      expect((await titles(client, uri))[0]).toBe(before);
      await client.notify('textDocument/didChange', {
        textDocument: { uri, version: 2 },
        contentChanges: [
          { range: { start: { line: 1, character: 12 }, end: { line: 1, character: 13 } }, text: '100' },
        ],
      });
      expect((await titles(client, uri))[0]).toBe(`(outdated) ${before}`);
    }));

  it('shows nothing where the setting turns it off', () =>
    withClient({ initializationOptions: ours, settings: { codeLens: { enabled: false } } }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await lenses(client, uri)).toBeNull();
    }));
});
