import type { SyntaxDocument } from '../syntax/document.ts';
import { symbolPaths } from '../syntax/symbolPaths.ts';
import type { LanguageId, OutlineSymbol } from '../types/outline.ts';
import { type ChangedClaim, changedClaims } from './changedClaims.ts';
import { codeWords } from './codeWords.ts';
import { type DocClaims, docClaims } from './docClaims.ts';

/** A claim of a human comment that the code under it no longer bears out. */
export interface DriftFinding {
  /** Index of the symbol in the outline. */
  readonly symbol: number;
  readonly kind: 'parameter' | 'return' | 'name' | ChangedClaim['kind'];
  /** The name that is gone; empty for a return. */
  readonly name: string;
  /** Line of the claim, 0-based, in the file. */
  readonly line: number;
  readonly message: string;
}

const callable: ReadonlySet<string> = new Set(['function', 'method', 'constructor', 'proc']);
/** In these a value is returned by a statement that says so; in others the last expression may be one. */
const explicitReturns: ReadonlySet<LanguageId> = new Set([
  'python',
  'javascript',
  'javascriptreact',
  'typescript',
  'typescriptreact',
  'java',
  'csharp',
  'php',
  'c',
  'cpp',
]);
const voidTypes = /^(?::?\s*)?(?:void|None|undefined|never|Promise<\s*(?:void|undefined)\s*>|Unit)$/;
const withoutBody = /\b(abstract|native|declare|extern|overload)\b/;
const maxSymbols = 5_000;

/**
 * Claims of doc comments that do not hold: a documented parameter that is gone, a promised value that is never returned, and, where an
 * earlier version of the file is given, a name that the code had when the comment was written and has nowhere now. Structure alone; no
 * model. What could be meant otherwise (destructured or collected arguments, bodies elsewhere) is not reported.
 *
 * @param before the file as it was when the comments were last edited, or at any time before the change that is looked at
 */
export function findDrift(document: SyntaxDocument, before?: SyntaxDocument): readonly DriftFinding[] {
  const earlier = before && { document: before, paths: symbolPaths(before.outline) };
  const paths = symbolPaths(document.outline);
  let whole: ReadonlySet<string> | undefined;
  const everywhere = (): ReadonlySet<string> => {
    whole ??= codeWords(document, wholeOf(document));
    return whole;
  };
  return document.outline.symbols.slice(0, maxSymbols).flatMap((symbol, index) => {
    if (symbol.docRange === undefined || symbol.doc === undefined) return [];
    const claims = docClaims(document.textIn(symbol.docRange));
    const found = callable.has(symbol.kind) ? tagFindings(document, symbol, index, claims) : [];
    const old = earlier === undefined ? -1 : earlier.paths.indexOf(paths[index] ?? '');
    const named =
      earlier === undefined || old < 0
        ? []
        : nameFindings({ symbol, index, claims }, earlier.document, old, everywhere);
    const changed =
      earlier === undefined || old < 0 ? [] : changeFindings(document, symbol, index, earlier.document, old);
    const told = new Set<string>();
    return [...found, ...named, ...changed].filter(({ name }) => !told.has(name) && told.add(name));
  });
}

function tagFindings(
  document: SyntaxDocument,
  symbol: OutlineSymbol,
  index: number,
  claims: DocClaims,
): readonly DriftFinding[] {
  if (claims.parameters.length === 0 && claims.returns === undefined) return [];
  const facts = document.facts(index);
  const start = symbol.docRange?.start.line ?? 0;
  const found: DriftFinding[] = [];
  if (mayCheckParameters(document, symbol, facts.parameters)) {
    const known = new Set(facts.parameters.map(bare));
    for (const { name, line } of claims.parameters) {
      if (known.has(bare(name)) || found.some((each) => each.name === name)) continue;
      const message = `The comment documents a parameter ${name} that ${symbol.name} does not have.`;
      found.push({ symbol: index, kind: 'parameter', name, line: start + line, message });
    }
  }
  if (claims.returns !== undefined && !facts.returnsValue && mayCheckReturn(document, symbol, facts.returnType)) {
    const message = `The comment promises a value that ${symbol.name} never returns.`;
    found.push({ symbol: index, kind: 'return', name: '', line: start + claims.returns, message });
  }
  return found;
}

