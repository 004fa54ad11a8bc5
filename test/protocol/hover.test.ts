import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cart, onCheapest, onTotal, ours, remoteUrl, stalled, summarize, withModel } from './models.ts';

describe('hover says what is known', () => {
  it('absent: a link that asks for a summary, and nothing is sent', () =>
    withModel({}, {}, async (client, server) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.hover(uri, onTotal)).toMatch(/^\[Summarize\]\(command:codegloss\.summarizeSymbol\?/);
      expect(server.requests).toHaveLength(0);
    }));

  it('absent in another editor: words, because its links run no commands', () =>
    withModel({}, { initializationOptions: {} }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.hover(uri, onTotal)).toBe('*Not summarized yet.*');
    }));

  it('fresh: line, paragraph, claims with their lines, and who wrote it', () =>
    withModel({}, {}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({ ok: true });
      const hover = await client.hover(uri, onTotal);
      expect(hover).toContain('**Loopback summary of `total`');
      expect(hover).toContain('cart.ts#L');
      expect(hover).toContain('may be incorrect');
      expect(hover).not.toContain('Outdated');
    }));

  it('stale: the old words, said to be outdated, with a link to refresh', () =>
    withModel({}, {}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.request(summarize, { uri, line: 0 });
      await client.notify('textDocument/didChange', {
        textDocument: { uri, version: 2 },
        contentChanges: [
          { range: { start: { line: 1, character: 12 }, end: { line: 1, character: 13 } }, text: '100' },
        ],
      });
      const hover = await client.hover(uri, onTotal);
      expect(hover).toContain('Loopback summary of `total`');
      expect(hover).toMatch(/\*Outdated: .*\[Refresh\]\(command:/);
    }));

  it('made by another model: its words and its name, not outdated, with a link that asks the one chosen now', () =>
    withModel({}, {}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.request(summarize, { uri, line: 0 });
      client.settings = { ...client.settings, model: 'another-model' };
      await client.notify('workspace/didChangeConfiguration', { settings: null });
      const hover = await client.hover(uri, onTotal);
      expect(hover).toContain('by loopback-model');
      expect(hover).toMatch(/\*Another model is chosen now\.\* \[Ask it\]\(command:/);
      expect(hover).not.toContain('Outdated');
    }));

  it('working: says so at once while the model keeps silent', () =>
    withModel({ openai: stalled }, {}, async (client, server) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.hover(uri, onTotal);
      void client.request(summarize, { uri, line: 0 }).catch(() => undefined);
      await server.waitForRequests(1);
      const started = performance.now();
      expect(await client.hover(uri, onTotal)).toBe('*Summarizing…*');
      expect(performance.now() - started).toBeLessThan(500);
    }));
});

describe('hover says in one line why there is nothing, and what mends it', () => {
  it('ignored file', () =>
    withModel({}, {}, async (client, server) => {
      writeFileSync(path.join(client.folder, '.codeglossignore'), 'private/\n');
      mkdirSync(path.join(client.folder, 'private'));
      const uri = await client.open('private/cart.ts', 'typescript', cart);
      expect(await client.hover(uri, onTotal)).toContain('private/cart.ts is kept from models by an ignore file');
      expect(server.requests).toHaveLength(0);
    }));

  it('secret in the code', () =>
    withModel({}, {}, async (client, server) => {
      const key = ['AKIA', 'QZ3XW7RT5KLM2NPB'].join('');
      const uri = await client.open(
        'cart.ts',
        'typescript',
        cart.replace('let sum = 0', `const id = "${key}"; let sum = 0`),
      );
      await client.request(summarize, { uri, line: 0 });
      expect(await client.hover(uri, onTotal)).toMatch(/Nothing was sent.*cart\.ts.*2.*allow-secret/);
      expect(server.requests).toHaveLength(0);
    }));

  it('untrusted workspace', () =>
    withModel({}, { initializationOptions: { ...ours, trusted: false } }, async (client, server) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.hover(uri, onTotal)).toMatch(
        /this workspace is not trusted.*\[Manage Workspace Trust\]\(command:workbench\.trust\.manage/,
      );
      expect(server.requests).toHaveLength(0);
    }));

  it('missing key, with a link that sets it', () =>
    withModel(
      {},
      { settings: { provider: 'anthropic', model: '' }, answers: { 'codegloss/apiKey': () => ({ key: null }) } },
      async (client, server) => {
        client.settings = { ...client.settings, endpoint: remoteUrl(server) };
        const uri = await client.open('cart.ts', 'typescript', cart);
        await client.request(summarize, { uri, line: 0 });
        const hover = await client.hover(uri, onTotal);
        expect(hover).toContain('No API key for Anthropic is set');
        expect(hover).toContain('[Set API Key](command:codegloss.setApiKey');
      },
    ));

  it('endpoint down', () =>
    withModel({}, {}, async (client, server) => {
      await server.close();
      const uri = await client.open('cart.ts', 'typescript', cart);
      await client.request(summarize, { uri, line: 0 });
      expect(await client.hover(uri, onTotal)).toContain('cannot be reached');
    }));
});

describe('hover obeys its settings', () => {
  it('hover.enabled off: nothing', () =>
    withModel({}, { settings: { hover: { enabled: false } } }, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      expect(await client.hover(uri, onTotal)).toBeNull();
    }));

  it("whenDocumented: quotes the author's first sentence, says nothing, or summarizes", () =>
    withModel({}, {}, async (client) => {
      const uri = await client.open('cart.ts', 'typescript', cart);
      const quoted = await client.hover(uri, onCheapest);
      expect(quoted).toMatch(/^Gives back the cheapest price\.\n\n\*the author's comment\*/);
      const seen: (string | null)[] = [];
      for (const whenDocumented of ['nothing', 'summarize']) {
        client.settings = { ...client.settings, hover: { enabled: true, whenDocumented } };
        await client.notify('workspace/didChangeConfiguration', { settings: null });
        seen.push(await client.hover(uri, onCheapest));
      }
      expect(seen).toEqual([null, expect.stringMatching(/^\[Summarize\]/)]);
    }));
});

describe('hover trusts neither code nor model', () => {
  const hostile =
    '[click](command:evil) <img src=x onerror=alert(1)> ![i](https://evil.example/x.png) https://evil.example';
  /** What a renderer could follow or run. */
  const live = /(?<!\\)\]\((?:command:evil|https?:)|<img|(?<![&\w])https:\/\//;

  it('escapes what a model answers', () =>
    withModel(
      {
        openai: {
          kind: 'answer',
          document: { line: hostile, paragraph: hostile, claims: [{ text: hostile, startLine: 1, endLine: 2 }] },
        },
      },
      {},
      async (client) => {
        const uri = await client.open('cart.ts', 'typescript', cart);
        await client.request(summarize, { uri, line: 0 });
        const hover = await client.hover(uri, onTotal);
        expect(hover).toContain('click');
        expect(hover).not.toMatch(live);
      },
    ));

  it('escapes what a comment says', () =>
    withModel({}, {}, async (client) => {
      const uri = await client.open(
        'cart.ts',
        'typescript',
        `/** ${hostile}. */\nexport function f() {\n  return 1;\n}\n`,
      );
      const hover = await client.hover(uri, { line: 1, character: 16 });
      expect(hover).toContain('click');
      expect(hover).not.toMatch(live);
    }));
});
