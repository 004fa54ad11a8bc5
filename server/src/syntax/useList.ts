import type { Query, Tree } from 'web-tree-sitter';
import { mergeStretches, moveStretch, shiftItem, touches } from './items.ts';
import { collectUses, compareUses, type Use } from './uses.ts';

/** With more places to look at again, one run over the file is cheaper. */
const maxStretches = 64;

/**
 * All uses of a file, following its edits as the items of the outline do: what an edit touches is dropped, what lies behind it is shifted, and
 * the changed stretches are asked again, but only when somebody wants to know.
 */
export class UseList {
  #uses: Use[] = [];
  #stretches: (readonly [number, number])[];

  constructor(length: number) {
    this.#stretches = [[0, length]];
  }

  /** Replaced `[start, end)` by `length` units. To be followed by `dirty` once the tree has the text. */
  edit(edit: { readonly start: number; readonly end: number; readonly length: number }): void {
    const { start, end, length } = edit;
    this.#uses = this.#uses.filter((use) => !touches(use, start, end));
    for (const use of this.#uses) shiftItem(use, start, end, length);
    this.#stretches = this.#stretches.map((stretch) => moveStretch(stretch, edit));
  }

  /** Where text or tree changed. */
  dirty(stretches: readonly (readonly [number, number])[]): void {
    const merged = mergeStretches([...this.#stretches, ...stretches]);
    const [first] = merged;
    const last = merged.at(-1);
    this.#stretches = merged.length > maxStretches && first && last ? [[first[0], last[1]]] : merged;
  }

  /** Sorted by `compareUses`. Whole lines are asked again: what an operand means may hang on a word before it that is no part of the use. */
  all(queryOf: () => Query, tree: Tree, text: string): readonly Use[] {
    if (this.#stretches.length === 0) return this.#uses;
    const query = queryOf();
    const stretches = mergeStretches(this.#stretches.map((stretch) => linesAround(stretch, text)));
    const isIn = (use: Use): boolean => stretches.some(([start, end]) => touches(use, start, end));
    const kept = this.#uses.filter((use) => !isIn(use));
    const found = stretches.flatMap(([start, end]) =>
      collectUses(query, tree, text, Math.max(0, start - 1), Math.min(text.length, end + 1)).filter(isIn),
    );
    // A use that meets two stretches was found twice.
    this.#uses = [...kept, ...found].sort(compareUses).filter((use, index, all) => !isSame(use, all[index - 1]));
    this.#stretches = [];
    return this.#uses;
  }
}

function linesAround([start, end]: readonly [number, number], text: string): readonly [number, number] {
  const next = text.indexOf('\n', end);
  return [text.lastIndexOf('\n', start - 1) + 1, next === -1 ? text.length : next];
}

function isSame(use: Use, other: Use | undefined): boolean {
  return (
    other !== undefined &&
    use.role === other.role &&
    use.pattern === other.pattern &&
    use.at.every((offset, index) => offset === other.at[index])
  );
}
