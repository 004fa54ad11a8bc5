import type { IndexedSymbol, SymbolGraph } from '../repository/symbolGraph.ts';
import { typesUsed } from '../repository/typesUsed.ts';
import type { PieceRole } from '../types/summary.ts';
import { roleWeights } from './filePieces.ts';
import { encloses, isContainer, isTestPath } from './pieceText.ts';
import type { RepositorySource } from './repositorySource.ts';

/** A symbol of the index that belongs beside the subject, and why. */
export interface Find {
  readonly role: PieceRole;
  readonly symbol: IndexedSymbol;
  readonly score: number;
  readonly why: string;
  /** Line of the call, 0-based, for who calls the subject. */
  readonly line?: number;
}

export interface Question {
  /** The subject as the index knows it. */
  readonly subject: IndexedSymbol;
  /** Its source without its doc comment. */
  readonly code: string;
  /** Every identifier in it. */
  readonly names: readonly string[];
}

const maxCallers = 8;
const maxTests = 4;
const maxExamples = 60;
const maxNeighbours = 16;
/** What stands near counts less than what is related. Chosen on one half of the rows. */
const neighbourShare = 0.6;
const exampleCandidates = 80;
/** What the nearest by calls gains, the powers of e by which a share falls until nearness is nothing, and what is near by calls alone counts. Chosen so, too. */
const nearShare = 0.8;
const nearFades = 8;
const nearByCallsShare = 0.3;
const maxNearByCalls = 20;
/** Beside the surest callees, the least sure are noise. */
const maxCallees = 40;

/** What the index says about a subject. Synchronous: a few statements of SQLite. */
export function findInIndex(source: RepositorySource, question: Question): readonly Find[] {
  const { graph } = source;
  const { subject } = question;
  const near = graph.near(subject);
  const finds = [
    ...callees(graph, subject),
    ...users(graph, subject),
    ...types(graph, question),
    ...relatives(graph, subject),
    ...neighbours(graph, subject),
    ...examples(source, question),
    ...nearByCalls(graph, subject, near),
  ];
  const nearness = nearnessIn(near, subject);
  // What is called needs no second showing as an example.
  const seen = new Set<number>();
  return finds
    .filter(({ symbol }) => {
      const isOwn = symbol.id === subject.id || encloses(symbol, subject) || encloses(subject, symbol);
      if (isOwn || seen.has(symbol.id)) return false;
      seen.add(symbol.id);
      return true;
    })
    .map((find) => ({ ...find, score: find.score * (1 + nearShare * nearness(find.symbol.id)) }));
}

/** From 0 for what calls do not lead to, to 1 for the nearest: by the logarithm of its share in the walk from the subject. */
function nearnessIn(near: ReadonlyMap<number, number>, { id: own }: IndexedSymbol): (id: number) => number {
  let top = 1e-9;
  for (const [id, share] of near) if (id !== own) top = Math.max(top, share);
  return (id) => {
    const share = near.get(id);
    return share === undefined ? 0 : Math.min(1, Math.max(0, 1 + Math.log(share / top) / nearFades));
  };
}

/** What calls lead to and from by more than one step: the other parts of the same work. */
function nearByCalls(graph: SymbolGraph, subject: IndexedSymbol, near: ReadonlyMap<number, number>): readonly Find[] {
  const found: Find[] = [];
  for (const id of near.keys()) {
    const symbol = id === subject.id ? undefined : graph.symbol(id);
    if (symbol === undefined || symbol.doc === '') continue;
    const score = roleWeights.sibling * nearByCallsShare;
    found.push({ role: 'sibling', symbol, score, why: 'near by calls' });
    if (found.length >= maxNearByCalls) break;
  }
  return found;
}

function callees(graph: SymbolGraph, subject: IndexedSymbol): readonly Find[] {
  return graph
    .callees(subject)
    .slice(0, maxCallees)
    .map(({ symbol, confidence, line }) => ({
      role: isContainer(symbol.kind) ? ('type' as const) : ('callee' as const),
      symbol,
      score: roleWeights.callee * confidence,
      why: `called in line ${line + 1}${confidence < 0.75 ? ', probably' : ''}`,
    }));
}

/** Who calls the subject: tests by themselves, since they show it by example. */
function users(graph: SymbolGraph, subject: IndexedSymbol): readonly Find[] {
  const finds = graph.callers(subject).map(({ symbol, confidence, line }) => {
    const role = isTestPath(symbol.path) && !isTestPath(subject.path) ? ('test' as const) : ('caller' as const);
    const why = `${role === 'test' ? 'tests it' : 'calls it'} in line ${line + 1}`;
    return { role, symbol, line, score: roleWeights[role] * confidence, why };
  });
  const of = (role: PieceRole, limit: number): readonly Find[] =>
    finds.filter((find) => find.role === role).slice(0, limit);
  return [...of('caller', maxCallers), ...of('test', maxTests)];
}

function types(graph: SymbolGraph, { subject, names }: Question): readonly Find[] {
  return typesUsed(graph, subject, names).map(({ symbol, confidence }) => ({
    role: 'type',
    symbol,
    score: roleWeights.type * confidence,
    why: 'a type that it names',
  }));
}

function relatives(graph: SymbolGraph, subject: IndexedSymbol): readonly Find[] {
  return graph.relatives(subject).map(({ symbol, relation }) => ({
    role: 'sibling',
    symbol,
    score: roleWeights.sibling * (relation === 'overridden' ? 1 : 0.6),
    why: relation === 'overridden' ? 'the method that it overrides' : 'overrides it',
  }));
}

/** What else the file explains: its words are those of the subject's trade. */
function neighbours(graph: SymbolGraph, subject: IndexedSymbol): readonly Find[] {
  const distance = ({ range }: IndexedSymbol): number => Math.abs(range.start.line - subject.range.start.line);
  return [...graph.documentedIn(subject.path)]
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, maxNeighbours)
    .map((symbol, index) => ({
      role: 'sibling',
      symbol,
      score: roleWeights.sibling * neighbourShare * (1 - index / (2 * maxNeighbours)),
      why: 'stands in the same file',
    }));
}

function examples({ graph, similarDocumented }: RepositorySource, { subject, code }: Question): readonly Find[] {
  const hits = similarDocumented(`${subject.name}\n${code}`, exampleCandidates);
  const best = Math.max(hits.find(({ symbol }) => symbol !== subject.id)?.score ?? 0, 1e-9);
  return hits
    .flatMap(({ symbol: id, score }): readonly Find[] => {
      const symbol = graph.symbol(id);
      if (symbol === undefined || id === subject.id || symbol.language !== subject.language) return [];
      const why = 'a documented function that is alike';
      return [{ role: 'example', symbol, score: roleWeights.example * (0.5 + 0.5 * Math.min(1, score / best)), why }];
    })
    .slice(0, maxExamples);
}
