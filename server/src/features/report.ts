import type { Connection } from 'vscode-languageserver';
import type { DocumentParams } from '../protocol.ts';
import { type ReportResult, type ReportSummary, reportMethod } from '../protocolViews.ts';
import { cancellable } from './cancellation.ts';
import type { Documents } from './documents.ts';
import { fill } from './fill.ts';
import type { Gloss, ParsedDocument, Target } from './gloss.ts';
import { originLine } from './summaryMarkdown.ts';

const mostSymbols = 2_000;

/** The report of a file as plain data: whoever shows it escapes it. */
export function registerReport(
  connection: Connection,
  ports: {
    readonly documents: Documents;
    readonly gloss: Gloss;
    /** A local producer sends nothing anywhere: it need not be asked for by a click. */
    readonly producerIsLocal: () => boolean;
  },
): void {
  connection.onRequest(reportMethod, ({ uri }: DocumentParams, token) =>
    cancellable(token, async (): Promise<ReportResult | null> => {
      const document = await ports.documents.get(uri);
      if (document === undefined) return null;
      if (ports.producerIsLocal()) await fill(ports.gloss, { document }, 'file');
      return reportOf(ports.gloss, document);
    }),
  );
}

function reportOf(gloss: Gloss, document: ParsedDocument): ReportResult {
  const { symbols, lines } = document.syntax.outline;
  const depths: number[] = [];
  const outline = symbols.slice(0, mostSymbols).map((symbol, index) => {
    const depth = symbol.parent === undefined ? 0 : (depths[symbol.parent] ?? 0) + 1;
    depths.push(depth);
    const { freshness, summary } = gloss.state({ document, symbol: index });
    return {
      name: symbol.name,
      kind: symbol.kind,
      startLine: symbol.selectionRange.start.line,
      endLine: symbol.range.end.line + 1,
      depth,
      line: summary?.line ?? '',
      freshness,
    };
  });
  return {
    name: decodeURIComponent(document.uri.split('/').at(-1) ?? ''),
    language: document.language,
    lines,
    outline,
    module: summaryOf(gloss, { document }),
  };
}

function summaryOf(gloss: Gloss, target: Target): ReportSummary {
  const { freshness, summary, staleReason, blocked, working } = gloss.state(target);
  const notes = [
    ...(freshness === 'stale' ? [`Outdated: ${staleReason ?? 'the code has changed since'}.`] : []),
    ...(working ? ['Summarizing…'] : []),
    ...(blocked === undefined ? [] : [blocked.message]),
  ];
  return {
    freshness,
    notes,
    line: summary?.line ?? '',
    paragraph: summary?.paragraph ?? '',
    claims: summary?.claims ?? [],
    source: summary === undefined ? '' : originLine(summary).replaceAll('\\', ''),
    basis: (summary?.basis ?? []).map(({ role, path, symbol }) => ({
      role,
      path,
      ...(symbol === undefined ? {} : { symbol }),
    })),
    ...(summary === undefined ? {} : { usage: summary.usage, createdAt: summary.createdAt }),
  };
}
