import { afterEach, describe, expect, it } from 'vitest';
import type { CodeAction, PublishDiagnosticsParams } from 'vscode-languageserver-protocol';
import { type LanguageClient, startClient } from './languageClient.ts';

const text = `/**
 * Adds.
 * @param a one
 * @param gone two
 */
export function add(a) {
  return a;
}
`;

const clients: LanguageClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.stop()));
});

const hintsFor = (client: LanguageClient, uri: string) =>
  client.received
    .filter(({ method }) => method === 'textDocument/publishDiagnostics')
    .map(({ params }) => params as PublishDiagnosticsParams)
    .filter((each) => each.uri === uri);

describe('comments that no longer fit', () => {
  it('are hinted at, can be mended by one edit, and the hint goes', async () => {
    const client = await startClient();
    clients.push(client);
    const uri = await client.open('a.js', 'javascript', text);
    const [hint] = await client.until('a hint', () => {
      const last = hintsFor(client, uri).at(-1)?.diagnostics;
      return last !== undefined && last.length > 0 ? last : undefined;
    });
    expect(hint).toMatchObject({ severity: 4, code: 'drift', range: { start: { line: 3, character: 1 } } });
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: hint?.range,
      context: { diagnostics: [hint], only: ['quickfix'] },
    });
    expect(actions.map(({ title }) => title)).toContain('Take gone out of the comment');
    expect(actions[0]?.edit?.changes?.[uri]).toEqual([
      { range: { start: { line: 3, character: 0 }, end: { line: 4, character: 0 } }, newText: '' },
    ]);
    const contentChanges = [{ range: { start: { line: 3, character: 0 }, end: { line: 4, character: 0 } }, text: '' }];
    await client.notify('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges });
    await client.until('no hint', () => (hintsFor(client, uri).at(-1)?.diagnostics.length === 0 ? true : undefined));
  });

  it('are left alone where the setting says so', async () => {
    const client = await startClient({ settings: { drift: { enabled: false } } });
    clients.push(client);
    const uri = await client.open('a.js', 'javascript', text);
    const answer = await client.until('an answer', () => hintsFor(client, uri).at(-1));
    expect(answer.diagnostics).toEqual([]);
  });
});
