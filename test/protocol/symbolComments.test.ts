import { afterEach, describe, expect, it } from 'vitest';
import { type CommentEditResult, commentEditMethod } from '../../server/src/protocol.ts';
import { applyEdits } from '../../server/src/summary/comments/symbolComments.ts';
import { type LanguageClient, startClient } from './languageClient.ts';

const routine = [
  'SUMS ;XX/YY - Sums',
  ' ;;1.0;TEST;;',
  ' Q',
  'ADD(A,B)',
  ' N C S C=A+B',
  ' Q C',
  'SUB(A,B) ; the author says what it does',
  ' Q A-B',
  'SHOW',
  ' W $$ADD(1,2)',
  ' Q',
  '',
].join('\n');

const clients: LanguageClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.stop()));
});

describe('comments on everything uncommented', () => {
  it('are insertions of whole lines above each symbol without its author’s words, for the version that was read', async () => {
    const client = await startClient({ settings: { provider: 'outline' } });
    clients.push(client);
    const uri = await client.open('SUMS.m', 'mumps', routine, 7);
    const result = await client.request<CommentEditResult>(commentEditMethod, { uri, kind: 'symbols' });
    expect(result).toMatchObject({ version: 7, message: '' });
    expect(result.edits?.map(({ range }) => [range.start.line, range.end.line])).toEqual([
      [3, 3],
      [8, 8],
    ]);
    const commented = applyEdits(routine, result.edits ?? []);
    expect(commented.split('\n').filter((line) => !routine.split('\n').includes(line)).length).toBeGreaterThanOrEqual(
      6,
    );
    const again = await client.open('AGAIN.m', 'mumps', commented);
    const nothing = await client.request<CommentEditResult>(commentEditMethod, { uri: again, kind: 'symbols' });
    expect(nothing.edits).toBeUndefined();
    expect(nothing.message).toMatch(/has a comment/);
  });
});
