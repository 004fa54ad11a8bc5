import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { firstSentence, isTestPath } from '../../../server/src/context/pieceText.ts';
import { subjectOf } from '../../../server/src/summary/subjects.ts';
import { languageOf } from '../../../server/src/syntax/detect.ts';
import type { Syntax, SyntaxDocument } from '../../../server/src/syntax/document.ts';
import { symbolPaths } from '../../../server/src/syntax/symbolPaths.ts';
import type { Subject } from '../../../server/src/types/summary.ts';
import { randomFrom } from '../legacy/metrics.ts';
import { type IndexedCorpus, indexed, writeFiles } from './corpus.ts';

/** A function of a repository in which its doc comment was emptied, and that comment's first sentence. */
export interface SummaryPair {
  readonly corpus: IndexedCorpus;
  readonly subject: Subject;
  readonly doc: SyntaxDocument;
  readonly reference: string;
}

interface Documented {
  readonly path: string;
  readonly symbol: string;
  readonly doc: string;
  readonly from: number;
  /** Excluded. */
  readonly to: number;
}

const seed = 11;
const fewestWords = 4;
const mostLines = 80;
/** Lines beside the comment: less has nothing to sum up. */
const fewestLines = 4;

/** @param folder of repositories, one folder each; `count` pairs of them all, an equal share of each, drawn with a fixed seed */
export async function repositoryPairs(folder: string, count: number, syntax: Syntax): Promise<readonly SummaryPair[]> {
  const names = readdirSync(folder).sort();
  const pairs: SummaryPair[] = [];
  for (const [index, name] of names.entries()) {
    const wanted = Math.ceil((count - pairs.length) / (names.length - index));
    pairs.push(...(await pairsOf(path.join(folder, name), wanted, syntax)));
  }
  return pairs;
}

async function pairsOf(root: string, count: number, syntax: Syntax): Promise<readonly SummaryPair[]> {
  const original = await indexed(root, 'keep');
  const chosen = sample(documentedIn(original), count);
  const files = new Map<string, string>();
  for (const { path: file } of original.database.prepare('SELECT path FROM files').all())
    files.set(String(file), readFileSync(path.join(root, String(file)), 'utf8'));
  original.dispose();
  for (const { path: file, from, to } of chosen)
    files.set(file, (files.get(file) ?? '').split('\n').fill('', from, to).join('\n'));
  const corpus = await indexed(writeFiles(files));
  const pairs: SummaryPair[] = [];
  for (const { path: file, symbol, doc: comment } of chosen) {
    const text = files.get(file) ?? '';
    const language = languageOf({ path: file, text });
    if (language === undefined) continue;
    const doc = await syntax.open(language, text);
    const uri = pathToFileURL(path.join(corpus.root, file)).href;
    const index = symbolPaths(doc.outline).indexOf(symbol);
    const isBare = index >= 0 && doc.outline.symbols[index]?.doc === undefined;
    if (isBare) {
      const subject = subjectOf({ uri, path: file, repository: 'corpus', syntax: doc }, index);
      pairs.push({ corpus, subject, doc, reference: plain(firstSentence(comment)) });
    } else doc.dispose();
  }
  return pairs;
}

function documentedIn({ database }: IndexedCorpus): readonly Documented[] {
  const rows = database
    .prepare(`
      SELECT f.path, s.symbol_path AS symbol, s.doc, s.doc_start_line AS "from", s.doc_end_line AS "to", s.start_line, s.end_line
      FROM symbols s JOIN files f ON f.id = s.file
      WHERE s.kind IN ('function', 'method') AND s.doc <> '' AND s.doc_start_line IS NOT NULL ORDER BY f.path, s.id`)
    .all() as unknown as readonly (Documented & { readonly start_line: number; readonly end_line: number })[];
  const times = new Map<string, number>();
  for (const row of rows) times.set(`${row.path} ${row.symbol}`, (times.get(`${row.path} ${row.symbol}`) ?? 0) + 1);
  return rows.filter((row) => {
    const inside = row.from > row.start_line ? row.to - row.from : 0;
    const lines = row.end_line - row.start_line + 1 - inside;
    const isOnce = times.get(`${row.path} ${row.symbol}`) === 1;
    const words = plain(firstSentence(row.doc)).split(/\s+/).length;
    return isOnce && lines >= fewestLines && lines <= mostLines && words >= fewestWords && !isTestPath(row.path);
  });
}

/** Without the markup of doc comments. */
function plain(sentence: string): string {
  return sentence
    .replace(/\{@\w+\s+([^}]*)\}/g, '$1')
    .replace(/<[^>]+>|`/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function sample<T>(items: readonly T[], count: number): readonly T[] {
  const next = randomFrom(seed);
  return items
    .map((item) => ({ item, key: next() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ item }) => item);
}
