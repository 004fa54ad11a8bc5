import type { CodeLens, Connection } from 'vscode-languageserver';
import type { LensData } from '../protocol.ts';
import type { OutlineSymbol, SymbolKind } from '../types/outline.ts';
import { cancellable } from './cancellation.ts';
import type { Configuration } from './configuration.ts';
import type { Documents } from './documents.ts';
import { fill, fillsByItself } from './fill.ts';
import type { Blocked, Gloss, ParsedDocument, TargetState } from './gloss.ts';
import { lensTitle } from './markdown.ts';
import { WhenQuiet } from './whenQuiet.ts';

const refreshDelayMs = 300;
const typingPauseMs = 1000;

const lensKinds: ReadonlySet<SymbolKind> = new Set<SymbolKind>([
  'class',
  'method',
  'constructor',
  'enum',
  'interface',
  'function',
  'struct',
  'object',
  'operator',
  'module',
  'namespace',
  'routine',
  'section',
  'macro',
  'proc',
  'paragraph',
]);

export interface CodeLensPorts {
  readonly documents: Documents;
  readonly configuration: Configuration;
  readonly gloss: Gloss;
  readonly producerIsLocal: () => boolean;
  /** Whether the producer is the outline, which answers within the request. */
  readonly producerIsInstant: () => boolean;
  /** Why nothing of a file may be sent to whoever would summarize it. */
  readonly refusal: (uri: string) => Promise<Blocked | undefined>;
  readonly refreshes: boolean;
  /** Name of the command behind a lens: our client's own, or the server's for other editors. */
  readonly showCommand: string;
}

/** How long a lens waits for a team's store, in milliseconds: it stands empty meanwhile, and nobody's pointer waits for it. */
const teamMs = 500;

/**
 * One lens above each symbol worth one. All are listed at once from the tree and keep their places; titles come when the editor resolves
 * what is visible. Resolving starts local producers, so that visible lenses fill by themselves.
 */
export function registerCodeLens(connection: Connection, ports: CodeLensPorts): void {
  connection.onCodeLens(({ textDocument }, token) =>
    cancellable(token, async () => {
      const [document, settings] = await Promise.all([
        ports.documents.get(textDocument.uri),
        ports.configuration.get(textDocument.uri),
      ]);
      if (document === undefined || !settings.codeLens.enabled) return null;
      const refusal = await ports.refusal(document.uri);
      return refusal === undefined ? allLenses(document) : refusedLenses(document, refusal, ports.gloss);
    }),
  );
  const quiet = new WhenQuiet(typingPauseMs);
  connection.onCodeLensResolve((lens, token) =>
    cancellable(token, async () => {
      const data = lens.data as LensData | undefined;
      if (data === undefined) return lens;
      const [document, settings] = await Promise.all([
        ports.documents.get(data.uri),
        ports.configuration.get(data.uri),
      ]);
      const symbol = document?.syntax.outline.symbols[data.symbol];
      if (document === undefined || symbol === undefined) return { ...lens, command: { title: ' ', command: '' } };
      const target = { document, symbol: data.symbol };
      const fills = fillsByItself(settings, ports.producerIsLocal());
      const isOutdated = ports.gloss.state(target).freshness === 'stale';
      if (fills && isOutdated && !ports.producerIsInstant()) refillWhenQuiet(quiet, ports, data);
      else if (fills) await fill(ports.gloss, target, 'lens');
      else await ports.gloss.lookUp(target, teamMs);
      return {
        ...lens,
        command: {
          title: titleOf(ports.gloss.state(target)),
          command: ports.showCommand,
          arguments: [data.uri, symbol.selectionRange.start.line],
        },
      };
    }),
  );
  if (ports.refreshes) refreshOnChange(connection, ports);
}

/** A model is not asked at every keystroke: what an edit made outdated waits until the typing pauses. */
function refillWhenQuiet(quiet: WhenQuiet, ports: CodeLensPorts, { uri, version, symbol }: LensData): void {
  quiet.run(`${uri}#${symbol}`, () => {
    void ports.documents.get(uri).then((document) => {
      if (document?.version === version) ports.gloss.start({ document, symbol }, 'lens');
    });
  });
}

function allLenses(document: ParsedDocument): CodeLens[] {
  return document.syntax.outline.symbols.flatMap((symbol, index) =>
    deservesLens(symbol) ? [lensAt(document, symbol, index)] : [],
  );
}

function lensAt(document: ParsedDocument, symbol: OutlineSymbol, index: number): CodeLens {
  return {
    range: { start: symbol.range.start, end: symbol.range.start },
    data: { uri: document.uri, version: document.version, symbol: index } satisfies LensData,
  };
}

/** Of a file that the gate refuses as a whole: the reason once, at the first place, and what is known of its symbols from before. */
function refusedLenses(document: ParsedDocument, { message, command }: Blocked, gloss: Gloss): CodeLens[] {
  const all = allLenses(document);
  const known = all.filter(
    ({ data }) => gloss.state({ document, symbol: (data as LensData).symbol }).summary !== undefined,
  );
  const first = all[0];
  if (first === undefined) return [];
  const reason = { title: lensTitle(message), command: command?.command ?? '' };
  return [{ range: first.range, command: reason }, ...known];
}

/** A refresh is global in the editor, so bursts are gathered. */
function refreshOnChange(connection: Connection, { gloss }: CodeLensPorts): void {
  let scheduled = false;
  gloss.onChanged(() => {
    if (scheduled) return;
    scheduled = true;
    setTimeout(() => {
      scheduled = false;
      connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
    }, refreshDelayMs);
  });
}

/** One-line functions, accessors and aliases of types say enough themselves. */
function deservesLens(symbol: OutlineSymbol): boolean {
  return (
    lensKinds.has(symbol.kind) &&
    symbol.range.end.line > symbol.range.start.line &&
    !/^\s*(get|set)\s+\w+\s*\(/.test(symbol.signature ?? '') &&
    !/^(?:export\s+)?(?:declare\s+)?type\s/.test(symbol.signature ?? '')
  );
}

function titleOf(state: TargetState): string {
  if (state.summary !== undefined) {
    const isOutdated = state.freshness === 'stale' && state.isAnothers !== true;
    return lensTitle(isOutdated ? `(outdated) ${state.summary.line}` : state.summary.line);
  }
  if (state.working) return 'Summarizing…';
  if (state.blocked !== undefined) return lensTitle(state.blocked.message);
  return 'Summarize';
}
