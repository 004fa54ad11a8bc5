import { describe, expect, it } from 'vitest';
import type { CodeLens } from 'vscode-languageserver-protocol';
import { ours, summarize, withClient } from './models.ts';

/** Without a doc comment, in a language that the model was read in. */
const orders = `def close_idle(pool, seconds):
    limit = pool.clock() - seconds
    for connection in list(pool.idle):
        if connection.last_used < limit:
            connection.close()
            pool.idle.remove(connection)


def documented(pool):
    """Counts the connections of the pool."""
    return len(pool.idle)
`;
const onCloseIdle = { line: 0, character: 6 };
const embedded = { settings: { provider: 'embedded' }, initializationOptions: ours };

describe('with the embedded model and no key', { timeout: 180_000 }, () => {
  it('a hover answers at once from the code, while the model works', () =>
    withClient(embedded, async (client) => {
      const uri = await client.open('orders.py', 'python', orders);
      const first = await client.hover(uri, onCloseIdle);
      expect(first).toContain('read off the code, no model asked');
      expect(first).toContain('*Summarizing…*');
    }));

  it('names who spoke once it is done, and quotes the author where there is one', () =>
    withClient(embedded, async (client) => {
      const uri = await client.open('orders.py', 'python', orders);
      expect(await client.request(summarize, { uri, line: 0 })).toMatchObject({ ok: true });
      expect(await client.hover(uri, onCloseIdle)).toMatch(
        /\*(by the embedded model; may be incorrect|read off the code)/,
      );
      expect(await client.hover(uri, { line: 8, character: 6 })).toContain("the author's comment");
    }));

  it('fills the lenses by itself, and the editor is asked to look again', () =>
    withClient(embedded, async (client) => {
      const uri = await client.open('orders.py', 'python', orders);
      const lenses =
        (await client.request<CodeLens[] | null>('textDocument/codeLens', { textDocument: { uri } })) ?? [];
      const titles = async (): Promise<readonly (string | undefined)[]> =>
        (await Promise.all(lenses.map((lens) => client.request<CodeLens>('codeLens/resolve', lens)))).map(
          ({ command }) => command?.title,
        );
      expect((await titles())[0]).toBe('Summarizing…');
      // Joins the work that the lens started.
      await client.request(summarize, { uri, line: 0 });
      expect((await titles())[0]).toMatch(/^\S+ \S+/);
      await client.until('a refresh', () =>
        client.received.find(({ method }) => method === 'workspace/codeLens/refresh'),
      );
    }));
});
