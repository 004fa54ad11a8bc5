import { pathToFileURL } from 'node:url';
import { codeWords } from '../drift/codeWords.ts';
import { type DriftFinding, findDrift } from '../drift/findDrift.ts';
import { earlierTexts } from '../drift/gitHistory.ts';
import { judgeComment } from '../drift/judge.ts';
import type { Syntax, SyntaxDocument } from '../syntax/document.ts';
import type { Producer } from '../types/produce.ts';
import type { ReadFile } from './files.ts';

/** A comment of a file that no longer fits its code; 0-based line. */
export interface DriftedComment {
  readonly line: number;
  readonly symbol: string;
  readonly message: string;
}

export interface DriftCheck {
  readonly syntax: Pick<Syntax, 'open'>;
  /** Judges comments that are older than the code under them; nobody does when absent. */
  readonly judge?: Producer;
  /** Earlier versions of each file that are looked at. */
  readonly versions: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Comments with claims that do not hold: by structure, against earlier versions from git, and, where a judge is named, by its word. */
export async function driftOf(
  file: ReadFile,
  check: DriftCheck,
): Promise<{ symbols: number; drifted: readonly DriftedComment[] }> {
  const document = await check.syntax.open(file.language, file.source.text, check.signal);
  try {
    const found = new Map<string, DriftFinding>();
    const add = (findings: readonly DriftFinding[]): void => {
      for (const each of findings) found.set(`${each.symbol} ${each.kind} ${each.name}`, each);
    };
    add(findDrift(document));
    const documented = document.outline.symbols.filter(({ doc }) => doc !== undefined).length;
    const aged = documented === 0 ? new Set<number>() : await againstHistory(file, document, check, add);
    const drifted = [...found.values()].map(({ symbol, line, message }) => ({
      line,
      message,
      symbol: nameOf(document, symbol),
    }));
    const told = new Set([...found.values()].map(({ symbol }) => symbol));
    const judged = await judgeAged(
      file,
      document,
      [...aged].filter((index) => !told.has(index)),
      check,
    );
    return { symbols: documented, drifted: [...drifted, ...judged].sort((a, b) => a.line - b.line) };
  } finally {
    document.dispose();
  }
}

/** Tells what earlier versions show, and which symbols have changed under a comment that has not. */
async function againstHistory(
  file: ReadFile,
  document: SyntaxDocument,
  check: DriftCheck,
  add: (findings: readonly DriftFinding[]) => void,
): Promise<ReadonlySet<number>> {
  const aged = new Set<number>();
  for (const text of await earlierTexts(file.file, check.versions, check)) {
    const before = await check.syntax.open(file.language, text, check.signal);
    try {
      add(findDrift(document, before));
      for (const index of changedUnderComment(document, before)) aged.add(index);
    } finally {
      before.dispose();
    }
  }
  return aged;
}

function changedUnderComment(document: SyntaxDocument, before: SyntaxDocument): readonly number[] {
  const earlier = new Map(
    before.outline.symbols.map((symbol) => [`${symbol.kind} ${symbol.name} ${symbol.doc ?? ''}`, symbol]),
  );
  return document.outline.symbols.flatMap((symbol, index) => {
    const old = symbol.doc === undefined ? undefined : earlier.get(`${symbol.kind} ${symbol.name} ${symbol.doc}`);
    if (old === undefined) return [];
    const now = codeWords(document, symbol.range);
    const then = codeWords(before, old.range);
    return [...then].some((word) => !now.has(word)) ? [index] : [];
  });
}

async function judgeAged(
  file: ReadFile,
  document: SyntaxDocument,
  aged: readonly number[],
  { judge, signal }: DriftCheck,
): Promise<readonly DriftedComment[]> {
  if (judge === undefined) return [];
  const drifted: DriftedComment[] = [];
  for (const symbol of aged) {
    const place = { uri: pathToFileURL(file.file).href, path: file.path, document, symbol };
    const verdict = await judgeComment(judge, place, signal);
    const line = document.outline.symbols[symbol]?.docRange?.start.line ?? 0;
    if (verdict !== undefined)
      drifted.push({ line, symbol: nameOf(document, symbol), message: `“${verdict.claim}”: ${verdict.reason}` });
  }
  return drifted;
}

function nameOf(document: SyntaxDocument, symbol: number): string {
  return document.outline.symbols[symbol]?.name ?? '';
}
