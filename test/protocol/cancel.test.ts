import { describe, expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { LSPErrorCodes } from 'vscode-languageserver-protocol';
import { cart, onTotal, openLater, stalled, summarize, withModel } from './models.ts';

const abandoned = (request: { readonly abandoned: boolean } | undefined): true | undefined =>
  request?.abandoned === true ? true : undefined;

describe('cancelling', () => {
  it('a request ends it as RequestCancelled, and at the model, too', () =>
    withModel({ openai: stalled }, {}, async (client, server) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      const source = new CancellationTokenSource();
      const asked = client.request(summarize, { uri, line: 0 }, source.token).catch((error: unknown) => error);
      await server.waitForRequests(1);
      source.cancel();
      expect(await asked).toMatchObject({ code: LSPErrorCodes.RequestCancelled });
      await client.until('the end at the model', () => abandoned(server.requests[0]));
      expect(await client.hover(uri, onTotal)).toMatch(/^\[Summarize\]/);
    }));

  it('the progress ends the work that it stands for', () =>
    withModel({ openai: stalled }, {}, async (client, server) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      const asked = client.request(summarize, { uri, line: 0 }).catch((error: unknown) => error);
      await server.waitForRequests(1);
      const begun = client.received.find(({ method }) => method === '$/progress')?.params;
      expect(begun).toMatchObject({ value: { kind: 'begin', cancellable: true } });
      const { token } = begun as { token: string | number };
      await client.notify('window/workDoneProgress/cancel', { token });
      expect(await asked).toMatchObject({ code: LSPErrorCodes.RequestCancelled });
      await client.until('the end at the model', () => abandoned(server.requests[0]));
      await client.until('the end of the progress', () =>
        client.received.some(
          ({ method, params }) =>
            method === '$/progress' && (params as { value: { kind: string } }).value.kind === 'end',
        )
          ? true
          : undefined,
      );
    }));

  it('a change of settings ends it at the old model, and who waits hears the model chosen now', () =>
    withModel({ openai: [stalled, { kind: 'answer' }] }, {}, async (client, server) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      const asked = client.request(summarize, { uri, line: 0 });
      await server.waitForRequests(1);
      client.settings = { ...client.settings, model: 'another-model', budget: { daily: null } };
      await client.notify('workspace/didChangeConfiguration', { settings: null });
      expect(await asked).toMatchObject({ ok: true });
      await client.until('the end at the old model', () => abandoned(server.requests[0]));
      expect(await client.hover(uri, onTotal)).toContain('by another-model');
    }));

  it('one of two who ask leaves the other its answer', () => {
    const release = openLater();
    return withModel({ openai: { kind: 'answer', until: release.opened } }, {}, async (client, server) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      const copy = await client.open('copy.ts', 'typescript', cart);
      const source = new CancellationTokenSource();
      const first = client.request(summarize, { uri, line: 0 }, source.token).catch((error: unknown) => error);
      const second = client.request(summarize, { uri: copy, line: 0 });
      await server.waitForRequests(1);
      source.cancel();
      expect(await first).toMatchObject({ code: LSPErrorCodes.RequestCancelled });
      release.open();
      expect(await second).toMatchObject({ ok: true });
      expect(server.requests).toHaveLength(1);
    });
  });

  it('closing the document ends the request at the model', () =>
    withModel({ openai: stalled }, {}, async (client, server) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      const asked = client.request(summarize, { uri, line: 0 }).catch((error: unknown) => error);
      await server.waitForRequests(1);
      await client.notify('textDocument/didClose', { textDocument: { uri } });
      await client.until('the end of the request', () => abandoned(server.requests[0]));
      await asked;
    }));
});
