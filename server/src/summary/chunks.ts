import { partitionDocument } from '../partition/partitioner.ts';
import { structureStrategy } from '../partition/structure.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import type { Partition } from '../types/partition.ts';
import type { LineSpan } from '../types/text.ts';
import { estimateTokens } from '../types/tokens.ts';
import { maxSourceTokens } from './prompt.ts';
import { type SubjectLine, subjectLines } from './subjectSource.ts';
import { isRange, type PartitionTarget, partsOf, type SummaryDocument, subjectOf, type Target } from './subjects.ts';

/** How files are divided that are too long for one request. */
export interface PartitionSource {
  /** What decides the division of this text: while it stands, so does the division. Synchronous; asks nobody. */
  signature(syntax: SyntaxDocument): string;
  of(document: SummaryDocument, signal: AbortSignal): Promise<readonly Partition[]>;
}

/** A text of any size costs at most this many requests and one for the whole. */
const maxChunks = 48;
/** Below this size, in tokens, a run without a legal cut is not cut at an empty line either. */
const wantedTokens = 3_000;
const standardTokens = 2_048;

/** By the structure of the code alone. */
export const structurePartitions: PartitionSource = {
  signature: () => `structure ${standardTokens}`,
  of: ({ syntax }, signal) => partitionDocument(syntax, structureStrategy, { maxTokens: standardTokens, signal }),
};

/** Lenses ask for every symbol between two keystrokes. */
const lengths = new WeakMap<SyntaxDocument, { readonly text: string; readonly long: Map<'file' | number, boolean> }>();

/** Whether a file, or a symbol without parts of its own, is too long for one request, so that it is summarized from partitions. */
export function isPartitioned(document: SummaryDocument, target: Target): boolean {
  if (isRange(target)) return false;
  const { syntax } = document;
  const { range } = subjectOf(document, target);
  const characters = syntax.offsetAt(range.end) - syntax.offsetAt(range.start);
  if (estimateTokens({ length: characters }) <= maxSourceTokens) return false;
  let memo = lengths.get(syntax);
  if (memo?.text !== syntax.text) {
    memo = { text: syntax.text, long: new Map() };
    lengths.set(syntax, memo);
  }
  const known = memo.long.get(target);
  if (known !== undefined) return known;
  const isWhole = target === 'file' || partsOf(document, target).length === 0;
  const isLong = isWhole && tokensOf(subjectLines(syntax, range, { comments: 'keep' })) > maxSourceTokens;
  memo.long.set(target, isLong);
  return isLong;
}

/**
 * The partitions that hold the given lines (a file's or a symbol's), each with the lines it has of them. What is too long for one request
 * even so (a table, an unknown format, a user's wish) is cut preferably at an empty line. Beyond `maxChunks`, runs are picked evenly over the
 * whole, so that a huge file is known by samples.
 */
export function chunksOf(
  doc: SyntaxDocument,
  lines: readonly SubjectLine[],
  partitions: readonly Partition[],
): readonly PartitionTarget[] {
  const runs: PartitionTarget[] = [];
  let index = 0;
  for (const { endLine, title } of partitions) {
    const from = index;
    while (index < lines.length && (lines[index]?.line ?? 0) < endLine) index += 1;
    runs.push(...runsOf(lines.slice(from, index)).map((span) => targetOf(doc, span, title)));
  }
  if (runs.length <= maxChunks) return runs;
  const step = runs.length / maxChunks;
  return Array.from({ length: maxChunks }, (_, pick) => runs[Math.floor(pick * step)]).filter(
    (run) => run !== undefined,
  );
}

/** One run where the lines are not too many, else several. */
function runsOf(lines: readonly SubjectLine[]): readonly LineSpan[] {
  const isSmall = tokensOf(lines) <= maxSourceTokens;
  const runs: LineSpan[] = [];
  let first = 0;
  let tokens = 0;
  for (const [index, line] of lines.entries()) {
    tokens += estimateTokens(line.text) + 1;
    const isFull = tokens >= wantedTokens * 1.5 || (tokens >= wantedTokens && line.text.trim() === '');
    if ((isSmall || !isFull) && index < lines.length - 1) continue;
    runs.push({ startLine: lines[first]?.line ?? 0, endLine: line.line + 1 });
    first = index + 1;
    tokens = 0;
  }
  return runs;
}

/** As the prompt counts them. */
function tokensOf(lines: readonly SubjectLine[]): number {
  return lines.reduce((sum, { text }) => sum + estimateTokens(text) + 1, 0);
}

function targetOf(doc: SyntaxDocument, { startLine, endLine }: LineSpan, title: string): PartitionTarget {
  const end = doc.offsetAt({ line: endLine, character: 0 });
  return { start: { line: startLine, character: 0 }, end: doc.positionAt(end), title };
}
