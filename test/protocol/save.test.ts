import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TextEdit } from 'vscode-languageserver-protocol';
import { type DocumentResult, documentMethod, type LateCommentParams } from '../../server/src/protocol.ts';
import type { LanguageClient } from './languageClient.ts';
import { cart, openLater, stalled, withClient, withModel } from './models.ts';

/** Answers within the save. */
const outline = { provider: 'outline' };
const manual = 1;
const afterDelay = 2;
const willSave = (client: LanguageClient, uri: string, reason = manual) =>
  client.request<TextEdit[]>('textDocument/willSaveWaitUntil', { textDocument: { uri }, reason });

describe('module comment on save', () => {
  it('off: a save is left alone', () =>
    withClient({}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.request('textDocument/documentSymbol', { textDocument: { uri } });
      expect(await willSave(client, uri)).toEqual([]);
    }));

  it('always: one marked block goes in with a manual save, never with an automatic one', () =>
    withClient({ settings: { ...outline, moduleComment: { onSave: 'always' } } }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.request('textDocument/documentSymbol', { textDocument: { uri } });
      expect(await willSave(client, uri, afterDelay)).toEqual([]);
      expect(await willSave(client, uri)).toMatchObject([{ newText: expect.stringContaining('codegloss:begin v1') }]);
      expect(readdirSync(client.folder)).toEqual([]);
    }));

  it('update: adds none where there is none, and never touches one that the user edited', () =>
    withClient({ settings: { ...outline, moduleComment: { onSave: 'always' } } }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.request('textDocument/documentSymbol', { textDocument: { uri } });
      const block = (await willSave(client, uri))[0]?.newText ?? '';
      client.settings = { ...outline, moduleComment: { onSave: 'update' } };
      await client.notify('workspace/didChangeConfiguration', { settings: null });
      expect(await willSave(client, uri)).toEqual([]);
      const mine = block.replace(/codegloss:begin.*\n/, (line) => `${line} * My own words.\n`);
      const edited = await client.open('mine.ts', 'typescript', mine + cart.replace('sum = 0', 'sum = 1'));
      const stale = await client.open('stale.ts', 'typescript', block + cart.replace('sum = 0', 'sum = 1'));
      await client.request('textDocument/documentSymbol', { textDocument: { uri: edited } });
      await client.request('textDocument/documentSymbol', { textDocument: { uri: stale } });
      expect(await willSave(client, edited)).toEqual([]);
      expect(await willSave(client, stale)).toHaveLength(1);
    }));

  it('late: what a slow model writes comes after the save, for the version that was saved', () =>
    withModel(
      { openai: { kind: 'answer', delayMs: 50 } },
      {
        settings: { automatic: true, moduleComment: { onSave: 'always' } },
        answers: { 'codegloss/apiKey': () => ({ key: 'k' }), 'codegloss/lateComment': () => ({ applied: true }) },
      },
      async (client) => {
        const uri = await client.open('cart.ts', 'typescript', cart, 7);
        await client.request('textDocument/documentSymbol', { textDocument: { uri } });
        expect(await willSave(client, uri)).toEqual([]);
        await client.notify('textDocument/didSave', { textDocument: { uri } });
        const late = await client.until('the late comment', () =>
          client.received.find(({ method }) => method === 'codegloss/lateComment'),
        );
        const { version, edit } = late.params as LateCommentParams;
        expect([version, edit.newText]).toEqual([7, expect.stringContaining('codegloss:begin v1')]);
      },
    ));

  it('late: nothing comes for a text that changed while the model wrote', () => {
    const release = openLater();
    return withModel(
      { openai: { kind: 'answer', until: release.opened } },
      {
        settings: { automatic: true, moduleComment: { onSave: 'always' } },
        answers: { 'codegloss/apiKey': () => ({ key: 'k' }), 'codegloss/lateComment': () => ({ applied: true }) },
      },
      async (client, server) => {
        const uri = await client.open('cart.ts', 'typescript', cart);
        await client.request('textDocument/documentSymbol', { textDocument: { uri } });
        await willSave(client, uri);
        await client.notify('textDocument/didSave', { textDocument: { uri } });
        await server.waitForRequests(1);
        const start = { line: 0, character: 0 };
        await client.notify('textDocument/didChange', {
          textDocument: { uri, version: 2 },
          contentChanges: [{ range: { start, end: start }, text: '\n' }],
        });
        // What is typed now is known before the model answers.
        await client.request('textDocument/documentSymbol', { textDocument: { uri } });
        release.open();
        await client.until('the summary', async () => {
          const { markdown } = await client.request<DocumentResult>(documentMethod, { uri });
          return /Loopback summary/.test(markdown) ? true : undefined;
        });
        expect(client.received.filter(({ method }) => method === 'codegloss/lateComment')).toEqual([]);
      },
    );
  });

  it('holds a save no longer than 300 ms while a model keeps silent', () =>
    withModel({ openai: stalled }, { settings: { moduleComment: { onSave: 'always' } } }, async (client, server) => {
      client.settings = { ...client.settings, endpoint: `${server.url}/v1` };
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.request('textDocument/documentSymbol', { textDocument: { uri } });
      await willSave(client, uri, afterDelay);
      // The best of three: a busy machine may delay one, but a save that waits for the model would never end.
      const held: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        const started = performance.now();
        expect(await willSave(client, uri)).toEqual([]);
        held.push(performance.now() - started);
      }
      expect(Math.min(...held)).toBeLessThan(300);
    }));
});
