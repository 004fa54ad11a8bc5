import type { SyntaxDocument } from '../syntax/document.ts';
import { symbolPaths } from '../syntax/symbolPaths.ts';
import { canonicalJson } from '../types/canonicalJson.ts';
import { contentHash } from '../types/contentHash.ts';
import type { CallSite, OutlineSymbol } from '../types/outline.ts';
import type { BasisPiece, ContentHash, ContextPiece, Subject } from '../types/summary.ts';
import type { Range } from '../types/text.ts';
import { estimateTokens } from '../types/tokens.ts';
import type { ContextProvider, KnownLine } from './context.ts';
import { meaningHash } from './meaning.ts';

const maxCallees = 24;
const maxMembers = 120;
const selfNames = new Set(['this', 'self', 'cls', 'super', '$this', 'Self']);
const containerKinds = new Set(['class', 'interface', 'struct', 'enum', 'object', 'namespace', 'module', 'package']);

/**
 * What the subject's own file says about it: the class around it without itself, what it calls in the file, the imports that it uses.
 * Nothing outside the file is read.
 */
export function createFileContext(lineOf: KnownLine = () => undefined): ContextProvider {
  return {
    gather(subject, doc, budgetTokens, signal) {
      signal.throwIfAborted();
      if (subject.symbol === undefined) return Promise.resolve([]);
      const candidates = [
        ...classPiece(subject, doc),
        ...calleePieces(subject, doc, lineOf),
        ...importPiece(subject, doc),
      ];
      return Promise.resolve(withinBudget(candidates, budgetTokens));
    },
    currentHash(subject, doc, piece) {
      return piece.path === subject.path ? hashNow(subject, doc, piece) : piece.hash;
    },
  };
}

function withinBudget(candidates: readonly ContextPiece[], budgetTokens: number): readonly ContextPiece[] {
  const chosen: ContextPiece[] = [];
  let left = budgetTokens;
  for (const piece of candidates) {
    if (piece.tokens > left) continue;
    chosen.push(piece);
    left -= piece.tokens;
  }
  return chosen;
}

function hashNow(subject: Subject, doc: SyntaxDocument, piece: BasisPiece): ContentHash | undefined {
  if (piece.role === 'class') return classPiece(subject, doc)[0]?.hash;
  if (piece.role === 'import') return importPiece(subject, doc)[0]?.hash;
  const index = piece.symbol === undefined ? -1 : symbolPaths(doc.outline).indexOf(piece.symbol);
  const symbol = doc.outline.symbols[index];
  return symbol === undefined ? undefined : calleeHash(doc, symbol, index);
}

function classPiece(subject: Subject, doc: SyntaxDocument): readonly ContextPiece[] {
  const symbols = doc.outline.symbols;
  const target = subject.symbol?.index ?? -1;
  const parentIndex = symbols[target]?.parent;
  const parent = parentIndex === undefined ? undefined : symbols[parentIndex];
  if (parent === undefined || parentIndex === undefined || !containerKinds.has(parent.kind)) return [];
  const text = skeleton(doc, parentIndex, target);
  const name = symbolPaths(doc.outline)[parentIndex];
  return [pieceOf('class', subject.path, parent.range, text, 'skeleton', contentHash(foldBlanks(text)), name)];
}

/** A class as its signature and the signatures of its members, one per line, without the member `except`. */
function skeleton(doc: SyntaxDocument, classIndex: number, except: number): string {
  const owner = doc.outline.symbols[classIndex];
  if (owner === undefined) return '';
  const members = doc.outline.symbols.filter((symbol, index) => symbol.parent === classIndex && index !== except);
  const shown = members.slice(0, maxMembers).map((member) => `  ${signatureOf(doc, member)}`);
  if (members.length > maxMembers) shown.push(`  (${members.length - maxMembers} more)`);
  return [signatureOf(doc, owner), ...shown].join('\n');
}

function signatureOf(doc: SyntaxDocument, symbol: OutlineSymbol): string {
  if (symbol.signature) return symbol.signature;
  return foldBlanks(doc.textIn(symbol.range).split(/\r\n|\n|\r/, 1)[0] ?? symbol.name);
}

