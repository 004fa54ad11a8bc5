import { describe, expect, it } from 'vitest';
import { type SummaryRecord, settingsHash, subjectId, summaryKey } from '../../../server/src/summary/keys.ts';
import { symbolPaths } from '../../../server/src/syntax/symbolPaths.ts';
import { canonicalJson } from '../../../server/src/types/canonicalJson.ts';
import { contentHash } from '../../../server/src/types/contentHash.ts';
import type { Outline } from '../../../server/src/types/outline.ts';
import { testStyle } from './fakeProducer.ts';

const record: SummaryRecord = {
  language: 'go',
  subjectKind: 'symbol',
  name: 'Go',
  standsOn: { subject: contentHash('a'), doc: contentHash(''), settings: settingsHash(1, testStyle) },
  producer: { provider: 'anthropic', model: 'm' },
  context: [
    { role: 'callee', symbol: 'a', hash: contentHash('1') },
    { role: 'import', hash: contentHash('2') },
  ],
};

describe('the key of a summary', () => {
  it('does not hang on the order of context or of members', () => {
    const turned = { ...record, context: [...record.context].reverse() };
    expect(summaryKey(turned)).toBe(summaryKey(record));
    expect(canonicalJson({ b: 1, a: [true, null, undefined === null] })).toBe('{"a":[true,null,false],"b":1}');
  });

  it('differs with every part of the record', () => {
    const { standsOn, producer } = record;
    const others: SummaryRecord[] = [
      { ...record, language: 'rust' },
      { ...record, subjectKind: 'file' },
      { ...record, name: 'Gone' },
      { ...record, standsOn: { ...standsOn, subject: contentHash('b') } },
      { ...record, standsOn: { ...standsOn, doc: contentHash('b') } },
      { ...record, standsOn: { ...standsOn, settings: settingsHash(2, testStyle) } },
      { ...record, standsOn: { ...standsOn, settings: settingsHash(1, { ...testStyle, language: 'de' }) } },
      { ...record, standsOn: { ...standsOn, settings: settingsHash(1, { ...testStyle, comments: 'strip' }) } },
      { ...record, producer: { ...producer, model: 'n' } },
      { ...record, producer: { ...producer, provider: 'openai' } },
      { ...record, context: record.context.slice(1) },
    ];
    expect(new Set([record, ...others].map(summaryKey)).size).toBe(others.length + 1);
  });

  it('never joins parts so that different ones look the same', () => {
    expect(subjectId('a', 'b/c', 'd')).not.toBe(subjectId('a', 'b', 'c/d'));
    expect(subjectId('a', 'b', 'c","d')).not.toBe(subjectId('a', 'b', 'c'));
  });
});

describe('symbol paths', () => {
  it('tell members of the same name apart', () => {
    const at = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const symbol = (name: string, parent?: number) => ({
      name,
      kind: 'method' as const,
      range: at,
      selectionRange: at,
      ...(parent === undefined ? {} : { parent }),
    });
    const outline: Outline = {
      language: 'java',
      lines: 1,
      parseErrors: 0,
      symbols: [symbol('A'), symbol('go', 0), symbol('go', 0), symbol('B'), symbol('go', 3)],
    };
    expect(symbolPaths(outline)).toEqual(['A', 'A.go', 'A.go#2', 'B', 'B.go']);
  });
});
