import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compressTogether } from '../../../server/src/context/compress/compress.ts';
import { codeOf, spanOf } from '../../../server/src/context/pieceText.ts';
import { NgramScorer } from '../../../server/src/partition/ngramScorer.ts';
import type { TokenScorer } from '../../../server/src/partition/tokenScorer.ts';
import { estimateTokens } from '../../../server/src/types/tokens.ts';
import { half, type IndexedCorpus } from './corpus.ts';
import { showsDefinition, type TargetRow, type TargetRows } from './rows.ts';
import { contentWords, mean, share } from './words.ts';

const allRatios = [1, 1.5, 2, 3, 4, 5.6, 8] as const;
/** Bodies of what the target calls and of what is like it: what a repository-level prompt is filled with. */
const mostBodies = 16;

export interface CompressionOptions {
  /** The n-gram scorer, which has read the corpus, when absent. */
  readonly scorer?: TokenScorer;
  readonly ratios?: readonly number[];
  /** Targets of the test half, from the first on. */
  readonly most?: number;
}

/** Coverage by compression ratio: with the scorer, against the first part of each text, and against leaving whole texts out. */
export async function compressionTable(
  corpus: IndexedCorpus,
  rows: TargetRows,
  { scorer = learnedFrom(corpus), ratios = allRatios, most = Infinity }: CompressionOptions = {},
): Promise<string> {
  const targets = half(rows.targets, 'test')
    .slice(0, most)
    .map((target) => ({ target, bodies: bodiesOf(corpus, target) }));
  const lines = [
    '| ratio | words kept, compressed | words kept, heads | words kept, fewer texts | dependencies kept, compressed | heads | fewer texts | ms |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ];
  for (const ratio of ratios) {
    const start = performance.now();
    const compressed = await score(targets, (each) => compress(each, ratio, scorer));
    const ms = (performance.now() - start) / Math.max(1, targets.length);
    const heads = await score(targets, async ({ bodies }) => bodies.map((body) => head(body, ratio)));
    const fewer = await score(targets, async ({ bodies }) => fewerOf(bodies, ratio));
    const cells = [
      compressed.words,
      heads.words,
      fewer.words,
      compressed.dependencies,
      heads.dependencies,
      fewer.dependencies,
    ];
    lines.push(`| ${ratio} | ${cells.map((cell) => cell.toFixed(3)).join(' | ')} | ${ms.toFixed(0)} |`);
  }
  return lines.join('\n');
}

function learnedFrom({ database, root }: IndexedCorpus): TokenScorer {
  const scorer = new NgramScorer();
  for (const { path: file } of database.prepare('SELECT path FROM files').all())
    scorer.learn(readFileSync(path.join(root, String(file)), 'utf8'));
  return scorer;
}

interface Filled {
  readonly target: TargetRow;
  readonly bodies: readonly string[];
}

function bodiesOf({ source, root }: IndexedCorpus, { row, subject }: TargetRow): readonly string[] {
  const { graph } = source;
  const own = graph.symbolAt(row.method_path, subject.range.start.line);
  if (own === undefined) return [];
  const similar = source.similarDocumented(row.method_code, 40).flatMap(({ symbol }) => graph.symbol(symbol) ?? []);
  const symbols = [...graph.callees(own).map(({ symbol }) => symbol), ...similar].filter(
    ({ id, kind }) => id !== own.id && kind !== 'class',
  );
  const unique = [...new Map(symbols.map((symbol) => [symbol.id, symbol])).values()].slice(0, mostBodies);
  return unique.map((symbol) =>
    codeOf(readFileSync(path.join(root, symbol.path), 'utf8').split('\n'), spanOf(symbol.range), undefined),
  );
}

function compress({ target, bodies }: Filled, ratio: number, scorer: TokenScorer): Promise<readonly string[]> {
  const budget = Math.floor(bodies.reduce((sum, body) => sum + estimateTokens(body), 0) / ratio);
  const signature = target.row.method_code.split('\n', 1)[0] ?? '';
  // The question is code, as the texts are: what the target calls itself and what it names.
  const question = `${signature}\n${[...target.dependencies].join(' ')}\n${target.row.method_code}`;
  return compressTogether(bodies, { question, budget }, { scorer, signal: new AbortController().signal });
}

function head(body: string, ratio: number): string {
  return body.slice(0, Math.floor(body.length / ratio));
}

function fewerOf(bodies: readonly string[], ratio: number): readonly string[] {
  let left = bodies.reduce((sum, body) => sum + estimateTokens(body), 0) / ratio;
  return bodies.filter((body) => {
    left -= estimateTokens(body);
    return left >= 0;
  });
}

async function score(targets: readonly Filled[], shrink: (filled: Filled) => Promise<readonly string[]>) {
  const words: number[] = [];
  const dependencies: number[] = [];
  for (const filled of targets) {
    const before = filled.bodies.join('\n');
    const after = (await shrink(filled)).join('\n');
    const wanted = contentWords(filled.target.row.method_summary);
    const had = share(wanted, contentWords(before));
    if (had > 0) words.push(share(wanted, contentWords(after)) / had);
    const shown = [...filled.target.dependencies].filter((name) => showsDefinition(before, name));
    if (shown.length > 0) dependencies.push(shown.filter((name) => showsDefinition(after, name)).length / shown.length);
  }
  return { words: mean(words), dependencies: mean(dependencies) };
}
