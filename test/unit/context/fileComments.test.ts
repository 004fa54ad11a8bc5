import { afterAll, describe, expect, it } from 'vitest';
import { commentPiece, commentsHash } from '../../../server/src/context/fileComments.ts';
import { subjectOf } from '../../../server/src/summary/subjects.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';

const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
afterAll(() => syntax.dispose());

const shop = `"""Everything about the till."""
# Copyright 2020 Some Company. All rights reserved.

RATE = 3  # per cent of the net amount
# old = rate(2);

def close(till):
    """Closes the till."""
    till.lock()  # nobody may open it now

# The bank wants the sums
# before midnight.
def report(till):
    return till.sums
`;

async function shown(text: string, name: string) {
  const doc = await syntax.open('python', text);
  const index = doc.outline.symbols.findIndex((symbol) => symbol.name === name);
  const document = { uri: 'file:///shop.py', path: 'shop.py', repository: 'shop', syntax: doc };
  const [piece] = commentPiece(subjectOf(document, index), doc);
  const hash = commentsHash(doc);
  doc.dispose();
  return { lines: piece?.text.split('\n') ?? [], hash, pieceHash: piece?.hash };
}

describe('what comments of a file say beside a symbol', () => {
  it('is the head of the file and the comments that are no symbol’s and not in it, without licences and code', async () => {
    expect((await shown(shop, 'close')).lines).toEqual(['Everything about the till.', 'per cent of the net amount']);
    expect((await shown(shop, 'report')).lines).toEqual([
      'Everything about the till.',
      'nobody may open it now',
      'per cent of the net amount',
    ]);
  });

  it('changes its hash with the comments, not with the code', async () => {
    const before = await shown(shop, 'report');
    expect(before.pieceHash).toBe(before.hash);
    expect((await shown(shop.replace('till.sums', 'till.all()'), 'report')).hash).toBe(before.hash);
    expect((await shown(shop.replace('nobody', 'no one'), 'report')).hash).not.toBe(before.hash);
  });

  it('leaves out what repeats the symbol’s own comment', async () => {
    const text = shop.replace('nobody may open it now', 'the bank wants the sums before midnight');
    expect((await shown(text, 'report')).lines).not.toContain('the bank wants the sums before midnight');
  });
});
