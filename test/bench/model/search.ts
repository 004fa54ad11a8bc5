/**
 * `npm run bench:model -- search [candidates]`: sentence → symbol among so many candidates of one language, by words, by meaning, and by both
 * with each weight. The weight is chosen on the valid half of the training data and measured on the test half.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { zstdDecompressSync } from 'node:zlib';
import type { Embedder } from '../../../server/src/repository/embedder.ts';
import { textTerms } from '../../../server/src/repository/identifiers.ts';
import { buildLexicalIndex, NAME_WEIGHT } from '../../../server/src/repository/lexicalRank.ts';
import type { LanguageId } from '../../../server/src/types/outline.ts';
import { randomFrom } from '../legacy/metrics.ts';

interface Pair {
  readonly lang: LanguageId;
  readonly path: string;
  readonly name: string;
  readonly code: string;
  readonly doc: string;
  readonly doc1?: string;
}

/** For each query: cosine and BM25 (as a share of the best) of each candidate; the right one has the query's own number. */
interface Scored {
  readonly cosine: readonly Float32Array[];
  readonly lexical: readonly Float32Array[];
}

const languages: readonly LanguageId[] = ['python', 'java', 'go', 'typescript', 'rust', 'mumps'];
const weights = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8];
const signal = new AbortController().signal;

export const trainingFolder = fileURLToPath(new URL('../../../../shared/training/', import.meta.url));

export function readPairs<T>(split: 'valid' | 'test'): readonly T[] {
  return zstdDecompressSync(readFileSync(`${trainingFolder}pairs-${split}.jsonl.zst`))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

export async function searchTable(embedder: Embedder, candidates: number): Promise<void> {
  if (!existsSync(trainingFolder)) {
    console.log(`skipped: the training data is not at ${trainingFolder}`);
    return;
  }
  console.log(
    `\n| ${candidates} candidates | words (BM25) | meaning | ${weights
      .slice(1)
      .map((weight) => `both, ${weight}`)
      .join(' | ')} |`,
  );
  console.log(`|---|${'---|'.repeat(weights.length + 1)}`);
  for (const split of ['valid', 'test'] as const) {
    const pairs = readPairs<Pair>(split);
    const sums = new Array<number>(weights.length + 1).fill(0);
    for (const language of languages) {
      const scored = await scoresOf(embedder, sampleOf(pairs, language, candidates));
      const values = [
        meanReciprocalRank(scored.lexical),
        ...weights.map((weight) => meanReciprocalRank(sumOf(scored, weight))),
      ];
      values.forEach((value, at) => {
        sums[at] = (sums[at] ?? 0) + value / languages.length;
      });
      console.log(`| ${split} ${language} | ${values.map((value) => value.toFixed(3)).join(' | ')} |`);
    }
    console.log(`| **${split}, mean** | ${sums.map((value) => value.toFixed(3)).join(' | ')} |`);
  }
}

function sampleOf(pairs: readonly Pair[], language: LanguageId, count: number): readonly Pair[] {
  const next = randomFrom(3);
  return pairs
    .filter(({ lang }) => lang === language)
    .map((pair) => ({ pair, key: next() }))
    .sort((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ pair }) => pair);
}

async function scoresOf(embedder: Embedder, pairs: readonly Pair[]): Promise<Scored> {
  const index = buildLexicalIndex(
    pairs.map(({ name, code }) => [
      { terms: textTerms(name), weight: NAME_WEIGHT },
      { terms: textTerms(code), weight: 1 },
    ]),
  );
  const codes: Float32Array[] = [];
  for (const { lang, path, code } of pairs)
    codes.push(await embedder.embedCode({ language: lang, path, code }, signal));
  const [cosine, lexical]: [Float32Array[], Float32Array[]] = [[], []];
  for (const { doc, doc1 } of pairs) {
    const query = await embedder.embedQuery(doc1 ?? doc, signal);
    cosine.push(Float32Array.from(codes, (code) => code.reduce((sum, value, at) => sum + value * (query[at] ?? 0), 0)));
    const row = new Float32Array(pairs.length);
    const ranked = index.rank(textTerms(doc1 ?? doc), pairs.length);
    for (const { document, score } of ranked) row[document] = score / (ranked[0]?.score ?? 1);
    lexical.push(row);
  }
  return { cosine, lexical };
}

function sumOf({ cosine, lexical }: Scored, weight: number): readonly Float32Array[] {
  return cosine.map((row, query) => row.map((value, at) => value + weight * (lexical[query]?.[at] ?? 0)));
}

/** Ties count against us. */
function meanReciprocalRank(rows: readonly Float32Array[]): number {
  const ranks = rows.map((row, query) => row.filter((value) => value >= (row[query] ?? 0)).length);
  return ranks.reduce((sum, rank) => sum + 1 / Math.max(1, rank), 0) / Math.max(1, ranks.length);
}
