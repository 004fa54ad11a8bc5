import { type Connection, type Hover, MarkupKind } from 'vscode-languageserver';
import type { Settings } from '../settings.ts';
import type { OutlineSymbol } from '../types/outline.ts';
import type { StoredSummary } from '../types/summary.ts';
import type { Position } from '../types/text.ts';
import { cancellable } from './cancellation.ts';
import type { Configuration } from './configuration.ts';
import type { Documents } from './documents.ts';
import { fill } from './fill.ts';
import type { Glance } from './glance.ts';
import type { Blocked, Gloss, ParsedDocument } from './gloss.ts';
import { hoverMarkdown } from './hoverMarkdown.ts';

/** How long a hover waits for a team's store, in milliseconds. */
const teamMs = 50;

/** Hover: what is known of the symbol whose name or use stands under the pointer. Never waits for a model. */
export function registerHover(
  connection: Connection,
  ports: {
    readonly documents: Documents;
    readonly configuration: Configuration;
    readonly gloss: Gloss;
    /** Whether the producer is our own (outline or embedded model), which sends nothing anywhere and bills nothing. */
    readonly producerIsOurs: () => boolean;
    /** What the outline says at once, for a reader whom the embedded model keeps waiting. */
    readonly glance: Glance;
    /** Why nothing of a file may be sent to whoever would summarize it. */
    readonly refusal: (uri: string) => Promise<Blocked | undefined>;
    /** Command links work only in our own client; other editors would show them raw. */
    readonly commandLinks: boolean;
  },
): void {
  connection.onHover(({ textDocument, position }, token) =>
    cancellable(token, async () => {
      const [document, settings] = await Promise.all([
        ports.documents.get(textDocument.uri),
        ports.configuration.get(textDocument.uri),
      ]);
      if (document === undefined || !settings.hover.enabled) return null;
      const index = symbolUnder(document, position);
      if (index === undefined) return null;
      if (isHidden(document, index, settings)) return null;
      // A model that bills or sends is never asked because a pointer rests somewhere.
      const shared = { ...ports, refusal: await ports.refusal(document.uri) };
      const target = { document, symbol: index };
      if (!ports.producerIsOurs()) {
        await ports.gloss.lookUp(target, teamMs);
        return hoverFor(document, index, settings, shared);
      }
      await fill(ports.gloss, target, 'hover');
      const known = ports.gloss.state(target).summary;
      return hoverFor(document, index, settings, shared, known ?? (await ports.glance(target)));
    }),
  );
}

function hoverFor(
  document: ParsedDocument,
  index: number,
  settings: Settings,
  ports: { readonly gloss: Gloss; readonly commandLinks: boolean; readonly refusal: Blocked | undefined },
  glance?: StoredSummary,
): Hover | null {
  const symbol = document.syntax.outline.symbols[index];
  if (symbol === undefined || isHidden(document, index, settings)) return null;
  const known = ports.gloss.state({ document, symbol: index });
  const state = known.summary === undefined && glance !== undefined ? { ...known, summary: glance } : known;
  const value = hoverMarkdown(symbol, state, {
    uri: document.uri,
    quote: isDocumented(symbol) && settings.hover.whenDocumented === 'quote',
    links: ports.commandLinks,
    refusal: ports.refusal,
    isGlance: known.summary === undefined && glance !== undefined,
  });
  return { contents: { kind: MarkupKind.Markdown, value }, range: symbol.selectionRange };
}

function isDocumented({ doc }: OutlineSymbol): boolean {
  return doc !== undefined && doc.trim() !== '';
}

/** The user wants no second voice beside the author's. */
function isHidden(document: ParsedDocument, index: number, settings: Settings): boolean {
  const symbol = document.syntax.outline.symbols[index];
  return symbol !== undefined && isDocumented(symbol) && settings.hover.whenDocumented === 'nothing';
}

/** The symbol named under a position: at its declaration, or at a use of a name that this file declares exactly once. */
function symbolUnder(document: ParsedDocument, position: Position): number | undefined {
  const { symbols } = document.syntax.outline;
  const declared = symbols.findIndex(({ selectionRange }) =>
    covers(selectionRange.start, selectionRange.end, position),
  );
  if (declared >= 0) return declared;
  const word = wordAt(document, position);
  if (word === undefined) return undefined;
  const matches = symbols.flatMap((symbol, index) =>
    symbol.name === word && symbol.kind !== 'variable' ? [index] : [],
  );
  return matches.length === 1 ? matches[0] : undefined;
}

function covers(start: Position, end: Position, at: Position): boolean {
  const after = at.line > start.line || (at.line === start.line && at.character >= start.character);
  const before = at.line < end.line || (at.line === end.line && at.character <= end.character);
  return after && before;
}

const maxLineScan = 2000;

function wordAt(document: ParsedDocument, { line, character }: Position): string | undefined {
  if (character > maxLineScan) return undefined;
  const start = document.syntax.offsetAt({ line, character: 0 });
  const text = document.text.slice(start, start + maxLineScan + 100).split(/\r?\n|\r/, 1)[0] ?? '';
  for (const match of text.matchAll(/[\p{L}_$%@#][\p{L}\p{N}_$@#]*/gu)) {
    if (match.index <= character && match.index + match[0].length >= character) return match[0];
  }
  return undefined;
}
