import type { CallSite, SymbolFacts } from '../../types/outline.ts';
import type { ProduceRequest } from '../../types/produce.ts';
import type { ContextPiece } from '../../types/summary.ts';
import { authorText } from '../outline/authorDoc.ts';
import type { PromptInput } from './tasks.ts';

/** As in the training data: names of callees beyond these are left out, and so is code that no prompt shows. */
const mostCalls = 12;
const mostCode = 9000;

const callKinds: ReadonlySet<CallSite['kind']> = new Set(['call', 'new', 'macro', 'branch']);

/** What the model is shown of a request; the counterpart of the training data's fields (training/prepare.py, contexts.ts). */
export function promptOf(request: ProduceRequest): PromptInput {
  const { subject, pieces, facts, symbol, source } = request;
  return {
    language: subject.language,
    path: subject.path,
    owner: ownerOf(request),
    calls: callsOf(facts, symbol?.name ?? ''),
    callees: pieces.flatMap((piece) => calleeOf(piece)),
    examples: pieces.flatMap((piece) => exampleOf(piece, request)),
    code: dedented(source).slice(0, mostCode),
  };
}

function ownerOf({ subject, symbol, pieces }: ProduceRequest): string {
  const around = pieces.find((piece) => piece.role === 'class');
  // Marks of members that are left out are nothing that the model was trained on.
  if (around !== undefined) return around.text.replace(/\n…(?=\n|$)/g, '').replace(/\n[ \t]+/g, '\n ');
  const receiver = subject.language === 'go' ? /^func\s*\([^)]*?\*?\s*([A-Za-z_]\w*)(?:\[[^\]]*\])?\s*\)/ : undefined;
  const type = receiver?.exec(symbol?.signature ?? '')?.[1];
  return type === undefined ? '' : `type ${type}`;
}

function callsOf(facts: SymbolFacts | undefined, own: string): readonly string[] {
  const names = (facts?.calls ?? []).filter(({ kind }) => callKinds.has(kind)).map(({ name }) => name);
  return [...new Set(names)].filter((name) => name !== own && name.length > 1).slice(0, mostCalls);
}

/** Of a callee that has a sentence: `signature\nsentence`. */
function calleeOf({ role, form, text, symbol }: ContextPiece): PromptInput['callees'] {
  if (role !== 'callee' || form !== 'summary') return [];
  const sentence = firstSentence(text.split('\n').slice(1).join('\n'));
  return sentence === '' ? [] : [{ name: lastName(symbol ?? ''), sentence }];
}

/** Head and sentence of a documented symbol nearby; its body, where the piece shows it, is more than the model was trained on. */
function exampleOf({ role, form, text, symbol }: ContextPiece, { subject }: ProduceRequest): PromptInput['examples'] {
  if (role !== 'example') return [];
  const lines = text.split('\n');
  const name = lastName(symbol ?? '');
  const at = form === 'summary' ? 0 : lines.findIndex((line) => declares(line, name));
  const head = at < 0 ? undefined : lines[at];
  const said = (form === 'summary' ? lines.slice(1) : lines.slice(0, Math.max(0, at))).join('\n');
  const sentence = authorText(said, subject.language)?.line ?? firstSentence(said);
  return head === undefined || sentence === '' ? [] : [{ head: head.trim(), sentence }];
}

function declares(line: string, name: string): boolean {
  if (name === '') return false;
  const before = line.indexOf(name);
  return before >= 0 && /^\s*[<([:={]/.test(line.slice(before + name.length));
}

function lastName(symbolPath: string): string {
  return (
    symbolPath
      .split(/[.:^]+/)
      .at(-1)
      ?.replace(/#\d+$/, '') ?? symbolPath
  );
}

function firstSentence(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return /^.*?[.!?](?=\s|$)/.exec(flat)?.[0] ?? flat;
}

/** Code without the indentation that its place gives all but its first line, as the training data has it. */
export function dedented(source: string): string {
  const lines = source
    .replace(/\r\n?/g, '\n')
    .replace(/^\n+|\n+$/g, '')
    .split('\n');
  const rest = lines.slice(1).filter((line) => line.trim() !== '');
  const shared = Math.min(...rest.map((line) => line.search(/\S/)));
  const own = lines[0]?.search(/\S/) ?? 0;
  // The last line (a bracket, a `return`) stands at the first line's own column or deeper.
  const indent = own > 0 ? own : lastIndent(rest, shared);
  const cut = (line: string): string => line.replace(new RegExp(`^[ \\t]{0,${indent}}`), '');
  return lines.map((line) => (indent > 0 ? cut(line) : line).trimEnd()).join('\n');
}

/** A declaration that is closed by a bracket stands where the bracket does; else its body is one step deeper than it. */
function lastIndent(rest: readonly string[], shared: number): number {
  if (!Number.isFinite(shared) || shared <= 0) return 0;
  const last = rest.at(-1) ?? '';
  if (/^\s*(?:[)}\]]|end\b)/.test(last)) return last.search(/\S/);
  const unit = rest.some((line) => line.startsWith('\t')) ? 1 : shared % 4 === 0 ? 4 : 2;
  return Math.max(0, shared - unit);
}
