import type { IndexedSymbol, SymbolGraph } from '../repository/symbolGraph.ts';
import type { PieceForm } from '../types/summary.ts';
import type { Range } from '../types/text.ts';
import { estimateTokens } from '../types/tokens.ts';
import type { Find } from './indexFinds.ts';
import type { LeakGuard } from './leak.ts';
import { codeOf, firstParagraph, firstSentence, headOf, isContainer, rangeOfLines, spanOf } from './pieceText.ts';
import type { Candidate } from './select/task.ts';

/** What shows a find needs. */
export interface PiecePorts {
  readonly graph: SymbolGraph;
  readonly guard: LeakGuard;
  /** Lines of a file by its path in the index. */
  readonly linesOf: (path: string) => Promise<readonly string[] | undefined>;
  /** The line that is known of a symbol and still true. */
  readonly lineOf: (symbol: IndexedSymbol) => Promise<string | undefined>;
  /** How callees are shown; `mixed` by default: what is known of them in words, else their signature. */
  readonly forms?: CalleeForms;
  /** Cuts a code down to so many tokens; longer ones are only described where it is absent. */
  readonly compress?: (code: string, budget: number) => Promise<string>;
}

/** `body` and the others exist to be measured against `mixed`. */
export type CalleeForms = 'mixed' | 'signature' | 'body';

/** An example or a test is shown with its body up to so many tokens; a longer one by its signature and comment. */
const maxBodyTokens = 160;
/** Less than this says nothing of a function. */
const leastCode = 40;
const maxMembers = 40;
const linesAroundCall = 2;

/** Shows a find in the form that says most for its tokens; undefined when nothing can be shown that does not repeat the subject's comment. */
export async function pieceOf(find: Find, ports: PiecePorts): Promise<Candidate | undefined> {
  const shown = await show(find, ports);
  const text = shown === undefined ? '' : ports.guard.clean(shown.text);
  if (shown === undefined || text.trim() === '') return undefined;
  const { role, symbol, score, why } = find;
  return {
    role,
    path: symbol.path,
    symbol: symbol.symbolPath,
    range: shown.range ?? symbol.range,
    text,
    form: shown.form,
    tokens: estimateTokens(text),
    score: Math.round(score * 1000) / 1000,
    why,
    ...(shown.keep === undefined ? {} : { keep: shown.keep }),
  };
}

interface Shown {
  readonly form: PieceForm;
  readonly text: string;
  readonly range?: Range;
  /** See `Candidate.keep`. */
  readonly keep?: readonly string[];
}

function show(find: Find, ports: PiecePorts): Promise<Shown | undefined> {
  switch (find.role) {
    case 'sibling':
      return find.symbol.doc === '' ? callee(find.symbol, ports) : Promise.resolve(inWords(find.symbol));
    case 'caller':
      return useSite(find, ports);
    case 'example':
    case 'test':
      return example(find, ports);
    default:
      return isContainer(find.symbol.kind)
        ? Promise.resolve({ form: 'skeleton', text: outlineOf(find.symbol, ports.graph) })
        : callee(find.symbol, ports);
  }
}

async function callee(
  symbol: IndexedSymbol,
  { forms = 'mixed', lineOf, linesOf }: PiecePorts,
): Promise<Shown | undefined> {
  if (forms === 'signature') return { form: 'signature', text: headOf(symbol) };
  if (forms === 'body') {
    const code = codeOf((await linesOf(symbol.path)) ?? [], spanOf(symbol.range), symbol.docLines);
    return { form: 'body', text: code };
  }
  const said = symbol.doc === '' ? await lineOf(symbol) : firstParagraph(symbol.doc);
  return said === undefined
    ? { form: 'signature', text: headOf(symbol) }
    : { form: 'summary', text: `${headOf(symbol)}\n${said}` };
}

/** What only stands near is not called: its parameters would cost tokens and say nothing. */
function inWords({ name, doc }: IndexedSymbol): Shown {
  return { form: 'summary', text: `${name}: ${firstParagraph(doc)}` };
}

/** A class as its signature, the first sentence of its comment and the signatures of its members. */
function outlineOf(symbol: IndexedSymbol, graph: SymbolGraph): string {
  const members = graph.members(symbol.id);
  const shown = members.slice(0, maxMembers).map((member) => `  ${headOf(member)}`);
  if (members.length > maxMembers) shown.push(`  (${members.length - maxMembers} more)`);
  const about = firstSentence(symbol.doc);
  return [headOf(symbol), ...(about === '' ? [] : [`  ${about}`]), ...shown].join('\n');
}

/** The lines around a call, under the head of the function that they stand in and what it is for. */
async function useSite({ symbol, line = 0 }: Find, { linesOf }: PiecePorts): Promise<Shown | undefined> {
  const span = {
    startLine: Math.max(symbol.range.start.line, line - linesAroundCall),
    endLine: Math.min(symbol.range.end.line, line + linesAroundCall) + 1,
  };
  const lines = await linesOf(symbol.path);
  if (lines === undefined) return undefined;
  const use = codeOf(lines, span, symbol.docLines);
  const head = span.startLine > symbol.range.start.line ? headOf(symbol) : '';
  const text = [head, firstParagraph(symbol.doc), use].filter((part) => part !== '').join('\n');
  const call = lines[line]?.trim();
  const keep = [head === '' ? text.split('\n', 1)[0] : head, use.split('\n').find((each) => each.trim() === call)];
  return { form: 'body', text, range: rangeOfLines(span), keep: keep.filter((each) => each !== undefined) };
}

async function example({ symbol }: Find, { linesOf, compress }: PiecePorts): Promise<Shown | undefined> {
  const code = codeOf((await linesOf(symbol.path)) ?? [], spanOf(symbol.range), symbol.docLines);
  const whole = symbol.doc === '' ? code : `${symbol.doc}\n${code}`;
  const keep = [whole.split('\n', 1)[0] ?? '', code.split('\n').find((each) => each.includes(symbol.name)) ?? ''];
  if (code !== '' && estimateTokens(whole) <= maxBodyTokens) return { form: 'body', text: whole, keep };
  const room = maxBodyTokens - estimateTokens(symbol.doc);
  if (compress !== undefined && code !== '' && room >= leastCode)
    return { form: 'compressed', text: `${symbol.doc}\n${await compress(code, room)}`.trim(), keep };
  return { form: 'summary', text: `${headOf(symbol)}\n${firstParagraph(symbol.doc)}`.trim() };
}
