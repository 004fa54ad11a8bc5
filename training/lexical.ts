/**
 * The product's own BM25 for search.py: reads one JSON object {documents: [{name, code}], queries: [text]} from standard input and writes,
 * per query, a line of [document, score] pairs, best first.
 */
import { text } from 'node:stream/consumers';
import { textTerms } from '../server/src/repository/identifiers.ts';
import { buildLexicalIndex, NAME_WEIGHT } from '../server/src/repository/lexicalRank.ts';

const MAX_BODY_TERMS = 300;
const KEPT = 1000;

const { documents, queries } = JSON.parse(await text(process.stdin)) as {
  readonly documents: readonly { readonly name: string; readonly code: string }[];
  readonly queries: readonly string[];
};
const index = buildLexicalIndex(
  documents.map(({ name, code }) => [
    { terms: textTerms(name), weight: NAME_WEIGHT },
    { terms: textTerms(code, MAX_BODY_TERMS), weight: 1 },
  ]),
);
for (const query of queries) {
  const ranked = index.rank(textTerms(query), KEPT);
  process.stdout.write(`${JSON.stringify(ranked.map(({ document, score }) => [document, Number(score.toFixed(4))]))}\n`);
}
