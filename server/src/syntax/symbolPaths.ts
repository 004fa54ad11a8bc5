import type { Outline } from '../types/outline.ts';

/** Symbol paths of an outline, by index: names of the enclosing symbols joined by dots; the n-th of the same path gets `#n` (from 2 on). */
export function symbolPaths(outline: Outline): readonly string[] {
  const known = memo.get(outline);
  if (known !== undefined) return known;
  const paths = pathsOf(outline);
  memo.set(outline, paths);
  return paths;
}

/** An outline never changes; every lens of a file asks for its paths. */
const memo = new WeakMap<Outline, readonly string[]>();

function pathsOf(outline: Outline): readonly string[] {
  const paths: string[] = [];
  const seen = new Map<string, number>();
  for (const symbol of outline.symbols) {
    const parent = symbol.parent === undefined ? undefined : paths[symbol.parent];
    const path = parent === undefined ? symbol.name : `${parent}.${symbol.name}`;
    const count = (seen.get(path) ?? 0) + 1;
    seen.set(path, count);
    paths.push(count === 1 ? path : `${path}#${count}`);
  }
  return paths;
}
