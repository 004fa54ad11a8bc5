import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import type { LanguageId } from '../../../server/src/types/outline.ts';
import { estimateTokens } from '../../../server/src/types/tokens.ts';
import { randomFrom } from '../legacy/metrics.ts';
import { languageOfSet, type PackSet, packFolder, packSets, readTar } from '../legacy/pack.ts';

/** What a person wrote of a run of lines (0-based; `endLine` excluded). */
export interface Description {
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
}

/** One file that comments are made for and judged on. */
export interface BenchFile {
  readonly path: string;
  readonly language: LanguageId;
  /** Comments masked: neither a producer nor a judge may read what people wrote. */
  readonly text: string;
  readonly human: readonly Description[];
  /** Other files of the same set, for the strategy that learns from its neighbours. */
  readonly neighbours: readonly string[];
}

/** GAS and NASM have six descriptions in all, too few to hold a judge against (the pack's README). */
const sets: readonly PackSet[] = ['mumps', 'zfam', 'masm', 'zuid', 'zecs'];
const leastDescriptions = 3;
/** Whole files only: a judge that sees half the code cannot tell what a comment leaves out. */
const mostTokens = 10_000;
const mostNeighbours = 60;

/** `count` files of the pack, taken in turn from its sets in an order that only `seed` decides. */
export function chooseFiles(count: number, seed: number): readonly BenchFile[] {
  const queues = sets.map((set) => shuffled(candidates(set), seed));
  const chosen: BenchFile[] = [];
  for (let round = 0; chosen.length < count && queues.some((queue) => round < queue.length); round += 1) {
    for (const queue of queues) {
      const file = queue[round];
      if (file !== undefined && chosen.length < count) chosen.push(file);
    }
  }
  return chosen;
}

function candidates(set: PackSet): readonly BenchFile[] {
  const folder = join(packFolder, packSets[set]);
  const texts = readTar(join(folder, 'masked.tar.zst'));
  const rows = descriptionRows(join(folder, 'descriptions.jsonl'));
  return [...texts.keys()].sort().flatMap((path) => {
    const text = texts.get(path) ?? '';
    const human = rows
      .filter((row) => row.path === path)
      .map(({ startLine, endLine, description }) => ({ startLine, endLine, text: description }));
    if (human.length < leastDescriptions || estimateTokens(text) > mostTokens) return [];
    const others = [...texts].filter(([other]) => other !== path).slice(0, mostNeighbours);
    return [
      {
        path: `${set}/${path}`,
        language: languageOfSet(set),
        text,
        human,
        neighbours: others.map(([, other]) => other),
      },
    ];
  });
}

interface DescriptionRow {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly description: string;
}

function descriptionRows(file: string): readonly DescriptionRow[] {
  const text = existsSync(file)
    ? readFileSync(file, 'utf8')
    : zstdDecompressSync(readFileSync(`${file}.zst`)).toString();
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as DescriptionRow);
}

/** A copy in an order that only the seed decides. */
export function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const next = randomFrom(seed);
  return items
    .map((item) => ({ item, key: next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** Comments of a file as a judge reads them, in the order of the lines. */
export function documentation(comments: readonly Description[]): string {
  return [...comments]
    .sort((a, b) => a.startLine - b.startLine)
    .map(({ startLine, endLine, text }) => `lines ${startLine + 1}-${endLine}: ${text.replaceAll(/\s+/g, ' ').trim()}`)
    .join('\n');
}

/** This file's line ranges with what was written of another file: as fluent as the human text, and wrong. */
export function wrongDocumentation(files: readonly BenchFile[], index: number): string {
  const own = files[index];
  const others = files.toSpliced(index, 1);
  const donor =
    others.find((file, at) => at >= index && file.language === own?.language) ??
    others.find((file) => file.language === own?.language) ??
    others[0];
  if (own === undefined || donor === undefined) return '';
  return documentation(
    own.human.map((range, at) => ({ ...range, text: donor.human[at % donor.human.length]?.text ?? '' })),
  );
}
