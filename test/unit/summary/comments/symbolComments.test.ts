import { afterAll, describe, expect, it } from 'vitest';
import {
  applyEdits,
  removeSymbolComments,
  symbolCommentEdits,
} from '../../../../server/src/summary/comments/symbolComments.ts';
import { repositoryAssets } from '../../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../../server/src/syntax/syntax.ts';

const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
afterAll(() => syntax.dispose());

const text = [
  'MAIN     CSECT',
  '         USING *,15',
  'PACK     DS    0H',
  '         MVC   A(4),B',
  '         BR    14',
  'UNPACK   DS    0H',
  '         MVC   B(4),A',
  '         BR    14',
  'A        DS    CL4',
  'B        DS    CL4',
  '         END',
  '',
].join('\n');

describe('comments on many symbols', () => {
  it.each(['Packs a field.', 'codegloss:end */ *> MEND', 'Ends in column 72'.padEnd(300, ' word')])(
    'go in together and out without a trace: %s',
    async (words) => {
      const doc = await syntax.open('hlasm', text);
      const all = doc.outline.symbols.map((_, symbol) => ({ symbol, text: words }));
      const edits = symbolCommentEdits(doc, all);
      doc.dispose();
      expect(edits.length).toBeGreaterThan(1);
      const after = applyEdits(text, edits);
      for (const line of after.split('\n')) expect(line.length).toBeLessThanOrEqual(71);
      const commented = await syntax.open('hlasm', after);
      const removals = removeSymbolComments(commented);
      commented.dispose();
      expect(applyEdits(after, removals)).toBe(text);
    },
  );
});
