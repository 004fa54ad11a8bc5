import type { TokenScorer } from '../partition/tokenScorer.ts';
import { textTerms } from '../repository/identifiers.ts';
import type { IndexedSymbol } from '../repository/symbolGraph.ts';
import type { Syntax, SyntaxDocument } from '../syntax/document.ts';
import { symbolPaths } from '../syntax/symbolPaths.ts';
import { contentHash } from '../types/contentHash.ts';
import type { BasisPiece, ContentHash, ContextPiece, ContextReach, Subject } from '../types/summary.ts';
import { compressText } from './compress/blocks.ts';
import type { ContextProvider, KnownLine } from './context.ts';
import { commentPiece } from './fileComments.ts';
import { createFileContext } from './fileContext.ts';
import { findForFile } from './fileFinds.ts';
import { filePieces, symbolHash } from './filePieces.ts';
import { type Find, findInIndex } from './indexFinds.ts';
import { type CalleeForms, pieceOf } from './indexPieces.ts';
import { leakGuard } from './leak.ts';
import { meaningHash } from './meaning.ts';
import { type OverviewLine, overviewLines } from './overview.ts';
import { ParsedFiles } from './parsedFiles.ts';
import { codeOf, foldBlanks, headOf, spanOf } from './pieceText.ts';
import type { FilePlace, RepositorySource, SourceFile } from './repositorySource.ts';
import { defaultSelector, type SelectorName, selectors } from './select/selector.ts';
import { type Candidate, keyOf, type PieceJudge } from './select/task.ts';

export interface RepositoryContextPorts {
  /** The repository that a subject lies in; undefined while its index is not ready, or outside all. */
  readonly sourceOf: (place: FilePlace) => RepositorySource | undefined;
  readonly syntax: Pick<Syntax, 'open'>;
  /** Lines of symbols in the subject's own file. */
  readonly lineOf: KnownLine;
  /** What was said of a symbol in another file, with the hash of the code that it was said of. */
  readonly lineAt: (
    place: FilePlace,
    symbolPath: string,
  ) => { readonly line: string; readonly subject: ContentHash } | undefined;
  /** Whether whoever answers now reads what lies outside the file. */
  readonly wanted?: () => boolean;
  /** Told when a file was looked at again, so that what hangs on it can be shown anew. */
  readonly onChecked?: () => void;
  readonly selector?: SelectorName;
  /** Who is asked about the choice for a subject whose source is given; undefined for nobody. Where somebody is, `gradient` chooses. */
  readonly judge?: (subject: Subject, source: string) => PieceJudge | undefined;
  readonly forms?: CalleeForms;
  readonly seed?: number;
  /** With it, examples that are too long are cut down instead of only described. */
  readonly scorer?: TokenScorer;
}

/** Owns parsed files: dispose it. */
export interface RepositoryContext extends ContextProvider {
  reach(subject: Subject): ContextReach;
  overview(subject: Subject): Promise<readonly OverviewLine[]>;
  /** Waits until the files that `currentHash` had to look at again are read: then its answers are certain. @returns whether there were any */
  settled(): Promise<boolean>;
  dispose(): void;
}

/** An example is worth a thousand rules, and two are worth as much as ten (arXiv 2502.16704). */
const maxExamples = 2;
const describedShare = 0.6;

/**
 * The subject's own file, and what the index of its repository knows: who is called and who calls, types, relatives, documented functions
 * that are alike, tests. While there is no index, the file alone. What repeats the subject's own doc comment is left out.
 */
