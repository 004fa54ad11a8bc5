import { fixedStrategy } from '../../../server/src/partition/fixed.ts';
import { boundaryProbabilities, likelyCuts, weightsOf } from '../../../server/src/partition/learned.ts';
import { NgramScorer } from '../../../server/src/partition/ngramScorer.ts';
import type { LineMeasure, PartitionInput } from '../../../server/src/partition/strategy.ts';
import { bestCuts, type CutInput, structureStrategy, worthOf } from '../../../server/src/partition/structure.ts';
import { surprisalWorth, surprisingCuts } from '../../../server/src/partition/surprisal.ts';
import { type FileScore, interval, pairedInterval, randomFrom, scoreFile, totalScore } from './metrics.ts';
import { type MaskedFile, maskedFiles, type PackSet } from './pack.ts';
import { openInput } from './partitions.ts';
import {
  astChunks,
  everyLabel,
  everyLines,
  mergedModules,
  recursiveSplitter,
  singleModules,
  splitOversized,
} from './peers.ts';

const sizes = [512, 1024, 2048, 4096] as const;
const signal = new AbortController().signal;

/** A file with everything that the strategies need of it, its tree already freed. */
interface Prepared extends CutInput {
  readonly file: MaskedFile;
  /** Boundaries of the strategies and peers that need the tree or are asynchronous, by row name. */
  readonly rows: ReadonlyMap<string, readonly number[]>;
}

export interface TableGroup {
  readonly title: string;
  readonly sets: readonly PackSet[];
}

export const tableGroups: readonly TableGroup[] = [
  { title: 'MUMPS', sets: ['mumps'] },
  { title: 'HLASM', sets: ['zfam', 'zuid', 'zecs'] },
  { title: 'MASM', sets: ['masm'] },
  { title: 'GAS', sets: ['gas'] },
  { title: 'NASM', sets: ['nasm'] },
];

/** Strategies and peers whose mean length structure is set to, at each size. */
const rivals = [
  'fixed',
  'every n lines',
  'recursive splitter',
  'AST chunks',
  'merged modules',
  'merged modules, oversized left',
] as const;

/** Prints the tables of one language. */
export async function printPartitionTable(group: TableGroup): Promise<void> {
  const files = group.sets.flatMap((set) => maskedFiles(set));
  const prepared = await prepareAll(files);
  const held = prepared.filter(({ file }) => file.split === 'test');
  const scopes: readonly (readonly [string, readonly Prepared[]])[] =
    held.length > 0 && held.length < prepared.length
      ? [
          ['all files', prepared],
          ['held-out files', held],
        ]
      : [['all files', prepared]];
  for (const [scope, part] of scopes) {
    console.log(`\n### ${group.title}: ${scope} (${part.length} files)\n`);
    printScores(part);
    console.log(`\nAt equal mean length:\n`);
    printRivals(part);
  }
}

async function prepareAll(files: readonly MaskedFile[]): Promise<readonly Prepared[]> {
  const scorer = new NgramScorer();
  for (const file of files) scorer.learn(file.lines.join('\n'));
  const prepared: Prepared[] = [];
  for (const file of files) {
    const text = file.lines.join('\n');
    scorer.unlearn(text);
    prepared.push(await openInput(file, (input) => prepare(file, input, scorer)));
    scorer.learn(text);
  }
  return prepared;
}

async function prepare(file: MaskedFile, input: PartitionInput, scorer: NgramScorer): Promise<Prepared> {
  const rows = new Map<string, readonly number[]>();
  const linesOf = (cuts: readonly { readonly line: number }[]) => cuts.map(({ line }) => line);
  const surprise = await surprisalWorth(input, scorer, signal);
  const trained = weightsOf(input.document.language);
  const learned = trained === undefined ? [] : boundaryProbabilities(input, trained);
  const modules = singleModules(file);
  rows.set('every label', everyLabel(file));
  rows.set('single modules', modules);
  for (const maxTokens of [undefined, ...sizes]) {
    const at = maxTokens ?? 'natural';
    rows.set(`structure ${at}`, linesOf(await structureStrategy.choose(input, { maxTokens, signal })));
    rows.set(`surprisal ${at}`, linesOf(surprisingCuts(input, surprise, maxTokens)));
    rows.set(`learned ${at}`, linesOf(likelyCuts(input, learned, maxTokens, trained?.threshold ?? 1)));
    if (maxTokens === undefined) continue;
    rows.set(`fixed ${at}`, linesOf(await fixedStrategy.choose(input, { maxTokens, signal })));
    rows.set(`every n lines ${at}`, everyLines(file, linesFor(input.lines, maxTokens)));
    rows.set(`recursive splitter ${at}`, await recursiveSplitter(file, maxTokens));
    rows.set(`AST chunks ${at}`, astChunks(input.document, maxTokens));
    const merged = mergedModules(modules, input.lines, maxTokens);
    rows.set(`merged modules ${at}`, splitOversized(merged, input.lines, maxTokens));
    rows.set(`merged modules, oversized left ${at}`, merged);
  }
  return { file, cuts: input.cuts, lines: input.lines, rows };
}

/** Lines of the file that hold `limit` tokens on average. */
function linesFor(lines: LineMeasure, limit: number): number {
  return Math.max(1, Math.floor((limit * lines.count) / Math.max(1, lines.tokens(0, lines.count))));
}

