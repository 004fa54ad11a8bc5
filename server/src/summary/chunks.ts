import { structureSpans } from '../partition/spans.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import type { LineSpan, Range } from '../types/text.ts';
import { estimateTokens } from '../types/tokens.ts';
import type { SubjectLine } from './subjectSource.ts';

const chunkTokens = 3_000;
/** A text of any size costs at most this many requests and one for the whole. */
const maxChunks = 24;

/**
 * Cuts lines that are too many for one request into partitions of about `chunkTokens`, where the structure of the language allows; a long
 * stretch without such a place (a table, an unknown format) is cut preferably at an empty line. Beyond `maxChunks`, runs are picked evenly
 * over the whole, so that a huge file is known by samples.
 */
export function chunksOf(doc: SyntaxDocument, lines: readonly SubjectLine[]): readonly Range[] {
  const first = lines[0]?.line;
  const last = lines.at(-1)?.line;
  if (first === undefined || last === undefined) return [];
  const runs: Range[] = [];
  let index = 0;
  for (const span of structureSpans(doc, { startLine: first, endLine: last + 1 }, chunkTokens)) {
    const from = index;
    while (index < lines.length && (lines[index]?.line ?? 0) < span.endLine) index += 1;
    runs.push(...runsOf(lines.slice(from, index)).map(({ startLine, endLine }) => rangeOf(doc, startLine, endLine)));
  }
  if (runs.length <= maxChunks) return runs;
  const step = runs.length / maxChunks;
  return Array.from({ length: maxChunks }, (_, pick) => runs[Math.floor(pick * step)]).filter(
    (run) => run !== undefined,
  );
}

/** One run where the lines are not too many, else several. */
function runsOf(lines: readonly SubjectLine[]): readonly LineSpan[] {
  const runs: LineSpan[] = [];
  let first = 0;
  let tokens = 0;
  for (const [index, line] of lines.entries()) {
    tokens += estimateTokens(line.text) + 1;
    const isFull = tokens >= chunkTokens * 1.5 || (tokens >= chunkTokens && line.text.trim() === '');
    if (!isFull && index < lines.length - 1) continue;
    runs.push({ startLine: lines[first]?.line ?? 0, endLine: line.line + 1 });
    first = index + 1;
    tokens = 0;
  }
  return runs;
}

function rangeOf(doc: SyntaxDocument, startLine: number, endLine: number): Range {
  const end = doc.offsetAt({ line: endLine, character: 0 });
  return { start: { line: startLine, character: 0 }, end: doc.positionAt(end) };
}