/** Names collected in one argument (`**kwargs`, `...args`, `{ a, b }`) may be documented one by one. */
function mayCheckParameters(document: SyntaxDocument, symbol: OutlineSymbol, parameters: readonly string[]): boolean {
  const signature = symbol.signature ?? '';
  if (/\*\*|\.\.\.|\{|\[\s*\w+\s*,|\$@|\bparams\s/.test(signature.replace(/\[\]/g, ''))) return false;
  if (parameters.length === 0 && !/\(\s*(?:self|cls|this|void)?\s*\)/.test(signature)) return false;
  return !codeWords(document, symbol.range).has('arguments');
}

function mayCheckReturn(document: SyntaxDocument, symbol: OutlineSymbol, returnType: string | undefined): boolean {
  if (symbol.kind === 'constructor' || !explicitReturns.has(document.language)) return false;
  if (returnType !== undefined && !voidTypes.test(returnType.trim())) return false;
  const text = document.textIn(symbol.range);
  if (withoutBody.test(symbol.signature ?? '') || withoutBody.test(text.slice(0, 200))) return false;
  const canonical = document.canonical(symbol.range);
  if (/\byield\b|=>|NotImplementedError|\bthrow\b|\braise\b/.test(canonical)) return false;
  if (document.language === 'python') return !/:\s*(?:pass|\.\.\.)?\s*$/.test(canonical);
  return text.includes('{') && !/\{\s*\}\s*$/.test(text);
}

/** A name that the code under the comment had before, and that nothing in the file bears now. */
function nameFindings(
  { symbol, index, claims }: { readonly symbol: OutlineSymbol; readonly index: number; readonly claims: DocClaims },
  before: SyntaxDocument,
  old: number,
  everywhere: () => ReadonlySet<string>,
): readonly DriftFinding[] {
  const earlier = before.outline.symbols[old];
  if (earlier?.docRange === undefined || symbol.docRange === undefined || claims.names.length === 0) return [];
  // Whoever edited the comment since has looked at it since.
  if (textOf(earlier.doc) !== textOf(symbol.doc)) return [];
  const had = codeWords(before, earlier.range);
  return claims.names.flatMap(({ name, line }): DriftFinding[] => {
    if (!had.has(name) || everywhere().has(name)) return [];
    const message = `The comment speaks of ${name}, which the code no longer has.`;
    return [{ symbol: index, kind: 'name', name, line: (symbol.docRange?.start.line ?? 0) + line, message }];
  });
}

/** What was true of the code when the comment was written. */
function changeFindings(
  document: SyntaxDocument,
  symbol: OutlineSymbol,
  index: number,
  before: SyntaxDocument,
  old: number,
): readonly DriftFinding[] {
  const { docRange, doc } = symbol;
  if (docRange === undefined || !callable.has(symbol.kind) || textOf(before.outline.symbols[old]?.doc) !== textOf(doc))
    return [];
  const claims = changedClaims(document.textIn(docRange), { document: before, index: old }, { document, index });
  return claims.map(({ kind, name, line }) => ({
    symbol: index,
    kind,
    name,
    line: docRange.start.line + line,
    message: changeMessages[kind](name),
  }));
}

const changeMessages: Readonly<Record<ChangedClaim['kind'], (name: string) => string>> = {
  exception: (name) => `The comment promises ${name}, which the code under it throws no longer.`,
  nothing: (name) => `The comment speaks of a result ${name}, which the code returned before and returns no longer.`,
};

function textOf(doc: string | undefined): string {
  return (doc ?? '').replace(/\s+/g, ' ').trim();
}

function bare(parameter: string): string {
  return /[\p{L}_$][\p{L}\p{N}_$]*/u.exec(parameter)?.[0] ?? parameter;
}

function wholeOf(document: SyntaxDocument) {
  return { start: { line: 0, character: 0 }, end: document.positionAt(document.text.length) };
}
