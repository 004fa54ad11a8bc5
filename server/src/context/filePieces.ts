import type { SyntaxDocument } from '../syntax/document.ts';
import { withoutOwnBlock } from '../syntax/ownBlocks.ts';
import { symbolPaths } from '../syntax/symbolPaths.ts';
import { canonicalJson } from '../types/canonicalJson.ts';
import { contentHash } from '../types/contentHash.ts';
import type { CallSite, OutlineSymbol } from '../types/outline.ts';
import type { BasisPiece, ContentHash, ContextPiece, Subject } from '../types/summary.ts';
import type { Range } from '../types/text.ts';
import { estimateTokens } from '../types/tokens.ts';
import type { KnownLine } from './context.ts';
import { commentsHash } from './fileComments.ts';
import { leakGuard } from './leak.ts';
import { meaningHash } from './meaning.ts';
import { firstSentence, foldBlanks, isContainer } from './pieceText.ts';

const maxCallees = 24;
const maxMembers = 120;
const maxFields = 60;
/** What a field starts as is shown up to so many characters. */
const maxInitial = 40;
const selfNames = new Set(['this', 'self', 'cls', 'super', '$this', 'Self']);

/** How much a role counts, before how sure we are of the piece. See docs/EVALUATION.md, "Context". */
export const roleWeights = {
  class: 0.95,
  callee: 1,
  type: 0.75,
  import: 0.5,
  example: 0.7,
  caller: 0.6,
  sibling: 0.65,
  test: 0.5,
} as const;

/** What the subject's own file says about it, best first: the class around it without itself, what it calls, the imports that it uses. */
export function filePieces(subject: Subject, doc: SyntaxDocument, lineOf: KnownLine): readonly ContextPiece[] {
  if (subject.symbol === undefined) return [];
  const guard = leakGuard(doc.outline.symbols[subject.symbol.index]?.doc ?? '');
  const pieces = [...classPiece(subject, doc), ...calleePieces(subject, doc, lineOf), ...importPiece(subject, doc)];
  return pieces.flatMap((piece) => {
    const text = guard.clean(piece.text);
    return text === piece.text ? [piece] : text === '' ? [] : [{ ...piece, text, tokens: estimateTokens(text) }];
  });
}

/** The hash that a piece of the subject's own file has now; undefined when it is gone. */
export function hashInFile(subject: Subject, doc: SyntaxDocument, piece: BasisPiece): ContentHash | undefined {
  if (piece.role === 'class') return classPiece(subject, doc)[0]?.hash;
  if (piece.role === 'import') return importPiece(subject, doc)[0]?.hash;
  if (piece.role === 'comment') return commentsHash(doc);
  const index = piece.symbol === undefined ? -1 : symbolPaths(doc.outline).indexOf(piece.symbol);
  const symbol = doc.outline.symbols[index];
  return symbol === undefined ? undefined : symbolHash(doc, symbol, index);
}

function classPiece(subject: Subject, doc: SyntaxDocument): readonly ContextPiece[] {
  const symbols = doc.outline.symbols;
  const target = subject.symbol?.index ?? -1;
  const parentIndex = symbols[target]?.parent;
  const parent = parentIndex === undefined ? undefined : symbols[parentIndex];
  if (parent === undefined || parentIndex === undefined || !isContainer(parent.kind)) return [];
  const text = skeleton(doc, parentIndex, target);
  const hash = contentHash(foldBlanks(skeleton(doc, parentIndex, target, 'bare')));
  const name = symbolPaths(doc.outline)[parentIndex];
  const why = `the ${parent.kind} around it`;
  return [pieceOf('class', subject.path, parent.range, text, 'skeleton', hash, why, name)];
}

