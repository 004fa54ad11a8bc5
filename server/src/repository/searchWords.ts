import type { DatabaseSync } from 'node:sqlite';
import { textTerms } from './identifiers.ts';

/**
 * What a term of the question counts in a symbol's name, in what stands around it (path, header of its class), and in its own text. Also sets how fast
 * repeats stop counting, since SQLite's bm25() lets one change weights only: half of each weight is as much as k1 = 2.4.
 * Chosen on the sources of urllib3 and networkx and on CoSQA's dev queries: docs/EVALUATION.md, "Retrieval".
 */
export const searchWeights = { name: 4, context: 0.5, body: 0.5 } as const;

/** The ranking of the table `search`, lower is better. */
export const searchRank = `bm25(search, ${searchWeights.name}, ${searchWeights.context}, ${searchWeights.body})`;

/** Of a long question. */
const mostTerms = 32;

/**
 * English words that carry grammar and no content. Code has them in comments only, so that BM25 takes them for rare and with them for telling: a
 * question in sentences then finds what is long and commented instead of what it asks for.
 */
const grammar = new Set(
  textTerms(
    `a about above after again against all also am an and any are as at be because been before being below between both but by can cannot
    could did do does doing down during each either few for from further had has have having he her here hers him his how however i if in
    into is it its itself just may me might more most must my neither no nor not now of off on once one only onto or other our out over own
    per same shall she should so some such than that the their theirs them then there therefore these they this those though through thus to
    too under until up upon us very via was we were what when where whether which while who whom whose why will with within without would yet
    you your yours`,
  ),
);

/**
 * The distinct terms to search for, in the question's order: without words of mere grammar and without the name of the language that most files
 * are written in ("python sort a dict"), unless there are no others.
 */
export function searchTerms(database: DatabaseSync, question: string): readonly string[] {
  const terms = [...new Set(textTerms(question))];
  const language = mainLanguage(database);
  const telling = terms.filter((term) => !grammar.has(term) && term !== language);
  return (telling.length > 0 ? telling : terms).slice(0, mostTerms);
}

/** As a term; undefined while nothing is indexed. */
function mainLanguage(database: DatabaseSync): string | undefined {
  const row = database
    .prepare('SELECT language FROM files GROUP BY language ORDER BY count(*) DESC, language LIMIT 1')
    .get();
  return row === undefined ? undefined : textTerms(String(row['language']))[0];
}
