import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Range } from '../types/text.ts';
import { textTerms } from './identifiers.ts';
import { MAX_QUERY_TERMS, NAME_WEIGHT } from './lexicalRank.ts';

export interface SearchHit {
  readonly path: string;
  /** Symbol path: names of the enclosing symbols joined by dots. */
  readonly symbol: string;
  readonly kind: string;
  readonly range: Range;
  /** BM25, higher is better; comparable only within one query. */
  readonly score: number;
}

const query = `
  SELECT f.path, s.symbol_path, s.kind, s.start_line, s.start_character, s.end_line, s.end_character, hits.score
  FROM (
    SELECT rowid AS symbol, bm25(search, ${NAME_WEIGHT}, 1, 1) AS score FROM search
    WHERE search MATCH ? ORDER BY score, rowid LIMIT ?
  ) AS hits
  JOIN symbols s ON s.id = hits.symbol JOIN files f ON f.id = s.file
  ORDER BY hits.score, f.path, s.start_line`;

/** Symbols whose name, place or text share terms with the query, best first. */
export function searchIndex(database: DatabaseSync, text: string, limit: number): readonly SearchHit[] {
  const match = matchOf(text);
  if (match === undefined) return [];
  return database
    .prepare(query)
    .all(match, limit)
    .map((row) => ({
      path: String(row['path']),
      symbol: String(row['symbol_path']),
      kind: String(row['kind']),
      range: rangeOf(row),
      score: Math.round(-Number(row['score']) * 1000) / 1000,
    }));
}

/** An FTS5 expression that asks for any term of the text; undefined when it has none. */
export function matchOf(text: string): string | undefined {
  const terms = [...new Set(textTerms(text))].slice(0, MAX_QUERY_TERMS);
  return terms.length === 0 ? undefined : terms.map((term) => `"${term}"`).join(' OR ');
}

/** The range of a row that holds the four columns of a symbol's place. */
export function rangeOf(row: Readonly<Record<string, SQLOutputValue>>): Range {
  return {
    start: { line: Number(row['start_line']), character: Number(row['start_character']) },
    end: { line: Number(row['end_line']), character: Number(row['end_character']) },
  };
}
