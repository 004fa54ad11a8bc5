import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanLine, cleanParagraph } from '../../../server/src/summary/clean.ts';
import { ground, wordsOf } from '../../../server/src/summary/ground.ts';
import { parseAnswer } from '../../../server/src/summary/parse.ts';
import type { LanguageId } from '../../../server/src/types/outline.ts';

describe('cleaning', () => {
  it.each([
    ['Adds `a` to `b`.', 'Adds `a` to `b`.'],
    ['Adds\n two\tlines.', 'Adds two lines.'],
    ['Reads [the docs](https://evil.example/x) first.', 'Reads the docs first.'],
    ['Run [this](command:evil) now.', 'Run this now.'],
    ['![pixel](https://evil.example/p.png) Adds.', 'pixel Adds.'],
    ['See https://evil.example/a?b now.', 'See now.'],
    ['<img src=x onerror=evil()>Adds.', 'Adds.'],
    ['<scr<b>ipt>evil</script>', 'evil'],
    ['Returns a Map<string, Foo>.', 'Returns a Map<string, Foo>.'],
    ['Is a < b and c > d.', 'Is a < b and c > d.'],
    ['Hidden \u202etxet\u202c and \u200bzero\u{e0041}.', 'Hidden txet and zero.'],
    ['\u0000\u001b[31mRed', '[31mRed'],
    ['An odd ` tick', 'An odd tick'],
    ['```js\nevil()\n```', 'evil()'],
    ['# Heading', 'Heading'],
  ])('makes %j into %j', (text, expected) => {
    expect(cleanLine(text, 160)).toBe(expected);
  });

  it('cuts at a blank and says so', () => {
    expect(cleanLine('one two three four', 12)).toBe('one two…');
    expect(cleanParagraph('a\n\n\n b ', 100)).toBe('a\n\nb');
  });

  it('never leaves a link, a tag with attributes, or an invisible character, and never grows', () => {
    const hostile = fc
      .array(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('[', ']', '](', ')', '<', '<a href=x>', '>', '`', 'https://e', '\u202e', '!'),
        ),
        {
          maxLength: 30,
        },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(hostile, (text) => {
        const cleaned = cleanLine(text, 160);
        expect(cleaned.length).toBeLessThanOrEqual(160);
        expect(cleaned).not.toMatch(/\]\([^()]*\)|<[a-z]+\s[^<>]*=[^<>]*>|[\p{Cc}\p{Cf}]|https?:\/\//iu);
        expect(cleaned.split('`').length % 2).toBe(1);
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});

describe('reading an answer', () => {
  it.each([
    ['nothing', '', /one JSON object/],
    ['no JSON', 'Sure! It adds.', /one JSON object/],
    ['cut JSON', '{"line": "Adds', /one JSON object/],
    ['missing members', '{"line": "Adds."}', /paragraph/],
    ['wrong types', '{"line": 1, "paragraph": "", "claims": []}', /line/],
    ['an empty line', '{"line": "  ", "paragraph": "", "claims": []}', /empty/],
    ['far too much', `{"line": "${'x'.repeat(300_000)}"}`, /too long/],
  ])('refuses %s and says what was wrong', (_name, raw, problem) => {
    const answer = parseAnswer(raw);
    expect(answer.ok).toBe(false);
    if (!answer.ok) expect(answer.problem).toMatch(problem);
  });

  it('takes the object out of a fence and turns numbers from 1 into half-open lines', () => {
    const answer = parseAnswer(
      '```json\n{"line":"Adds.","paragraph":"P.","claims":[{"text":"T.","startLine":2,"endLine":3},{"text":1}]}\n```',
    );
    expect(answer).toEqual({
      ok: true,
      text: { line: 'Adds.', paragraph: 'P.', claims: [{ text: 'T.', startLine: 1, endLine: 3 }] },
      malformedClaims: 1,
      comments: [],
    });
  });

  it('survives any text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => typeof parseAnswer(text).ok === 'boolean'));
  });
});

describe('grounding', () => {
  const source = 'function addUp(first_item, second) { return this.total + first_item["key"]; } // see RFC';
  const unknown = (line: string, language: LanguageId = 'typescript', text = source) =>
    ground({ line, paragraph: '', claims: [] }, { language, names: wordsOf(text, language), lines: 3 }).unknownInLine;

  it.each([
    ['Adds `first_item` to `this.total`.', []],
    ['Returns `null` or `first_item["key"]`.', []],
    ['Adds two numbers and returns JSON for GitHub.', []],
    ['Calls `removeAll`.', ['removeAll']],
    ['Calls removeAll on it.', ['removeAll']],
    ['Calls purge() on it.', ['purge']],
    ['Sets some_field on UserStore.', ['some_field', 'UserStore']],
    ['Uses addUp and `AddUp`.', ['AddUp']],
  ])('of %j finds %j unknown', (line, expected) => {
    expect(unknown(line)).toEqual(expected);
  });

  it('ignores case where the language does', () => {
    expect(unknown('Calls `dfhecb`.', 'hlasm', 'DFHECB DSECT')).toEqual([]);
    expect(unknown('Sets `xq`.', 'mumps', ' S XQ=1')).toEqual([]);
  });

  it('knows that MUMPS joins strings with what is part of a name elsewhere', () => {
    expect(unknown('Calls `NOW^XLFDT`.', 'mumps', ' S X="at "_$$NOW^XLFDT')).toEqual([]);
    expect(unknown('Calls `now`.', 'c', 'x_now = 1;')).toEqual(['now']);
  });

  it.each([
    [0, 1, true],
    [2, 3, true],
    [0, 4, false],
    [-1, 1, false],
    [1, 1, false],
    [2, 1, false],
  ])('lets a claim cite lines %i to %i of three: %s', (startLine, endLine, isKept) => {
    const claims = [{ text: 'Adds.', startLine, endLine }];
    const grounded = ground({ line: '', paragraph: '', claims }, { language: 'c', names: new Set(), lines: 3 });
    expect(grounded.text.claims).toEqual(isKept ? claims : []);
    expect(grounded.droppedClaims).toBe(isKept ? 0 : 1);
  });
});
