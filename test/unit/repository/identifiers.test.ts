import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifierTerms, splitIdentifier, stem, textTerms } from '../../../server/src/repository/identifiers.ts';
import { joinedTerms } from '../../../server/src/repository/joinedTerms.ts';

describe('splitIdentifier', () => {
  it.each([
    ['userName', ['user', 'name']],
    ['parseHTTPResponse2', ['parse', 'http', 'response', '2']],
    ['MAX_RETRY_COUNT', ['max', 'retry', 'count']],
    ['__init__', ['init']],
    ['base64Decode', ['base', '64', 'decode']],
    ['$scope', ['scope']],
    ['größeÄndern', ['größe', 'ändern']],
    ['___', []],
  ])('splits %s', (identifier, parts) => {
    expect(splitIdentifier(identifier)).toEqual(parts);
  });

  it('loses no letter or digit of an ASCII identifier', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_]{0,40}$/), (identifier) => {
        expect(splitIdentifier(identifier).join('')).toBe(identifier.replaceAll('_', '').toLowerCase());
      }),
    );
  });
});

describe('stem', () => {
  it.each([
    [['index', 'indexes', 'indexed', 'indexing'], 'index'],
    [['parse', 'parses', 'parsed', 'parsing'], 'pars'],
    [['entry', 'entries'], 'entry'],
    [['apply', 'applies', 'applied'], 'apply'],
    [['stop', 'stopped', 'stopping', 'stops'], 'stop'],
    [['class', 'classes'], 'class'],
    [['status'], 'status'],
    [['string'], 'string'],
    [['feed'], 'feed'],
    [['bus'], 'bus'],
  ])('brings %j together', (words, expected) => {
    expect(words.map(stem)).toEqual(words.map(() => expected));
  });

  it('never empties a word nor makes it longer', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,20}$/), (word) => {
        expect(stem(word).length).toBeGreaterThan(0);
        expect(stem(word).length).toBeLessThanOrEqual(word.length);
      }),
    );
  });
});

describe('terms', () => {
  it('keeps the whole identifier beside its parts', () => {
    expect(identifierTerms('userNames')).toEqual(['user', 'nam', 'usernames']);
    expect(identifierTerms('user')).toEqual(['user']);
  });

  it('leaves out identifiers that are data', () => {
    expect(identifierTerms('a'.repeat(81))).toEqual([]);
  });

  it('reads code and prose alike, without lone numbers', () => {
    expect(textTerms('return this.parseLine(42)')).toEqual(['return', 'this', 'pars', 'lin', 'parseline']);
    expect(textTerms('Parses one line.')).toEqual(['pars', 'one', 'lin']);
  });

  it('finds in ASCII text what it finds in the same text beside another script', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const ascii = text.replace(/[^\x20-\x7e\n\t]/g, ' ');
        // A sign that belongs to no identifier sends the text down the other road.
        expect(textTerms(`${ascii} ·`)).toEqual(textTerms(ascii));
      }),
      { numRuns: 300 },
    );
  });

  it('stops at the limit', () => {
    expect(textTerms('a b c d', 2)).toEqual(['a', 'b']);
  });

  it('joins the terms of any text as it lists them', () => {
    const words = fc.constantFrom(
      'parseLine',
      'x',
      'MAX_RETRY_COUNT',
      '___',
      '42',
      'größe',
      'a'.repeat(81),
      'b'.repeat(80),
    );
    const texts = fc.array(fc.oneof(words, fc.string({ maxLength: 20 })), { maxLength: 30 });
    fc.assert(
      fc.property(texts, fc.nat({ max: 40 }), (pieces, limit) => {
        const text = pieces.join(' ');
        expect(joinedTerms(text, limit)).toBe(textTerms(text, limit).join(' '));
      }),
    );
  });

  it('joins the terms of more identifiers and longer texts than it remembers', () => {
    const text = Array.from({ length: 60_000 }, (_, index) => `name${index}Of some_thing`).join('\n');
    for (const each of [text, text.slice(0, 300_000), 'again parseLine'])
      expect(joinedTerms(each, 1_000_000)).toBe(textTerms(each, 1_000_000).join(' '));
  });
});
