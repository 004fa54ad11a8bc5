import type { Query, Tree } from 'web-tree-sitter';
import type { CallSite } from '../types/outline.ts';
import type { LineIndex } from './lineIndex.ts';
import { UseList } from './useList.ts';
import { collectUses, compareUses, importsIn, type Use, type Uses, usesWithin } from './uses.ts';

export const noUses: Uses = { calls: [], raises: [], returns: [], scopes: [], locals: [], fields: [] };

/** What uses are looked for in, and by which query, compiled when it is needed. */
export interface Asked {
  readonly query: { readonly get: () => Query };
  readonly tree: Tree;
  readonly lines: LineIndex;
}

/** What is known of a document's uses: nothing until somebody asks, and then as much as was asked for; it follows the edits. */
export class DocumentUses {
  /** All uses of the file, once somebody asked for most of them. */
  #all: UseList | undefined;
  /** Calls and imports of the text as it was opened, until an edit. */
  #opened: readonly Use[] | undefined;

  /** Calls and imports of a whole text, which its outline's walk found as well. */
  opened(uses: Use[]): void {
    this.#opened = uses.sort(compareUses);
  }

  forget(): void {
    this.#all = undefined;
    this.#opened = undefined;
  }

  /** Replaced `[start, end)` by `length` units. To be followed by `dirty` once the tree has the text. */
  edit(edit: { readonly start: number; readonly end: number; readonly length: number }): void {
    this.#opened = undefined;
    this.#all?.edit(edit);
  }

  dirty(stretches: readonly (readonly [number, number])[]): void {
    this.#all?.dirty(stretches);
  }

  /** Runs the query over a stretch, or asks what is known of the whole file. */
  between(asked: Asked, start: number, end: number): Uses {
    const { query, tree, lines } = asked;
    const isMostOfIt = (end - start) * 2 >= lines.text.length;
    if (this.#all !== undefined || isMostOfIt) return usesWithin(this.#everything(asked), lines, start, end);
    return usesWithin(collectUses(query.get(), tree, lines.text, start, end).sort(compareUses), lines, start, end);
  }

  calls(asked: Asked, start: number, end: number): Uses['calls'] {
    const uses =
      this.#opened === undefined ? this.between(asked, start, end) : usesWithin(this.#opened, asked.lines, start, end);
    return uses.calls;
  }

  imports(asked: Asked): readonly CallSite[] {
    return importsIn(this.#opened ?? this.#everything(asked), asked.lines);
  }

  #everything({ query, tree, lines }: Asked): readonly Use[] {
    this.#all ??= new UseList(lines.text.length);
    return this.#all.all(() => query.get(), tree, lines.text);
  }
}
