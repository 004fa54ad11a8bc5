import type { Node, Query } from 'web-tree-sitter';

/** What tree-sitter's WebAssembly module has beside its public interface, and reading matches in bulk needs. */
interface RuntimeModule {
  readonly HEAP32: Int32Array;
  readonly _ts_init: () => number;
  readonly _ts_node_end_index_wasm: (tree: number) => number;
  readonly _ts_query_matches_wasm: (query: number, tree: number, ...options: readonly number[]) => void;
  readonly _free: (address: number) => void;
}

/** What an object of the public interface stands for: an address in the module's memory. */
interface Addressed {
  readonly 0: number;
}

interface Word {
  readonly name: string;
  readonly node: { readonly text: string };
}

/** By pattern: `#eq?` and its kin, which only JavaScript knows. */
interface WithPredicates {
  readonly textPredicates?: readonly (readonly ((captures: readonly Word[]) => boolean)[])[];
}

/** Of each match: its pattern, the number of its captures, and of each capture its index, start and end in UTF-16 units. */
export type Matches = Int32Array;

/** Integers before the captures of a match, and those that a capture takes. */
export const matchHead = 2;
export const captureSize = 3;
/** Integers that a node takes in the module's memory: id, start, row, column, and one of its own. */
const nodeSize = 5;
const unlimited = 0xffffffff;

let runtime: { readonly module: RuntimeModule; readonly transfer: number } | undefined;

/** To be told the object that the module was made with: it has all that the module exports. */
export function readMatchesFrom(made: object): void {
  const { HEAP32, _ts_init, _ts_node_end_index_wasm, _ts_query_matches_wasm, _free } = made as Partial<RuntimeModule>;
  const isKnown =
    HEAP32 instanceof Int32Array &&
    _ts_init !== undefined &&
    _ts_node_end_index_wasm !== undefined &&
    _ts_query_matches_wasm !== undefined &&
    _free !== undefined;
  runtime = isKnown ? { module: made as RuntimeModule, transfer: _ts_init() >>> 2 } : undefined;
}

/**
 * Matches of a query over a tree, or over what meets `[start, end)` of it. `query.matches` makes five objects of every capture, of which two
 * numbers are wanted: reading these from the module's memory takes half the time. Without a module whose insides are known, it is asked after all.
 */
export function matchesIn(
  query: Query,
  root: Node,
  text: string,
  range?: { readonly start: number; readonly end: number },
): Matches {
  const [start, end] = range === undefined ? [0, 0] : [range.start, Math.max(range.end, range.start + 1)];
  const { textPredicates } = query as WithPredicates;
  if (runtime === undefined || textPredicates === undefined) return askedMatches(query, root, start, end);
  const found = readMatches(query, root, start, end, runtime);
  const arePlain = textPredicates.every((predicates) => predicates.length === 0);
  return arePlain ? found : thoseThatHold(query.captureNames, textPredicates, found, text);
}

/** Exported for the test that compares both ways. */
export function askedMatches(query: Query, root: Node, start: number, end: number): Matches {
  const indexes = new Map(query.captureNames.map((name, index) => [name, index]));
  return Int32Array.from(
    query
      .matches(root, { startIndex: start, endIndex: end })
      .flatMap(({ patternIndex, captures }) => [
        patternIndex,
        captures.length,
        ...captures.flatMap(({ name, node }) => [indexes.get(name) ?? -1, node.startIndex, node.endIndex]),
      ]),
  );
}

function readMatches(
  query: Query,
  root: Node,
  start: number,
  end: number,
  { module, transfer }: NonNullable<typeof runtime>,
): Matches {
  const { row, column } = root.startPosition;
  const numbers = root as unknown as Addressed;
  module.HEAP32.set([root.id, root.startIndex, row, column, numbers[0]], transfer);
  const tree = (root.tree as unknown as Addressed)[0];
  const places = [0, 0, 0, 0, start, end, 0, 0, 0, 0, 0, 0];
  module._ts_query_matches_wasm((query as unknown as Addressed)[0], tree, ...places, unlimited, unlimited);
  // Memory may have grown: its views are new ones then.
  const memory = module.HEAP32;
  const count = memory[transfer] ?? 0;
  const address = memory[transfer + 1] ?? 0;
  const from = address >>> 2;
  const found = new Int32Array(sizeOf(memory, from, count));
  let written = 0;
  let at = from;
  for (let match = 0; match < count; match++) {
    const captures = memory[at + 1] ?? 0;
    found[written] = memory[at] ?? 0;
    found[written + 1] = captures;
    written += matchHead;
    at += matchHead;
    for (let capture = 0; capture < captures; capture++) {
      found[written] = memory[at] ?? 0;
      found[written + 1] = memory[at + 2] ?? 0;
      for (let part = 0; part < nodeSize; part++) memory[transfer + part] = memory[at + 1 + part] ?? 0;
      found[written + 2] = module._ts_node_end_index_wasm(tree);
      written += captureSize;
      at += 1 + nodeSize;
    }
  }
  module._free(address);
  return found;
}

function sizeOf(memory: Int32Array, from: number, count: number): number {
  let size = 0;
  let at = from;
  for (let match = 0; match < count; match++) {
    const captures = memory[at + 1] ?? 0;
    size += matchHead + captures * captureSize;
    at += matchHead + captures * (1 + nodeSize);
  }
  return size;
}

/** The matches of which all predicates about words hold. */
function thoseThatHold(
  names: readonly string[],
  predicates: NonNullable<WithPredicates['textPredicates']>,
  found: Matches,
  text: string,
): Matches {
  const wordAt = (at: number): Word => ({
    name: names[found[at] ?? 0] ?? '',
    node: { text: text.slice(found[at + 1], found[at + 2]) },
  });
  const holds = (at: number): boolean => {
    const asked = predicates[found[at] ?? 0] ?? [];
    if (asked.length === 0) return true;
    const words = Array.from({ length: found[at + 1] ?? 0 }, (_, index) =>
      wordAt(at + matchHead + index * captureSize),
    );
    return asked.every((predicate) => predicate(words));
  };
  let kept = 0;
  for (let at = 0; at < found.length; ) {
    const size = matchHead + (found[at + 1] ?? 0) * captureSize;
    if (holds(at)) {
      found.copyWithin(kept, at, at + size);
      kept += size;
    }
    at += size;
  }
  return found.subarray(0, kept);
}
