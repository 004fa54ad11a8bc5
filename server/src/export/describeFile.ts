import type { Neighbour, SymbolGraph } from '../repository/symbolGraph.ts';
import { partsOf, type SummaryDocument, type Target } from '../summary/subjects.ts';
import type { Summarizer, SummaryView } from '../summary/summarizer.ts';
import { symbolPaths } from '../syntax/symbolPaths.ts';
import type { Outline } from '../types/outline.ts';
import type { Partition } from '../types/partition.ts';
import type { FilePage, PageSummary, PageSymbol, SymbolLink } from './page.ts';

export interface DescribePorts {
  /** What is known. */
  readonly known: Pick<Summarizer, 'peek'>;
  /** Speaks where nothing is known; must ask nobody. */
  readonly filler: Summarizer;
  readonly graph: Pick<SymbolGraph, 'symbolAt' | 'callers' | 'callees'>;
  /** As its reader divided the file; must ask nobody. */
  readonly partitions: (document: SummaryDocument, signal: AbortSignal) => Promise<readonly Partition[]>;
  readonly signal: AbortSignal;
}

/** Links that a page shows for one symbol and direction. */
const mostLinks = 30;

/** Everything that a file's page shows: what is known of it, else what its structure says. */
export async function describeFile(document: SummaryDocument, ports: DescribePorts): Promise<FilePage> {
  const { syntax, path } = document;
  const { outline } = syntax;
  const targets: readonly Target[] = ['file', ...worthyOf(document)];
  const views = new Map(targets.map((target) => [target, ports.known.peek(document, target)]));
  if ([...views.values()].some(({ summary }) => summary === undefined)) {
    await ports.filler.summarize(document, 'file', { priority: 'background', signal: ports.signal });
    for (const [target, view] of views) {
      if (view.summary === undefined) views.set(target, ports.filler.peek(document, target));
    }
  }
  const partitions = await ports.partitions(document, ports.signal);
  return {
    path,
    language: syntax.language,
    lines: outline.lines,
    summary: pageSummary(views.get('file')),
    symbols: symbolsOf(document, views, ports.graph),
    partitions: partitions.map(({ startLine, endLine, title }) => ({ startLine, endLine, title })),
    text: syntax.text,
    comments: syntax.comments().map(({ start, end }) => ({ start, end })),
  };
}

/** The symbols that have a summary of their own. */
function worthyOf(document: SummaryDocument): readonly number[] {
  const found: number[] = [];
  const visit = (owner: number | undefined): void => {
    for (const index of partsOf(document, owner)) {
      found.push(index);
      visit(index);
    }
  };
  visit(undefined);
  return found;
}

function symbolsOf(
  { path, syntax }: SummaryDocument,
  views: ReadonlyMap<Target, SummaryView>,
  graph: DescribePorts['graph'],
): readonly PageSymbol[] {
  const { outline } = syntax;
  const paths = symbolPaths(outline);
  return outline.symbols.flatMap((symbol, index): readonly PageSymbol[] => {
    const view = views.get(index);
    if (view === undefined) return [];
    const { start, end } = symbol.range;
    const indexed = graph.symbolAt(path, symbol.selectionRange.start.line);
    const isSame = indexed?.symbolPath === paths[index];
    return [
      {
        name: symbol.name,
        symbolPath: paths[index] ?? symbol.name,
        kind: symbol.kind,
        depth: depthOf(outline, index),
        lines: { startLine: start.line, endLine: end.character === 0 ? end.line : end.line + 1 },
        signature: symbol.signature ?? '',
        summary: pageSummary(view),
        callers: isSame && indexed !== undefined ? linksOf(graph.callers(indexed)) : [],
        callees: isSame && indexed !== undefined ? linksOf(graph.callees(indexed)) : [],
      },
    ];
  });
}

function depthOf({ symbols }: Outline, index: number): number {
  let depth = 0;
  for (let parent = symbols[index]?.parent; parent !== undefined; parent = symbols[parent]?.parent) depth++;
  return depth;
}

/** A call that is more likely wrong than right is not drawn. */
const leastConfidence = 0.5;

function linksOf(neighbours: readonly Neighbour[]): readonly SymbolLink[] {
  return neighbours
    .filter(({ confidence }) => confidence >= leastConfidence)
    .slice(0, mostLinks)
    .map(({ symbol }) => ({ path: symbol.path, name: symbol.name, line: symbol.range.start.line }));
}

function pageSummary(view: SummaryView | undefined): PageSummary | undefined {
  if (view?.summary === undefined) return undefined;
  const { line, paragraph, claims, origin, producer } = view.summary;
  return {
    line,
    paragraph,
    claims: claims.map(({ text, startLine, endLine }) => ({ text, startLine, endLine })),
    freshness: view.freshness,
    source:
      origin === 'author'
        ? "the author's words"
        : origin === 'user'
          ? 'written by a person'
          : origin === 'outline'
            ? "from the code's structure, no model asked"
            : `${producer.provider} ${producer.model}`,
    isStructural: origin === 'outline',
  };
}
