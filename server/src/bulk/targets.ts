import type { SymbolPlace } from '../repository/callPairs.ts';
import { partsOf, type SummaryDocument } from '../summary/subjects.ts';
import { symbolPaths } from '../syntax/symbolPaths.ts';

declare const targetKeyBrand: unique symbol;
/** Name of a target within its repository: path and symbol path. */
export type TargetKey = string & { readonly [targetKeyBrand]: true };

/** Something that a run may summarize: a file, or a symbol by its place in the outline. */
export interface RunTarget {
  readonly key: TargetKey;
  readonly path: string;
  readonly target: 'file' | number;
  /** What it is summed up from. */
  readonly parts: readonly TargetKey[];
}

/** `symbolPath` as the index and the outline give it (`Class.method`); empty for the file. */
export function targetKey(path: string, symbolPath: string): TargetKey {
  return `${path}\n${symbolPath}` as TargetKey;
}

/** Calls as the index knows them, by the keys of caller and callee. */
export function* keyedCalls(
  calls: Iterable<readonly [caller: SymbolPlace, callee: SymbolPlace]>,
): Generator<readonly [caller: TargetKey, callee: TargetKey]> {
  for (const [caller, callee] of calls)
    yield [targetKey(caller.path, caller.symbolPath), targetKey(callee.path, callee.symbolPath)];
}

/** The path in a key. */
export function pathOf(key: TargetKey): string {
  return key.slice(0, key.indexOf('\n'));
}

/** What a file has to say: the members of its types, its types and functions, and itself; parts before what they are parts of. */
export function targetsOf(document: SummaryDocument): readonly RunTarget[] {
  const paths = symbolPaths(document.syntax.outline);
  const keyOf = (index: number): TargetKey => targetKey(document.path, paths[index] ?? '');
  const found: RunTarget[] = [];
  const visit = (owner: number | undefined): readonly TargetKey[] => {
    const parts = partsOf(document, owner);
    for (const index of parts) {
      const inner = visit(index);
      found.push({ key: keyOf(index), path: document.path, target: index, parts: inner });
    }
    return parts.map(keyOf);
  };
  const parts = visit(undefined);
  found.push({ key: targetKey(document.path, ''), path: document.path, target: 'file', parts });
  return found;
}