/** A class as its signature, first words, fields and the signatures of its members, one per line, without the member `except`. */
export function skeleton(
  doc: SyntaxDocument,
  classIndex: number,
  except: number,
  comment: 'commented' | 'bare' = 'commented',
): string {
  const owner = doc.outline.symbols[classIndex];
  if (owner === undefined) return '';
  const members = doc.outline.symbols.filter((symbol, index) => symbol.parent === classIndex && index !== except);
  const shown = members.slice(0, maxMembers).map((member) => `  ${signatureOf(doc, member)}`);
  if (members.length > maxMembers) shown.push(`  (${members.length - maxMembers} more)`);
  const about = comment === 'bare' ? '' : (sentenceOf(owner) ?? '');
  const fields = fieldLines(doc, classIndex, except).map((field) => `  ${field}`);
  return [signatureOf(doc, owner), ...(about === '' ? [] : [`  ${about}`]), ...fields, ...shown].join('\n');
}

const constructorNames = new Set(['__init__', 'constructor', 'initialize', '__construct']);
const assignment =
  /(?:\b(?:self|this)\.|\$this->|@)([\p{L}_$][\p{L}\p{N}_$]*)(?:\s*:[^=\n]+)?\s*=(?![=>~])[ \t]*([^\n]*)/gu;

/** Fields that come into being in the constructor, where the language declares none: each with what it starts as. */
function fieldLines(doc: SyntaxDocument, classIndex: number, except: number): readonly string[] {
  const symbols = doc.outline.symbols;
  const declared = new Set(symbols.filter((symbol) => symbol.parent === classIndex).map(({ name }) => name));
  const fields = new Map<string, string>();
  for (const [index, symbol] of symbols.entries()) {
    if (symbol.parent !== classIndex || index === except) continue;
    if (symbol.kind !== 'constructor' && !constructorNames.has(symbol.name)) continue;
    for (const [, name = '', initial = ''] of doc.textIn(symbol.range).matchAll(assignment))
      if (!declared.has(name) && !fields.has(name) && fields.size < maxFields) fields.set(name, initial.trim());
  }
  return [...fields].map(([name, initial]) =>
    initial === '' || initial.length > maxInitial ? name : `${name} = ${initial}`,
  );
}

function signatureOf(doc: SyntaxDocument, symbol: OutlineSymbol): string {
  if (symbol.signature) return symbol.signature;
  return foldBlanks(doc.textIn(symbol.range).split(/\r\n|\n|\r/, 1)[0] ?? symbol.name);
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
    const line = lineOf(subject, doc, index) ?? sentenceOf(symbol);
    const signature = isContainer(symbol.kind) ? skeleton(doc, index, -1) : signatureOf(doc, symbol);
    const text = line === undefined ? signature : `${signature}\n${line}`;
    const form = line === undefined ? 'signature' : 'summary';
    const hash = symbolHash(doc, symbol, index);
    const role = isContainer(symbol.kind) ? 'type' : 'callee';
    return [pieceOf(role, subject.path, symbol.range, text, form, hash, 'called, in the same file', paths[index])];
  });
}

function sentenceOf({ doc }: OutlineSymbol): string | undefined {
  const sentence = firstSentence(withoutOwnBlock(doc) ?? '');
  return sentence === '' ? undefined : sentence;
}

/** What a symbol means to who uses it: a function counts with all that it does, of a class only what its skeleton shows. */
export function symbolHash(doc: SyntaxDocument, symbol: OutlineSymbol, index: number): ContentHash {
  if (isContainer(symbol.kind)) return contentHash(foldBlanks(skeleton(doc, index, -1, 'bare')));
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
  const owner = symbols.findIndex((symbol) => symbol.name === call.receiver && isContainer(symbol.kind));
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
  return [pieceOf('import', subject.path, first.range, texts.join('\n'), 'body', hash, 'imports that it uses')];
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
  why: string,
  symbol?: string,
): ContextPiece {
  const score = role in roleWeights ? roleWeights[role as keyof typeof roleWeights] : 0;
  const piece = { role, path, range, text, form, tokens: estimateTokens(text), score, hash, why };
  return symbol === undefined ? piece : { ...piece, symbol };
}