export function createRepositoryContext(ports: RepositoryContextPorts): RepositoryContext {
  const files = new ParsedFiles(ports.syntax);
  const alone = createFileContext(ports.lineOf);
  const sourceOf = (subject: Subject): RepositorySource | undefined =>
    isPartition(subject) || ports.wanted?.() === false ? undefined : ports.sourceOf(subject);
  const overviews = new WeakMap<RepositorySource, Promise<readonly OverviewLine[]>>();
  return {
    overview(subject) {
      const source = ports.wanted?.() === false ? undefined : ports.sourceOf(subject);
      if (source === undefined) return Promise.resolve([]);
      let lines = overviews.get(source);
      if (lines === undefined) {
        lines = overviewLines(source).then((found) =>
          found.map(({ paths, text }) => ({ paths: paths.map((path) => source.fromIndex(path).path), text })),
        );
        overviews.set(source, lines);
        // What failed is tried again by the next who asks.
        lines.catch(() => overviews.delete(source));
      }
      return lines;
    },
    reach: (subject) => (sourceOf(subject) === undefined ? 'file' : 'repository'),
    async gather(subject, doc, budgetTokens, signal) {
      signal.throwIfAborted();
      const source = sourceOf(subject);
      // The document is read here, before the first await, and not again.
      const look = subject.symbol === undefined ? fileView : viewOf;
      const view = source === undefined ? undefined : look(source, subject, doc);
      if (source === undefined || view === undefined) return alone.gather(subject, doc, budgetTokens, signal);
      const own = [...filePieces(subject, doc, ports.lineOf), ...commentPiece(subject, doc)];
      const shown = await indexCandidates(source, view, ports, files, signal);
      // One piece for a symbol: what the file itself says of it wins.
      const candidates = new Map<string, Gathered>();
      for (const each of [...own.map((piece): Gathered => ({ piece, own: piece })), ...shown])
        if (!candidates.has(keyOf(each.piece))) candidates.set(keyOf(each.piece), each);
      const judge = ports.judge?.(subject, view.code);
      const chosen = await selectors[judge === undefined ? (ports.selector ?? defaultSelector) : 'gradient']({
        candidates: [...candidates.values()].map(({ piece }) => piece),
        budget: budgetTokens,
        subjectTerms: textTerms(view.code),
        seed: ports.seed ?? 1,
        signal,
        ...(judge === undefined ? {} : { judge }),
      });
      return Promise.all(
        chosen.map(async ({ keep: _, ...piece }): Promise<ContextPiece> => {
          const from = candidates.get(keyOf(piece));
          return from?.find === undefined
            ? { ...piece, hash: from?.own?.hash ?? contentHash(piece.text) }
            : hashed(source, view, piece, from.find, files);
        }),
      );
    },
    currentHash(subject, doc, piece) {
      if (piece.path === subject.path) return alone.currentHash(subject, doc, piece);
      const source = ports.sourceOf(subject);
      return source === undefined ? piece.hash : hashElsewhere(source, piece, files, ports.onChecked);
    },
    settled: () => files.settled(),
    dispose: () => files.dispose(),
  };
}

/** What was read of the subject's document before the first await. */
interface View {
  readonly path: string;
  readonly place: FilePlace;
  readonly lines: readonly string[];
  readonly code: string;
  readonly doc: string;
  readonly finds: readonly Find[];
  /** Of finds in the subject's own file, by symbol path; undefined for a whole file, all of whose finds lie elsewhere. */
  readonly hashes: ReadonlyMap<string, ContentHash> | undefined;
}

/** A stretch of lines: what the file around it says is in its prompt. */
function isPartition({ symbol, title }: Subject): boolean {
  return symbol === undefined && title !== undefined;
}

/** Undefined when the index does not know the file. */
function fileView(source: RepositorySource, subject: Subject, doc: SyntaxDocument): View | undefined {
  const path = source.toIndex(subject);
  if (path === undefined || source.graph.fileHash(path) === undefined) return undefined;
  const finds = findForFile(source.graph, path, symbolPaths(doc.outline));
  const place = { uri: subject.uri, path: subject.path };
  const code = doc.outline.symbols.map(({ name, signature }) => signature ?? name).join('\n');
  return { path, place, lines: doc.text.split(/\r\n|\n|\r/), code, doc: '', finds, hashes: undefined };
}

/** Undefined when the index does not know the subject yet. */
function viewOf(source: RepositorySource, subject: Subject, doc: SyntaxDocument): View | undefined {
  const path = source.toIndex(subject);
  const index = subject.symbol?.index;
  const symbol = index === undefined ? undefined : doc.outline.symbols[index];
  const symbolPath = index === undefined ? undefined : symbolPaths(doc.outline)[index];
  if (path === undefined || symbol === undefined || symbolPath === undefined) return undefined;
  const indexed = source.graph.named(path, symbolPath);
  if (indexed === undefined) return undefined;
  const lines = doc.text.split(/\r\n|\n|\r/);
  const code = codeOf(
    lines,
    spanOf(subject.range),
    symbol.docRange === undefined ? undefined : spanOf(symbol.docRange),
  );
  const names = [...doc.identifiers(subject.range)];
  const finds = findInIndex(source, { subject: indexed, code, names });
  const hashes = new Map<string, ContentHash>();
  for (const { symbol: found } of finds) {
    const at = found.path === path ? symbolPaths(doc.outline).indexOf(found.symbolPath) : -1;
    const own = doc.outline.symbols[at];
    if (own !== undefined) hashes.set(found.symbolPath, symbolHash(doc, own, at));
  }
  return { path, place: { uri: subject.uri, path: subject.path }, lines, code, doc: symbol.doc ?? '', finds, hashes };
}

interface Shown {
  readonly find: Find;
  readonly piece: Candidate;
}

/** A candidate and where it comes from: the index, or the file itself, which knows its hash. */
interface Gathered {
  readonly piece: Candidate;
  readonly find?: Find;
  readonly own?: ContextPiece;
}

