import type { DatabaseSync } from 'node:sqlite';
import { similarDocumented } from '../repository/similarSymbols.ts';
import { type IndexedSymbol, openSymbolGraph, type SymbolGraph } from '../repository/symbolGraph.ts';
import { contentHash } from '../types/contentHash.ts';
import type { ContextPiece, PieceForm, PieceRole } from '../types/summary.ts';
import type { LineSpan, Range } from '../types/text.ts';
import { estimateTokens } from '../types/tokens.ts';

/** What a model should see beside a symbol. */
export interface RepositoryContext {
  readonly subject: IndexedSymbol;
  readonly budget: number;
  readonly tokens: number;
  /** Best first. */
  readonly pieces: readonly ContextPiece[];
}

export interface RepositoryContextRequest {
  /** Relative to the repository's root, `/` between parts. */
  readonly path: string;
  /** 0-based. */
  readonly line: number;
  /** In tokens, by `estimateTokens`. */
  readonly budget: number;
  /** Lines of a file of the repository; undefined when it cannot be read. */
  readonly linesOf: (path: string) => Promise<readonly string[] | undefined>;
}

/** How much a role counts, before how sure we are of the piece: what the code stands on, who uses it, what is alike. */
const weights = { class: 0.95, callee: 1, example: 0.7, caller: 0.6 } as const;
const maxExamples = 3;
const maxCallers = 8;
const maxMembers = 120;
const exampleCandidates = 40;
/** An example is shown with its body up to so many tokens; a longer one by its signature and comment. */
const maxExampleTokens = 160;
const linesAroundCall = 2;
const containerKinds = new Set(['class', 'interface', 'struct', 'enum', 'object', 'namespace', 'module', 'package']);

/**
 * Gathers context for the symbol at a line from the index of its repository and selects greedily by score under the budget. What repeats
 * the symbol's own doc comment is left out: a model that sees it would copy it. Undefined when no symbol stands at the line.
 */
export async function gatherFromIndex(
  database: DatabaseSync,
  request: RepositoryContextRequest,
): Promise<RepositoryContext | undefined> {
  const graph = openSymbolGraph(database);
  const subject = graph.symbolAt(request.path, request.line);
  if (subject === undefined) return undefined;
  const callees = calleePieces(graph, subject);
  const candidates = [
    ...classPiece(graph, subject),
    ...callees,
    ...(await callerPieces(graph, subject, request)),
    ...(await examplePieces(database, graph, subject, request)),
  ];
  const leaks = leakTest(subject.doc);
  const pieces = select(
    candidates.filter(({ text }) => !leaks(text)),
    request.budget,
  );
  return { subject, budget: request.budget, tokens: pieces.reduce((sum, { tokens }) => sum + tokens, 0), pieces };
}

/** Greedy by score; of two pieces about one symbol the better stays. */
function select(candidates: readonly ContextPiece[], budget: number): readonly ContextPiece[] {
  const seen = new Set<string>();
  const chosen: ContextPiece[] = [];
  let left = budget;
  for (const piece of [...candidates].sort((a, b) => b.score - a.score)) {
    const key = `${piece.path} ${piece.symbol ?? ''}`;
    if (piece.tokens > left || seen.has(key)) continue;
    seen.add(key);
    chosen.push(piece);
    left -= piece.tokens;
  }
  return chosen;
}

function classPiece(graph: SymbolGraph, subject: IndexedSymbol): readonly ContextPiece[] {
  const owner = subject.parent === undefined ? undefined : graph.symbol(subject.parent);
  if (owner === undefined || !containerKinds.has(owner.kind)) return [];
  const members = graph.members(owner.id).filter(({ id }) => id !== subject.id);
  const shown = members.slice(0, maxMembers).map((member) => `  ${headOf(member)}`);
  if (members.length > maxMembers) shown.push(`  (${members.length - maxMembers} more)`);
  return [pieceOf('class', owner, 'skeleton', [headOf(owner), ...shown].join('\n'), weights.class)];
}

function calleePieces(graph: SymbolGraph, subject: IndexedSymbol): readonly ContextPiece[] {
  return graph
    .callees(subject)
    .filter(({ symbol }) => !encloses(symbol, subject))
    .map(({ symbol, confidence }) =>
      pieceOf(
        'callee',
        symbol,
        symbol.doc === '' ? 'signature' : 'summary',
        described(symbol),
        weights.callee * confidence,
      ),
    );
}