function scoresOf(part: readonly Prepared[], predict: (file: Prepared) => readonly number[]): readonly FileScore[] {
  return part.map((each) => scoreFile(predict(each), each.file.gold, each.file.lines.length));
}

const f3 = (value: number) => value.toFixed(3);

function printScores(part: readonly Prepared[]): void {
  console.log(
    '| strategy | P | R | F1 [95 %] | F1 ±1 | Pk | WindowDiff | mean lines |\n|---|---|---|---|---|---|---|---|',
  );
  const names = [...(part[0]?.rows.keys() ?? [])];
  const order = ['every label', 'single modules', 'structure natural', 'surprisal natural', 'learned natural'];
  for (const name of [...order, ...names.filter((each) => !order.includes(each))]) {
    const files = scoresOf(part, ({ rows }) => rows.get(name) ?? []);
    const { precision, recall, f1, f1Near, pk, windowDiff, meanLines } = totalScore(files);
    const [low, high] = interval(files, (sample) => totalScore(sample).f1, 500);
    console.log(
      `| ${name} | ${f3(precision)} | ${f3(recall)} | ${f3(f1)} [${f3(low)}–${f3(high)}] | ${f3(f1Near)} | ${f3(pk)} | ${f3(windowDiff)} | ${meanLines.toFixed(1)} |`,
    );
  }
  for (const [a, b] of [
    ['structure', 'surprisal'],
    ['structure', 'learned'],
  ] as const) {
    const [first, second] = [a, b].map((name) => scoresOf(part, ({ rows }) => rows.get(`${name} natural`) ?? []));
    const [low, high] = pairedInterval(second ?? [], first ?? []);
    console.log(`\n${b} − ${a} at natural size, F1: [${f3(low)}, ${f3(high)}]`);
  }
}

function printRivals(part: readonly Prepared[]): void {
  console.log('| peer | mean lines | F1 of the peer | F1 of structure | difference [95 %] |\n|---|---|---|---|---|');
  for (const rival of rivals) {
    for (const size of sizes) {
      const theirs = scoresOf(part, ({ rows }) => rows.get(`${rival} ${size}`) ?? []);
      const wanted = theirs.reduce((sum, { predicted }) => sum + predicted, 0);
      const ours = structureWithCount(wholeUnits(rival) ? part.map(strongCuts) : part, size, wanted);
      const [low, high] = pairedInterval(ours, theirs);
      const [a, b] = [totalScore(theirs), totalScore(ours)];
      console.log(
        `| ${rival} ${size} | ${a.meanLines.toFixed(1)} / ${b.meanLines.toFixed(1)} | ${f3(a.f1)} | ${f3(b.f1)} | ${f3(b.f1 - a.f1)} [${f3(low)}, ${f3(high)}] |`,
      );
    }
  }
}

/** Whether a peer leaves units over the limit whole: structure is then given the same freedom. */
function wholeUnits(rival: string): boolean {
  return rival.endsWith('oversized left');
}

/** Only the cuts between units: those that the peer's modules are, procedures and functions in assembly. */
function strongCuts(file: Prepared): Prepared {
  const least = file.file.language === 'asm' ? 5 : 3;
  return { ...file, cuts: file.cuts.filter(({ strength }) => strength >= least) };
}

/**
 * Structure with as many cuts in all as the peer: under the same limit with a lower price of a cut; where the peer's chunks are longer
 * (those that pass the limit) or too short for that, with another limit.
 */
function structureWithCount(part: readonly Prepared[], maxTokens: number, wanted: number): readonly FileScore[] {
  const at = (limit: number, price: number) =>
    scoresOf(part, (each) =>
      bestCuts(each, { worth: each.cuts.map(({ strength }) => worthOf[strength]), maxTokens: limit, price }).map(
        ({ line }) => line,
      ),
    );
  const count = (files: readonly FileScore[]) => files.reduce((sum, { predicted }) => sum + predicted, 0);
  if (count(at(maxTokens, 3)) > wanted) return nearest((step) => at(maxTokens * 2 ** (step * 3), 3), count, wanted);
  if (count(at(maxTokens, 0.01)) >= wanted) return nearest((step) => at(maxTokens, 3 * step + 0.01), count, wanted);
  return nearest((step) => at(maxTokens * 2 ** ((step - 1) * 3), 3), count, wanted);
}

/**
 * Searches `step` in [0, 1], with falling counts, for the wanted count. Counts fall in leaps, because many cuts are worth the same: what
 * still lacks is taken from the step before, for as many files (in a seeded order) as it needs.
 */
function nearest(
  at: (step: number) => readonly FileScore[],
  count: (files: readonly FileScore[]) => number,
  wanted: number,
): readonly FileScore[] {
  let [low, high] = [0, 1];
  let [more, fewer] = [at(low), at(high)];
  for (let round = 0; round < 9; round += 1) {
    const step = (low + high) / 2;
    const result = at(step);
    if (count(result) > wanted) [low, more] = [step, result];
    else [high, fewer] = [step, result];
  }
  const next = randomFrom(11);
  const order = fewer.map((_, index) => ({ index, key: next() })).sort((a, b) => a.key - b.key);
  const mixed = [...fewer];
  let lacking = wanted - count(fewer);
  for (const { index } of order) {
    const [dense, sparse] = [more[index], fewer[index]];
    if (dense === undefined || sparse === undefined) continue;
    const gained = dense.predicted - sparse.predicted;
    if (gained > lacking) continue;
    mixed[index] = dense;
    lacking -= gained;
  }
  return mixed;
}
