import { type Connection, type FoldingRange, FoldingRangeKind } from 'vscode-languageserver';
import { lineFolds } from '../syntax/lineFolds.ts';
import { cancellable } from './cancellation.ts';
import type { Documents } from './documents.ts';
import type { ParsedDocument } from './gloss.ts';

const maxFolds = 5000;

/** Folds for symbols, for blocks of line languages and for runs of comment lines. */
export function registerFolding(connection: Connection, documents: Documents): void {
  connection.onFoldingRanges(({ textDocument }, token) =>
    cancellable(token, async () => {
      const document = await documents.get(textDocument.uri);
      return document === undefined ? null : foldsOf(document);
    }),
  );
}

function foldsOf({ syntax }: ParsedDocument): FoldingRange[] {
  const folds = new Map<number, FoldingRange>();
  for (const { range } of syntax.outline.symbols) {
    const endLine = range.end.character === 0 ? range.end.line - 1 : range.end.line;
    if (endLine > range.start.line && !folds.has(range.start.line))
      folds.set(range.start.line, { startLine: range.start.line, endLine });
  }
  for (const { startLine, endLine } of lineFolds(syntax.language, syntax.text)) {
    if (endLine - 1 > startLine && !folds.has(startLine)) folds.set(startLine, { startLine, endLine: endLine - 1 });
  }
  for (const run of commentRuns(syntax.comments().map(({ range }) => [range.start.line, range.end.line] as const))) {
    if (!folds.has(run.startLine)) folds.set(run.startLine, { ...run, kind: FoldingRangeKind.Comment });
  }
  return [...folds.values()].sort((a, b) => a.startLine - b.startLine).slice(0, maxFolds);
}

/** Comments on neighbouring lines fold as one. */
function commentRuns(spans: readonly (readonly [number, number])[]): { startLine: number; endLine: number }[] {
  const runs: { startLine: number; endLine: number }[] = [];
  for (const [startLine, endLine] of spans) {
    const last = runs.at(-1);
    if (last !== undefined && startLine <= last.endLine + 1) last.endLine = Math.max(last.endLine, endLine);
    else runs.push({ startLine, endLine });
  }
  return runs.filter(({ startLine, endLine }) => endLine > startLine);
}
