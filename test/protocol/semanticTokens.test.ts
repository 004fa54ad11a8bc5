import { afterEach, describe, expect, it } from 'vitest';
import { highlightMethod } from '../../server/src/protocol.ts';
import { type LanguageClient, startClient } from './languageClient.ts';

const routine = 'TEST ;XX - Test\nADD(A,B)\n S C=A+B ; sum\n Q C\n';
const capabilities = {
  workspace: { configuration: true },
  textDocument: {
    semanticTokens: { dynamicRegistration: true, requests: {}, tokenTypes: [], tokenModifiers: [], formats: [] },
  },
} as never;

const clients: LanguageClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.stop()));
});

interface Registration {
  readonly method: string;
  readonly registerOptions: {
    readonly documentSelector: readonly { language: string }[];
    readonly legend: { readonly tokenTypes: readonly string[] };
  };
}

async function start(highlight?: readonly string[]) {
  const answers = { 'client/registerCapability': () => null, 'client/unregisterCapability': () => null };
  const initializationOptions = highlight === undefined ? {} : { highlight };
  const client = await startClient({ capabilities, initializationOptions, answers });
  clients.push(client);
  const registrations = (): readonly Registration[] =>
    client.received
      .filter(({ method }) => method === 'client/registerCapability')
      .flatMap(({ params }) => (params as { registrations: Registration[] }).registrations)
      .filter(({ method }) => method === 'textDocument/semanticTokens');
  return { client, registrations };
}

/** `text type` of each token. */
function words(text: string, data: readonly number[], types: readonly string[]): readonly string[] {
  const lines = text.split('\n');
  const found: string[] = [];
  let line = 0;
  let column = 0;
  for (let at = 0; at < data.length; at += 5) {
    const [down = 0, right = 0, length = 0, type = 0] = data.slice(at, at + 4);
    column = down === 0 ? column + right : right;
    line += down;
    found.push(`${lines[line]?.slice(column, column + length)} ${types[type]}`);
  }
  return found;
}

describe('semantic tokens', () => {
  it('are registered for the ids that nobody else colours, and colour only documents with such an id', async () => {
    const { client, registrations } = await start(['mumps', 'python']);
    const [registration] = await client.until('a registration', () =>
      registrations().length > 0 ? registrations() : undefined,
    );
    expect(registration?.registerOptions.documentSelector).toEqual([{ language: 'mumps' }]);
    const types = registration?.registerOptions.legend.tokenTypes ?? [];
    const ask = async (id: string, name: string, range?: unknown) => {
      const uri = await client.open(name, id, routine);
      const { data } = await client.request<{ data: number[] }>(
        range === undefined ? 'textDocument/semanticTokens/full' : 'textDocument/semanticTokens/range',
        { textDocument: { uri }, ...(range === undefined ? {} : { range }) },
      );
      return words(routine, data, types);
    };
    const whole = await ask('mumps', 'A.m');
    for (const expected of [
      'TEST function',
      ';XX - Test comment',
      'A parameter',
      'S keyword',
      'C variable',
      '; sum comment',
    ])
      expect(whole).toContain(expected);
    const range = { start: { line: 2, character: 0 }, end: { line: 3, character: 0 } };
    expect(await ask('mumps', 'B.m', range)).toEqual([
      'S keyword',
      'C variable',
      'A variable',
      '+ operator',
      'B variable',
      '; sum comment',
    ]);
    // Another extension's id for the same language: that extension colours it.
    expect(await ask('mumps-m', 'C.m')).toEqual([]);
  });

  it('follow the extensions, and are none where the client names no language', async () => {
    const { client, registrations } = await start();
    await client.open('A.m', 'mumps', routine);
    expect(registrations()).toEqual([]);
    await client.notify(highlightMethod, { languages: ['asm', 'mumps'] });
    await client.until('a registration', () => (registrations().length === 1 ? true : undefined));
    await client.notify(highlightMethod, { languages: ['asm'] });
    await client.until('another registration', () => (registrations().length === 2 ? true : undefined));
    expect(client.received.filter(({ method }) => method === 'client/unregisterCapability')).toHaveLength(1);
    expect(registrations()[1]?.registerOptions.documentSelector).toEqual([{ language: 'asm' }]);
  });

  it('of a long file come by range; asked for the whole, there are none', async () => {
    const { client } = await start(['mumps']);
    const long = `TEST ;XX\n${' S X=1 ; set\n'.repeat(20_000)}`;
    const uri = await client.open('LONG.m', 'mumps', long);
    const ask = (method: string, range?: unknown) =>
      client.request<{ data: number[] }>(method, { textDocument: { uri }, range });
    expect((await ask('textDocument/semanticTokens/full')).data).toEqual([]);
    const seen = { start: { line: 19_000, character: 0 }, end: { line: 19_050, character: 0 } };
    expect((await ask('textDocument/semanticTokens/range', seen)).data).toHaveLength(50 * 4 * 5);
    const everything = { start: { line: 0, character: 0 }, end: { line: 20_000, character: 0 } };
    expect((await ask('textDocument/semanticTokens/range', everything)).data.length).toBeLessThan(20_000 * 4 * 5);
  });
});
