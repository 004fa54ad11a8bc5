import { afterEach, describe, expect, it } from 'vitest';
import { type PartitionsResult, partitionEditMethod, partitionsMethod } from '../../server/src/protocol.ts';
import { type LanguageClient, startClient } from './languageClient.ts';

const routine = [
  'TEST ;XX/YY - Test routine',
  ' ;;1.0;TEST;;',
  ' Q',
  ...['ADD', 'SUB', 'MUL'].flatMap((name) => [`${name}(A,B)`, ' N C', ' S C=A+B', ' S C=C*2', ' Q C']),
].join('\n');

const clients: LanguageClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.stop()));
});

const startsOf = (result: PartitionsResult | null) => result?.partitions.map(({ startLine }) => startLine);

describe('partitions over LSP', () => {
  it('are shown, moved, merged and kept with the content until they are taken back', async () => {
    const client = await startClient();
    clients.push(client);
    const uri = await client.open('TEST.m', 'mumps', routine);
    const ask = () => client.request<PartitionsResult | null>(partitionsMethod, { uri });
    const edit = (change: unknown) =>
      client.request<PartitionsResult | null>(partitionEditMethod, { uri, edit: change });
    const natural = await client.request<PartitionsResult | null>(partitionsMethod, { uri, strategy: 'structure' });
    expect(natural?.strategy).toBe('structure');
    expect(natural?.edited).toBe(false);
    expect(await edit({ kind: 'split', line: 3 })).toMatchObject({ edited: true });
    expect(startsOf(await edit({ kind: 'split', line: 13 }))).toEqual([0, 3, 13]);
    expect(startsOf(await edit({ kind: 'move', from: 13, to: 9 }))).toEqual([0, 3, 8]);
    expect(startsOf(await edit({ kind: 'merge', line: 3 }))).toEqual([0, 8]);
    expect(await edit({ kind: 'merge', line: 3 })).toBeNull();
    expect(startsOf(await ask())).toEqual([0, 8]);
    const reset = await edit({ kind: 'reset' });
    expect(reset?.edited).toBe(false);
    expect(reset).toEqual(await ask());
  });

  it('keep the picked strategy, and the boundaries of each strategy for itself, also beside a comment of ours', async () => {
    const client = await startClient();
    clients.push(client);
    const uri = await client.open('TEST.m', 'mumps', routine);
    const ask = () => client.request<PartitionsResult | null>(partitionsMethod, { uri });
    const edit = (change: unknown, strategy?: string) =>
      client.request<PartitionsResult | null>(partitionEditMethod, { uri, strategy, edit: change });
    expect(await edit({ kind: 'split', line: 8 }, 'structure')).toMatchObject({ edited: true });
    expect(await edit({ kind: 'choose' }, 'fixed')).toMatchObject({ strategy: 'fixed', edited: false });
    expect(await ask()).toMatchObject({ strategy: 'fixed', edited: false, editedStrategies: ['structure'] });
    const back = await edit({ kind: 'choose' }, 'structure');
    expect(back).toMatchObject({ strategy: 'structure', edited: true });
    expect(startsOf(back)).toEqual([0, 8]);
    const block = [' ; codegloss:begin v1 0123456789ab', ' ; Calculates.', ' ; codegloss:end', ' ;'];
    const lines = routine.split('\n');
    const commented = await client.open(
      'NEXT.m',
      'mumps',
      [...lines.slice(0, 2), ...block, ...lines.slice(2)].join('\n'),
    );
    const there = await client.request<PartitionsResult | null>(partitionsMethod, { uri: commented });
    expect(there).toMatchObject({ strategy: 'structure', edited: true });
    expect(startsOf(there)).toEqual([0, 12]);
  });

  it('come from structure, with the reason, when the model cannot be asked', async () => {
    const client = await startClient({ settings: { provider: 'outline' } });
    clients.push(client);
    const uri = await client.open('TEST.m', 'mumps', routine);
    const result = await client.request<PartitionsResult | null>(partitionsMethod, { uri, strategy: 'model' });
    expect(result?.strategy).toBe('structure');
    expect(result?.note).toMatch(/outline.*cannot choose boundaries/);
  });
});
