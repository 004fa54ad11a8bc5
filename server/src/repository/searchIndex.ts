import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Range } from '../types/text.ts';
import { searchSaid } from './saidSearch.ts';
import { searchRank, searchTerms } from './searchWords.ts';

export interface SearchHit {
  readonly path: string;
  /** Symbol path: names of the enclosing symbols joined by dots. */
  readonly symbol: string;
  readonly kind: string;
  readonly range: Range;
  /** BM25, higher is better; comparable only within one query. */
  readonly score: number;
}

const lexical = `
  SELECT rowid AS symbol, -${searchRank} AS score FROM search WHERE search MATCH ? ORDER BY score DESC, rowid LIMIT ?`;

const places = `
  SELECT f.path, s.symbol_path, s.kind, s.start_line, s.start_character, s.end_line, s.end_character
  FROM symbols s JOIN files f ON f.id = s.file WHERE s.id = ?`;

/** What a model said of a symbol counts beside the symbol's own words as much as these. */
const saidShare = 1;

/** Symbols whose name, place, text or summary share terms with the query, best first. */
export function searchIndex(database: DatabaseSync, text: string, limit: number): readonly SearchHit[] {
  const match = matchOf(database, text);
  if (match === undefined) return [];
  const scores = new Map(
    database
      .prepare(lexical)
      .all(match, limit)
      .map((row) => [Number(row['symbol']), Number(row['score'])]),
  );
  for (const [symbol, score] of searchSaid(database, match, limit))
    scores.set(symbol, (scores.get(symbol) ?? 0) + saidShare * score);
  const place = database.prepare(places);
  return [...scores]
    .flatMap(([symbol, score]) => {
      const row = place.get(symbol);
      return row === undefined ? [] : [{ row, score }];
    })
    .map(({ row, score }) => ({
      path: String(row['path']),
      symbol: String(row['symbol_path']),
      kind: String(row['kind']),
      range: rangeOf(row),
      score,
    }))
    .sort(byScoreAndPlace)
    .slice(0, limit)
    .map((hit) => ({ ...hit, score: Math.round(hit.score * 1000) / 1000 }));
}

function byScoreAndPlace(a: SearchHit, b: SearchHit): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.range.start.line - b.range.start.line;
}

/** An FTS5 expression that asks for any of the terms to search for; undefined when there are none. */
export function matchOf(database: DatabaseSync, text: string): string | undefined {
  const terms = searchTerms(database, text);
  return terms.length === 0 ? undefined : terms.map((term) => `"${term}"`).join(' OR ');
}

/** The range of a row that holds the four columns of a symbol's place. */
export function rangeOf(row: Readonly<Record<string, SQLOutputValue>>): Range {
  return {
    start: { line: Number(row['start_line']), character: Number(row['start_character']) },
    end: { line: Number(row['end_line']), character: Number(row['end_character']) },
  };
}
