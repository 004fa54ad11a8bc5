import type { DatabaseSync } from 'node:sqlite';
import type { FileRecord } from './fileRecord.ts';
import type { SearchHit } from './searchIndex.ts';
import { searchTerms, searchWeights } from './searchWords.ts';

/** The constants of SQLite's bm25() (https://www.sqlite.org/fts5.html#the_bm25_function). */
const k1 = 1.2;
const b = 0.75;
const leastInverse = 1e-6;
/** Of the columns, in their order. */
const weights = [searchWeights.name, searchWeights.context, searchWeights.body];

/** Ranks the symbols of an open document as the database would rank them: same formula, the database's own statistics. */
export function rankRecord(
  database: DatabaseSync,
  path: string,
  record: FileRecord,
  query: string,
): readonly SearchHit[] {
  const terms = searchTerms(database, query);
  if (terms.length === 0) return [];
  const { rows, meanLength } = statisticsOf(database);
  const inverse = inverseFrequencies(database, terms, rows);
  return record.symbols.flatMap(({ symbolPath, kind, range, nameTerms, contextTerms, bodyTerms }) => {
    const fields = [nameTerms, contextTerms, bodyTerms].map((field) => (field === '' ? [] : field.split(' ')));
    const length = fields.reduce((sum, field) => sum + field.length, 0);
    let score = 0;
    for (const term of terms) {
      const count = fields.reduce(
        (sum, field, index) => sum + (weights[index] ?? 0) * field.filter((each) => each === term).length,
        0,
      );
      if (count === 0) continue;
      const share = (count * (k1 + 1)) / (count + k1 * (1 - b + (b * length) / meanLength));
      score += (inverse.get(term) ?? leastInverse) * share;
    }
    return score === 0 ? [] : [{ path, symbol: symbolPath, kind, range, score: Math.round(score * 1000) / 1000 }];
  });
}

function inverseFrequencies(
  database: DatabaseSync,
  terms: readonly string[],
  rows: number,
): ReadonlyMap<string, number> {
  database.exec("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab('main', 'search', 'row')");
  const documents = database.prepare('SELECT doc FROM temp.vocabulary WHERE term = ?');
  return new Map(
    terms.map((term) => {
      const having = Number(documents.get(term)?.['doc'] ?? 0);
      return [term, Math.max(leastInverse, Math.log((rows - having + 0.5) / (having + 0.5)))];
    }),
  );
}

/** Of an index without rows, so that a buffer is found before anything is indexed. */
const emptyIndex = { rows: 1000, meanLength: 100 };

/** FTS5 keeps the number of rows and the tokens of each column in its record 1, as varints (fts5_index.c, FTS5_AVERAGES_ROWID). */
function statisticsOf(database: DatabaseSync): { readonly rows: number; readonly meanLength: number } {
  const block = database.prepare('SELECT block FROM search_data WHERE id = 1').get()?.['block'];
  if (!(block instanceof Uint8Array)) return emptyIndex;
  const [rows = 0, ...tokens] = varints(block);
  const total = tokens.reduce((sum, count) => sum + count, 0);
  return rows === 0 || total === 0 ? emptyIndex : { rows, meanLength: total / rows };
}

function varints(bytes: Uint8Array): readonly number[] {
  const numbers: number[] = [];
  let current = 0;
  for (const byte of bytes) {
    current = current * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(current);
    current = 0;
  }
  return numbers;
}