async function callerPieces(
  graph: SymbolGraph,
  subject: IndexedSymbol,
  { linesOf }: RepositoryContextRequest,
): Promise<readonly ContextPiece[]> {
  const callers = graph
    .callers(subject)
    .filter(({ symbol }) => !encloses(subject, symbol) && !encloses(symbol, subject));
  const pieces = callers.slice(0, maxCallers).map(async ({ symbol, confidence, line }) => {
    const span = {
      startLine: Math.max(symbol.range.start.line, line - linesAroundCall),
      endLine: Math.min(symbol.range.end.line, line + linesAroundCall) + 1,
    };
    const lines = await linesOf(symbol.path);
    if (lines === undefined) return [];
    const use = textOf(lines, span, symbol.docLines);
    const text = line - linesAroundCall > symbol.range.start.line ? `${headOf(symbol)}\n${use}` : use;
    return [pieceOf('caller', symbol, 'body', text, weights.caller * confidence, rangeOfLines(span))];
  });
  return (await Promise.all(pieces)).flat();
}

async function examplePieces(
  database: DatabaseSync,
  graph: SymbolGraph,
  subject: IndexedSymbol,
  { linesOf }: RepositoryContextRequest,
): Promise<readonly ContextPiece[]> {
  const lines = await linesOf(subject.path);
  if (lines === undefined) return [];
  const text = `${subject.name}\n${textOf(lines, spanOf(subject.range), subject.docLines)}`;
  const hits = similarDocumented(database, text, exampleCandidates);
  const best = hits[0]?.score ?? 1;
  const leaks = leakTest(subject.doc);
  const pieces: ContextPiece[] = [];
  for (const { symbol: id, score } of hits) {
    const symbol = graph.symbol(id);
    if (symbol === undefined || id === subject.id || encloses(symbol, subject) || encloses(subject, symbol)) continue;
    const code = textOf((await linesOf(symbol.path)) ?? [], spanOf(symbol.range), symbol.docLines);
    const whole = `${symbol.doc}\n${code}`;
    const fits = code !== '' && estimateTokens(whole) <= maxExampleTokens;
    const piece = pieceOf(
      'example',
      symbol,
      fits ? 'body' : 'summary',
      fits ? whole : described(symbol),
      weights.example * (score / Math.max(best, 1e-9)),
    );
    if (!leaks(piece.text)) pieces.push(piece);
    if (pieces.length >= maxExamples) break;
  }
  return pieces;
}

function encloses(outer: IndexedSymbol, inner: IndexedSymbol): boolean {
  if (outer.path !== inner.path || outer.id === inner.id) return false;
  const { start, end } = outer.range;
  const within = inner.range;
  const startsAfter =
    within.start.line > start.line || (within.start.line === start.line && within.start.character >= start.character);
  const endsBefore =
    within.end.line < end.line || (within.end.line === end.line && within.end.character <= end.character);
  return startsAfter && endsBefore;
}

function headOf(symbol: IndexedSymbol): string {
  return symbol.signature === '' ? `${symbol.kind} ${symbol.name}` : symbol.signature;
}

/** Signature and the first paragraph of the doc comment. */
function described(symbol: IndexedSymbol): string {
  const paragraph =
    symbol.doc
      .split(/\n\s*\n/, 1)[0]
      ?.replace(/\s+/g, ' ')
      .trim() ?? '';
  return paragraph === '' ? headOf(symbol) : `${headOf(symbol)}\n${paragraph}`;
}

function spanOf({ start, end }: Range): LineSpan {
  return { startLine: start.line, endLine: end.line + (end.character > 0 ? 1 : 0) };
}

function rangeOfLines({ startLine, endLine }: LineSpan): Range {
  return { start: { line: startLine, character: 0 }, end: { line: endLine, character: 0 } };
}

/** Lines of a file without those of a doc comment. */
function textOf(lines: readonly string[], { startLine, endLine }: LineSpan, doc: LineSpan | undefined): string {
  const isDoc = (line: number): boolean => doc !== undefined && line >= doc.startLine && line < doc.endLine;
  const kept: string[] = [];
  for (let line = startLine; line < Math.min(endLine, lines.length); line += 1)
    if (!isDoc(line)) kept.push(lines[line] ?? '');
  return kept.join('\n');
}

/** Says whether a text holds a doc comment or its first sentence, whatever markers and line breaks stand between the words. */
function leakTest(doc: string): (text: string) => boolean {
  const secrets = [doc, doc.split(/(?<=[.!?])\s|\n\s*\n/, 1)[0] ?? '']
    .map(wordsOf)
    .filter((words) => words.trim() !== '');
  return (text) => {
    const words = wordsOf(text);
    return secrets.some((secret) => words.includes(secret));
  };
}

function wordsOf(text: string): string {
  return ` ${(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')} `;
}

function pieceOf(
  role: PieceRole,
  { path, symbolPath, range }: IndexedSymbol,
  form: PieceForm,
  text: string,
  score: number,
  shown: Range = range,
): ContextPiece {
  const rounded = Math.round(score * 1000) / 1000;
  const hash = contentHash(text);
  return {
    role,
    path,
    symbol: symbolPath,
    range: shown,
    text,
    form,
    tokens: estimateTokens(text),
    score: rounded,
    hash,
  };
}