function foldBlanks(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function calleePieces(subject: Subject, doc: SyntaxDocument, lineOf: KnownLine): readonly ContextPiece[] {
  const target = subject.symbol?.index ?? -1;
  const paths = symbolPaths(doc.outline);
  const indices = new Set<number>();
  for (const call of doc.calls(subject.range)) {
    const index = resolveInFile(doc, call, target);
    if (index !== undefined && index !== target && !encloses(doc, target, index) && !encloses(doc, index, target)) {
      indices.add(index);
    }
    if (indices.size >= maxCallees) break;
  }
  return [...indices].flatMap((index) => {
    const symbol = doc.outline.symbols[index];
    if (symbol === undefined) return [];
    const line = lineOf(subject, doc, index);
    const signature = containerKinds.has(symbol.kind) ? skeleton(doc, index, -1) : signatureOf(doc, symbol);
    const text = line === undefined ? signature : `${signature}\n${line}`;
    const form = line === undefined ? 'signature' : 'summary';
    const hash = calleeHash(doc, symbol, index);
    const role = containerKinds.has(symbol.kind) ? 'type' : 'callee';
    return [pieceOf(role, subject.path, symbol.range, text, form, hash, paths[index])];
  });
}

/** A function counts with all that it does; of a class only what its skeleton shows. */
function calleeHash(doc: SyntaxDocument, symbol: OutlineSymbol, index: number): ContentHash {
  if (containerKinds.has(symbol.kind)) return contentHash(foldBlanks(skeleton(doc, index, -1)));
  return meaningHash(doc, symbol.range, true);
}

function encloses(doc: SyntaxDocument, outer: number, inner: number): boolean {
  let index: number | undefined = doc.outline.symbols[inner]?.parent;
  while (index !== undefined && index !== outer) index = doc.outline.symbols[index]?.parent;
  return index === outer;
}

/** The symbol that a call most likely names: a member of the same class after `this`, of the class named by the receiver, or a bare name. */
function resolveInFile(doc: SyntaxDocument, call: CallSite, from: number): number | undefined {
  const symbols = doc.outline.symbols;
  const named = symbols.flatMap((symbol, index) => (symbol.name === call.name ? [index] : []));
  if (named.length === 0) return undefined;
  const parentOf = (index: number): number | undefined => symbols[index]?.parent;
  const own = parentOf(from);
  const sameClass = named.find((index) => own !== undefined && parentOf(index) === own);
  const topLevel = named.find((index) => parentOf(index) === undefined);
  if (call.receiver === undefined) return topLevel ?? sameClass;
  if (selfNames.has(call.receiver)) return sameClass;
  const owner = symbols.findIndex((symbol) => symbol.name === call.receiver && containerKinds.has(symbol.kind));
  return owner < 0 ? undefined : named.find((index) => parentOf(index) === owner);
}

/** The lines of the imports whose name the subject uses. */
function importPiece(subject: Subject, doc: SyntaxDocument): readonly ContextPiece[] {
  const used = doc.identifiers(subject.range);
  const imports = doc.imports().filter((site) => used.has(site.name) || namesAny(doc.textIn(site.range), used));
  const first = imports[0];
  if (first === undefined) return [];
  const texts = [...new Set(imports.map((site) => foldBlanks(doc.textIn(site.range))))].slice(0, maxCallees);
  const hash = contentHash(canonicalJson([...texts].sort()));
  return [pieceOf('import', subject.path, first.range, texts.join('\n'), 'body', hash)];
}

function namesAny(text: string, used: ReadonlySet<string>): boolean {
  return (text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []).some((word) => word.length > 1 && used.has(word));
}

function pieceOf(
  role: ContextPiece['role'],
  path: string,
  range: Range,
  text: string,
  form: ContextPiece['form'],
  hash: ContentHash,
  symbol?: string,
): ContextPiece {
  const piece = { role, path, range, text, form, tokens: estimateTokens(text), score: 1, hash };
  return symbol === undefined ? piece : { ...piece, symbol };
}
