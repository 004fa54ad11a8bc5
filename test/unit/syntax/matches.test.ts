import { readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { loadGrammar } from '../../../server/src/syntax/grammar.ts';
import { askedMatches, matchesIn } from '../../../server/src/syntax/matches.ts';
import { patternsIn } from '../../../server/src/syntax/queryText.ts';
import { saysCalls } from '../../../server/src/syntax/uses.ts';
import { fixtures, readFixture, root, syntax } from './openFixture.ts';

afterAll(() => syntax.dispose());

describe('matchesIn', () => {
  it.each(readdirSync(fixtures).filter((name) => !name.endsWith('.outline')))(
    '%s: reads from memory what the query answers',
    async (name) => {
      const { text, language } = readFixture(name);
      const grammar = await loadGrammar(language, repositoryAssets(root));
      const queries = [grammar.outline.get().query, grammar.calls?.get(), grammar.whole?.get().query];
      const document = await syntax.open(language, `${text}\n// ü 😀\n${text}`);
      const { rootNode } = document.tree;
      const middle = { start: text.length >> 2, end: text.length >> 1 };
      for (const query of queries.filter((each) => each !== undefined)) {
        expect(matchesIn(query, rootNode, document.text)).toEqual(askedMatches(query, rootNode, 0, 0));
        expect(matchesIn(query, rootNode, document.text, middle)).toEqual(
          askedMatches(query, rootNode, middle.start, middle.end),
        );
      }
      document.dispose();
    },
  );
});

describe('patternsIn', () => {
  it('parts a query between its patterns, comments and brackets in strings apart', () => {
    const query = '; of (all\n(a "(" @x) @y\n((b) @z (#eq? @z ")"))\n[(c) (d)] @w ; last\n';
    expect(patternsIn(query)).toEqual([
      '; of (all\n(a "(" @x) @y\n',
      '((b) @z (#eq? @z ")"))\n',
      '[(c) (d)] @w ; last\n',
    ]);
    expect(patternsIn(query).join('')).toBe(query);
  });

  it('leaves out for an index what only says what a symbol does', () => {
    const query =
      '(return (_)) @return\n(call name: (_) @name) @call\n(let (id) @local) ; @call\n((command) @_word) @scope';
    expect(patternsIn(query).filter(saysCalls)).toEqual(['(call name: (_) @name) @call\n']);
  });
});
