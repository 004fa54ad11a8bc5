import { cleanComment, cleanDocstring, isAboutFile, isForeignToDocs } from '../syntax/docText.ts';
import type { SyntaxDocument } from '../syntax/document.ts';
import { languageRow } from '../syntax/languages.ts';
import { contentHash } from '../types/contentHash.ts';
import type { ContentHash, ContextPiece, Subject } from '../types/summary.ts';
import type { Range } from '../types/text.ts';
import { estimateTokens } from '../types/tokens.ts';
import { leakGuard } from './leak.ts';
import { foldBlanks } from './pieceText.ts';

/** What comments say of the file's trade counts less than what is called. Chosen on one half of the rows. */
const score = 0.5;
const maxComments = 60;
const maxLength = 400;

/**
 * What the file says of itself, and what its comments say that are no symbol's: nearest to the subject first, one a line. Those within the subject
 * are in its source. A selector takes what is new of them.
 */
export function commentPiece(subject: Subject, doc: SyntaxDocument): readonly ContextPiece[] {
  const symbol = doc.outline.symbols[subject.symbol?.index ?? -1];
  if (symbol === undefined) return [];
  const guard = leakGuard(symbol.doc ?? '');
  const comments = commentsIn(doc).filter(
    ({ first, last }) => last < subject.range.start.line || first > subject.range.end.line,
  );
  const distance = ({ first }: Comment): number => Math.abs(first - subject.range.start.line);
  const nearest = [...comments].sort((a, b) => distance(a) - distance(b)).slice(0, maxComments);
  const lines = [headOfFile(doc), ...nearest.map(({ text }) => text)].map(guard.clean).filter((line) => line !== '');
  const text = [...new Set(lines)].join('\n');
  if (text === '') return [];
  const range: Range = { start: { line: 0, character: 0 }, end: doc.positionAt(doc.text.length) };
  const hash = commentsHash(doc);
  const why = 'comments in the same file';
  const tokens = estimateTokens(text);
  return [{ role: 'comment', path: subject.path, range, text, form: 'summary', tokens, score, hash, why }];
}

/** Of all comments of a file that are no symbol's. */
export function commentsHash(doc: SyntaxDocument): ContentHash {
  return contentHash([headOfFile(doc), ...commentsIn(doc).map(({ text }) => text)].join('\n'));
}

interface Comment {
  readonly first: number;
  readonly last: number;
  readonly text: string;
}

/** Comments that follow each other in lines of their own are one. */
function commentsIn(doc: SyntaxDocument): readonly Comment[] {
  const syntax = languageRow(doc.language).comments;
  const documented = doc.outline.symbols.flatMap(({ docRange }) => (docRange === undefined ? [] : [docRange]));
  const isDoc = (line: number): boolean => documented.some(({ start, end }) => start.line <= line && line <= end.line);
  const runs: { first: number; last: number; raw: string; readonly isAlone: boolean }[] = [];
  for (const { range, start, end, kind } of doc.comments()) {
    const raw = doc.text.slice(start, end);
    if (kind === 'data' || isDoc(range.start.line)) continue;
    const run = runs.at(-1);
    const isAlone = doc.text.slice(doc.offsetAt({ line: range.start.line, character: 0 }), start).trim() === '';
    if (run?.isAlone === true && isAlone && kind === 'line' && range.start.line === run.last + 1) {
      run.last = range.end.line;
      run.raw += `\n${raw}`;
    } else runs.push({ first: range.start.line, last: range.end.line, raw, isAlone });
  }
  return runs.flatMap(({ first, last, raw }) => {
    if (isForeignToDocs(raw) || raw.includes('codegloss:') || isAboutFile(raw, true)) return [];
    const text = foldBlanks(cleanComment(raw, syntax)).slice(0, maxLength);
    return isSaid(text) ? [{ first, last, text }] : [];
  });
}

/** Two words and no code that somebody left out. */
function isSaid(text: string): boolean {
  return /\p{L}{2,}\s+\p{L}{2,}/u.test(text) && !/[;{}]\s*$|\)\s*:?$|^[\w.]+\s*=|=>/.test(text);
}

/** A Python module's docstring: no comment and no symbol's. */
function headOfFile(doc: SyntaxDocument): string {
  if (doc.language !== 'python') return '';
  const literal = /^(?:[ \t]*(?:#.*)?\r?\n)*[rRuU]?("""|''')[\s\S]*?\1/.exec(doc.text)?.[0];
  if (literal === undefined || literal.includes('codegloss:')) return '';
  return foldBlanks(cleanDocstring(literal.slice(literal.search(/[rRuU]?(?:"""|''')/)))).slice(0, 2 * maxLength);
}
