import { splitLines } from '../types/lines.ts';
import { commentLines } from './blockCuts.ts';
import type { PartitionInput } from './strategy.ts';

const wordBuckets = 32;
/** Per line: word buckets, then name in column 1, indentation, length, has a call or branch, is data. */
const sideSize = wordBuckets + 5;
const strengths = 7;
const blockFeatures = 4;
/** How many lines of code each side looks at, and what the nearest counts against the next. */
const reach = 4;
const fade = 0.6;

export const featureCount = 1 + strengths + blockFeatures + 4 * sideSize;

/**
 * What a boundary classifier sees of each legal cut, one row per cut: its strength, the sizes of the blocks on both sides, and the lexical
 * features of the lines before and after, their absolute difference and their product (after SAGE, arXiv 2503.01713, section 3). Comments
 * and blank lines are left out, so that masked and commented sources look alike.
 */
export function boundaryFeatures({ document, lines, cuts }: PartitionInput): readonly Float32Array[] {
  const comments = commentLines(document);
  const texts = splitLines(document.text).map(({ text }) => text);
  const code = texts.flatMap((text, line) => (comments.has(line) || text.trim() === '' ? [] : [line]));
  const rows = new Map(code.map((line) => [line, lineFeatures(texts[line] ?? '')]));
  const labelled = cuts.filter(({ strength }) => strength > 0).map(({ line }) => line);
  let at = 0;
  let label = 0;
  return cuts.map((cut) => {
    while (at < code.length && (code[at] ?? 0) < cut.line) at += 1;
    while (label < labelled.length && (labelled[label] ?? 0) < cut.line) label += 1;
    const before = side(rows, code, at - 1, -1);
    const after = side(rows, code, at, 1);
    const previous = labelled[label - 1] ?? 0;
    const next = labelled.slice(label, label + 2).find((line) => line > cut.line) ?? lines.count;
    const row = new Float32Array(featureCount);
    row[0] = 1;
    row[1 + cut.strength] = 1;
    row.set(
      [sized(cut.line - previous), sized(next - cut.line), at < 3 ? 1 : 0, next - cut.line <= 1 ? 1 : 0],
      1 + strengths,
    );
    const start = 1 + strengths + blockFeatures;
    row.set(before, start);
    row.set(after, start + sideSize);
    for (let feature = 0; feature < sideSize; feature += 1) {
      const [a, b] = [before[feature] ?? 0, after[feature] ?? 0];
      row[start + 2 * sideSize + feature] = Math.abs(a - b);
      row[start + 3 * sideSize + feature] = a * b;
    }
    return row;
  });
}

function sized(lines: number): number {
  return Math.min(1.5, Math.log2(1 + lines) / 4);
}

function side(
  rows: ReadonlyMap<number, Float32Array>,
  code: readonly number[],
  from: number,
  step: 1 | -1,
): Float32Array {
  const sum = new Float32Array(sideSize);
  let weight = 1;
  for (let count = 0, at = from; count < reach; count += 1, at += step) {
    const row = rows.get(code[at] ?? -1);
    if (row === undefined) break;
    for (let feature = 0; feature < sideSize; feature += 1)
      sum[feature] = (sum[feature] ?? 0) + weight * (row[feature] ?? 0);
    weight *= fade;
  }
  return sum;
}

/**
 * Of a line that begins with a name only the name is seen: what else stands there depends on whether the author commented the label, and in
 * masked sources would give the answer away.
 */
function lineFeatures(text: string): Float32Array {
  const row = new Float32Array(sideSize);
  const isNamed = /^[^\s.*]/.test(text);
  const words = text
    .slice(0, 200)
    .replace(/^[\s.]+/, '')
    .split(/[\s,;:(]+/, 3);
  const word = (isNamed ? 'name' : (words[0] ?? '')).toLowerCase();
  row[bucketOf(word)] = 1;
  row[wordBuckets] = isNamed ? 1 : 0;
  if (isNamed) return row;
  row[wordBuckets + 1] = Math.min(1, (text.length - text.trimStart().length) / 16);
  row[wordBuckets + 2] = Math.min(1, text.length / 100);
  row[wordBuckets + 3] = /\b(?:call|do|d|goto|g|bas|bal|bras|bl|jmp|j|b)\b/i.test(text) ? 1 : 0;
  row[wordBuckets + 4] = /^\s*(?:\.\w+|d[bwdqcs]|equ|times)\s/i.test(text) ? 1 : 0;
  return row;
}

function bucketOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % wordBuckets;
}
