import type { DatabaseSync } from 'node:sqlite';
import { textTerms } from './identifiers.ts';
import { MAX_QUERY_TERMS, NAME_WEIGHT } from './lexicalRank.ts';

/** A symbol that resembles a text. */
export interface SimilarSymbol {
  readonly symbol: number;
  /** BM25, higher is better; comparable only within one question. */
  readonly score: number;
}

const maxTermsLookedUp = 400;

/**
 * Functions with a doc comment whose text shares the rarest terms of `text`, best first. Code makes long queries; the rare terms carry the
 * score and the others only cost time. Twins among those found go by place, since ids tell which file was read first.
 */
export function similarDocumented(database: DatabaseSync, text: string, limit: number): readonly SimilarSymbol[] {
  const terms = rarestTerms(database, text);
  if (terms.length === 0) return [];
  return database
    .prepare(`
      SELECT symbol, score FROM (
        SELECT search.rowid AS symbol, s.file, bm25(search, ${NAME_WEIGHT}, 1, 1) AS score FROM search JOIN symbols s ON s.id = search.rowid
        WHERE search MATCH ? AND s.doc <> '' AND s.kind IN ('function', 'method', 'constructor', 'routine', 'proc', 'macro', 'paragraph')
        ORDER BY score, search.rowid LIMIT ?) JOIN files f ON f.id = file ORDER BY score, f.path, symbol`)
    .all(terms.map((term) => `"${term}"`).join(' OR '), limit)
    .map((row) => ({ symbol: Number(row['symbol']), score: -Number(row['score']) }));
}

function rarestTerms(database: DatabaseSync, text: string): readonly string[] {
  database.exec("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab('main', 'search', 'row')");
  const documents = database.prepare('SELECT doc FROM temp.vocabulary WHERE term = ?');
  return [...new Set(textTerms(text))]
    .slice(0, maxTermsLookedUp)
    .flatMap((term) => {
      const count = documents.get(term)?.['doc'];
      return count === undefined ? [] : [{ term, count: Number(count) }];
    })
    .sort((a, b) => a.count - b.count)
    .slice(0, MAX_QUERY_TERMS)
    .map(({ term }) => term);
}