async function indexCandidates(
  source: RepositorySource,
  view: View,
  ports: RepositoryContextPorts,
  files: ParsedFiles,
  signal: AbortSignal,
): Promise<readonly Shown[]> {
  const read = new Map<string, Promise<SourceFile | undefined>>();
  const linesOf = async (path: string): Promise<readonly string[] | undefined> => {
    if (path === view.path) return view.lines;
    const file = read.get(path) ?? source.read(path);
    read.set(path, file);
    return (await file)?.text.split(/\r\n|\n|\r/);
  };
  const lineOf = async (symbol: IndexedSymbol): Promise<string | undefined> => {
    const known = ports.lineAt(source.fromIndex(symbol.path), symbol.symbolPath);
    if (known === undefined) return undefined;
    const now = await files.look(source, symbol.path, (doc) => subjectHash(doc, symbol.symbolPath));
    return now === known.subject ? known.line : undefined;
  };
  const guard = leakGuard(view.doc);
  const forms = ports.forms === undefined ? {} : { forms: ports.forms };
  const { scorer } = ports;
  const compress = (code: string, budget: number): Promise<string> =>
    scorer === undefined
      ? Promise.resolve(code)
      : compressText(code, { question: view.code, budget }, { scorer, signal });
  const piecePorts = {
    graph: source.graph,
    guard,
    linesOf,
    lineOf,
    ...forms,
    ...(scorer === undefined ? {} : { compress }),
  };
  const show = async (find: Find): Promise<readonly Shown[]> => {
    const piece = await pieceOf(find, piecePorts);
    if (piece === undefined) return [];
    return [{ find, piece: { ...piece, path: source.fromIndex(piece.path).path } }];
  };
  const examples: Shown[] = [];
  for (const find of view.finds) {
    if (examples.length >= maxExamples) break;
    if (find.role === 'example') examples.push(...(await show(find)));
  }
  const taken = new Set(examples.map(({ find }) => find));
  const others = view.finds.filter((find) => !taken.has(find)).map(asSibling);
  return [...examples, ...(await Promise.all(others.map(show))).flat()];
}

/** What is alike beyond the examples is named and described, not shown. */
function asSibling(find: Find): Find {
  return find.role === 'example' ? { ...find, role: 'sibling', score: find.score * describedShare } : find;
}

async function hashed(
  source: RepositorySource,
  view: View,
  piece: Candidate,
  { symbol }: Find,
  files: ParsedFiles,
): Promise<ContextPiece> {
  // What a file uses, and who uses it, is told by name: changes within do not change what the file is. Such a piece is gone with its symbol.
  if (view.hashes === undefined) return { ...piece, hash: contentHash(foldBlanks(headOf(symbol))) };
  const unknown = contentHash(foldBlanks(piece.text));
  if (symbol.path === view.path)
    return { ...piece, path: view.place.path, hash: view.hashes.get(symbol.symbolPath) ?? unknown };
  const found = await files.look(source, symbol.path, (doc, file) => ({
    hash: meaningOf(doc, symbol.symbolPath),
    file,
  }));
  if (found?.hash === undefined) return { ...piece, hash: unknown };
  return { ...piece, hash: found.hash, file: found.file };
}

/** What a symbol of another file means now, without waiting: a file that changed is looked at soon, and until then nothing is said. */
function hashElsewhere(
  source: RepositorySource,
  piece: BasisPiece,
  files: ParsedFiles,
  onChecked: () => void = () => undefined,
): ContentHash | undefined {
  const path = source.toIndex({ uri: '', path: piece.path });
  if (path === undefined || piece.symbol === undefined) return piece.hash;
  const now = source.hashNow(path);
  if (now === undefined) return undefined;
  if (now === piece.file) return piece.hash;
  if (source.graph.named(path, piece.symbol) === undefined) return undefined;
  if (piece.file === undefined) return piece.hash;
  const symbol = piece.symbol;
  const known = files.lookNow(path, now, (doc) => ({ hash: meaningOf(doc, symbol) }));
  if (known !== undefined) return known.hash;
  files.load(source, path, onChecked);
  return piece.hash;
}

function meaningOf(doc: SyntaxDocument, symbolPath: string): ContentHash | undefined {
  const index = symbolPaths(doc.outline).indexOf(symbolPath);
  const symbol = doc.outline.symbols[index];
  return symbol === undefined ? undefined : symbolHash(doc, symbol, index);
}

function subjectHash(doc: SyntaxDocument, symbolPath: string): ContentHash | undefined {
  const symbol = doc.outline.symbols[symbolPaths(doc.outline).indexOf(symbolPath)];
  return symbol === undefined ? undefined : meaningHash(doc, symbol.range);
}
