import type { SyntaxDocument } from '../syntax/document.ts';
import type { Range } from '../types/text.ts';
import { estimateTokens } from '../types/tokens.ts';
import type { SubjectLine } from './subjectSource.ts';

const chunkTokens = 3_000;
/** A text of any size costs at most this many requests and one for the whole. */
const maxChunks = 24;

/**
 * Cuts lines that are too many for one request into runs of about `chunkTokens`, preferably at an empty line. Beyond `maxChunks`, runs are
 * picked evenly over the whole, so that a huge file is known by samples.
 */
export function chunksOf(doc: SyntaxDocument, lines: readonly SubjectLine[]): readonly Range[] {
  const runs: Range[] = [];
  let first = 0;
  let tokens = 0;
  for (const [index, line] of lines.entries()) {
    tokens += estimateTokens(line.text) + 1;
    const isFull = tokens >= chunkTokens || (tokens >= chunkTokens * 0.75 && line.text.trim() === '');
    if (!isFull && index < lines.length - 1) continue;
    runs.push(rangeOf(doc, lines[first]?.line ?? 0, line.line));
    first = index + 1;
    tokens = 0;
  }
  if (runs.length <= maxChunks) return runs;
  const step = runs.length / maxChunks;
  return Array.from({ length: maxChunks }, (_, index) => runs[Math.floor(index * step)]).filter(
    (run) => run !== undefined,
  );
}

function rangeOf(doc: SyntaxDocument, startLine: number, lastLine: number): Range {
  const end = doc.offsetAt({ line: lastLine + 1, character: 0 });
  return { start: { line: startLine, character: 0 }, end: doc.positionAt(end) };
}
