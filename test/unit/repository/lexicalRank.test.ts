import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textTerms } from '../../../server/src/repository/identifiers.ts';
import {
  buildLexicalIndex,
  type LexicalDocument,
  MAX_QUERY_TERMS,
  NAME_WEIGHT,
} from '../../../server/src/repository/lexicalRank.ts';

const symbol = (name: string, body: string): LexicalDocument => [
  { terms: textTerms(name), weight: NAME_WEIGHT },
  { terms: textTerms(body), weight: 1 },
];

describe('buildLexicalIndex', () => {
  it('puts a match in the name before the same match in the body', () => {
    const index = buildLexicalIndex([symbol('run', 'close the socket'), symbol('closeSocket', 'run it all')]);
    expect(index.rank(textTerms('close socket'), 5).map((hit) => hit.document)).toEqual([1, 0]);
  });

  it('gives the score of the BM25 formula', () => {
    const index = buildLexicalIndex([[{ terms: ['a', 'a', 'b'], weight: 1 }], [{ terms: ['c'], weight: 1 }]]);
    const inverse = Math.log(1 + 1.5 / 1.5);
    const norm = 1.2 * (0.25 + (0.75 * 3) / 2);
    expect(index.rank(['a'], 1)[0]?.score).toBeCloseTo((inverse * 2 * 2.2) / (2 + norm), 5);
  });

  it('leaves out documents that share no term, and forgets the query before', () => {
    const index = buildLexicalIndex([symbol('alpha', ''), symbol('beta', '')]);
    expect(index.rank(['alpha'], 9).map((hit) => hit.document)).toEqual([0]);
    expect(index.rank(['beta'], 9).map((hit) => hit.document)).toEqual([1]);
    expect(index.rank(['gamma'], 9)).toEqual([]);
    expect(index.rank(['alpha'], 0)).toEqual([]);
  });

  it('answers on an empty index', () => {
    expect(buildLexicalIndex([]).rank(['alpha'], 3)).toEqual([]);
  });

  it('keeps the rarest terms of a long query', () => {
    const documents = [['often', 'once'], ['often'], ['often', 'twice'], ['twice']];
    const index = buildLexicalIndex(documents.map((terms) => [{ terms, weight: 1 }]));
    expect(index.rarestTerms(['often', 'twice', 'never', 'once', 'once'], 2)).toEqual(['once', 'twice']);
    expect(MAX_QUERY_TERMS).toBeGreaterThan(2);
  });

  it('ranks as a full sort would', () => {
    const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(words, { maxLength: 30 }), words, fc.integer({ min: 1, max: 8 }), (texts, query, limit) => {
        const index = buildLexicalIndex(texts.map((terms) => [{ terms, weight: 1 }]));
        const all = index.rank(query, texts.length + 1);
        expect(index.rank(query, limit)).toEqual(all.slice(0, limit));
        expect([...all].sort((x, y) => y.score - x.score || x.document - y.document)).toEqual(all);
      }),
    );
  });
});
