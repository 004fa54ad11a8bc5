import { type Benefit, benefitOf, Chosen, type Weighed } from './benefit.ts';
import type { Selector } from './task.ts';

const maxIterations = 150;
/** Children of a node: the best by gain, so that a wide choice stays a deep search. */
const maxBranches = 8;
const exploration = 0.7;

interface Node {
  readonly line: readonly Weighed[];
  readonly value: number;
  children: Node[] | undefined;
  visits: number;
  total: number;
}

/**
 * Searches ordered lists of pieces with a seeded Monte Carlo tree: a step adds a piece that fits, the value of a list is the benefit of its
 * set, and the best list at any depth wins, whether or not it uses up the budget (CORAG, arXiv 2411.00744).
 */
export const mcts: Selector = async (task) => {
  const benefit = benefitOf(task);
  const random = randomOf(task.seed);
  const root: Node = { line: [], value: 0, children: undefined, visits: 0, total: 0 };
  let best = root;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (iteration % 16 === 0) task.signal.throwIfAborted();
    const path = descend(root, (node) => expand(node, benefit, task.budget));
    const leaf = path[path.length - 1] ?? root;
    if (leaf.value > best.value) best = leaf;
    const played = rollOut(leaf, benefit, task.budget, random);
    if (played.value > best.value) best = played;
    for (const node of path) {
      node.visits++;
      node.total += played.value;
    }
  }
  return best.line.map(({ piece }) => piece);
};

/** The path to a node that nobody visited yet, along the best upper bounds. */
function descend(root: Node, expandNode: (node: Node) => readonly Node[]): readonly Node[] {
  const path = [root];
  for (let node = root; node.visits > 0; ) {
    const children = expandNode(node);
    const next = children.find(({ visits }) => visits === 0) ?? bestBound(node, children);
    if (next === undefined) break;
    path.push(next);
    node = next;
  }
  return path;
}

function bestBound(parent: Node, children: readonly Node[]): Node | undefined {
  const bound = ({ total, visits }: Node): number =>
    total / visits + exploration * Math.sqrt(Math.log(parent.visits) / visits);
  return [...children].sort((a, b) => bound(b) - bound(a))[0];
}

function expand(node: Node, benefit: Benefit, budget: number): readonly Node[] {
  node.children ??= options(node.line, benefit, budget)
    .slice(0, maxBranches)
    .map(({ candidate, gain }) => ({
      line: [...node.line, candidate],
      value: node.value + gain,
      children: undefined,
      visits: 0,
      total: 0,
    }));
  return node.children;
}

/** Goes on from a node with pieces drawn from the best few until none adds anything. */
function rollOut(from: Node, benefit: Benefit, budget: number, random: () => number): Node {
  let node = from;
  for (;;) {
    const open = options(node.line, benefit, budget).slice(0, 3);
    const picked = open[Math.floor(random() * open.length)];
    if (picked === undefined) return node;
    const line = [...node.line, picked.candidate];
    node = { line, value: node.value + picked.gain, children: undefined, visits: 0, total: 0 };
  }
}

/** Pieces that fit and add something, by gain for their length. */
function options(line: readonly Weighed[], benefit: Benefit, budget: number) {
  const chosen = new Chosen();
  for (const each of line) chosen.add(each);
  return benefit.candidates
    .flatMap((candidate) => {
      if (chosen.tokens + candidate.piece.tokens > budget || chosen.keys.has(candidate.key)) return [];
      const gain = benefit.gain(chosen, candidate);
      return gain > 0 ? [{ candidate, gain }] : [];
    })
    .sort((a, b) => price(b) - price(a));
}

function price({ candidate, gain }: { readonly candidate: Weighed; readonly gain: number }): number {
  return gain / Math.sqrt(Math.max(1, candidate.piece.tokens));
}

/** Mulberry32: small, seeded, the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
