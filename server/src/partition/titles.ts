import type { Outline, OutlineSymbol } from '../types/outline.ts';
import type { LineSpan } from '../types/text.ts';

/** A plain title: the symbols that start in the run, outermost first, else the symbol that it continues. */
export function partitionTitle({ symbols }: Outline, { startLine, endLine }: LineSpan): string {
  const inside = symbols.filter(({ range }) => range.start.line >= startLine && range.start.line < endLine);
  const outer = inside.filter(
    ({ parent }) => parent === undefined || !inside.includes(symbols[parent] as OutlineSymbol),
  );
  const [first, ...rest] = outer;
  if (first !== undefined) {
    const last = rest.at(-1);
    return last === undefined ? describe(first) : `${describe(first)} to ${last.name}`;
  }
  const around = symbols.findLast(({ range }) => range.start.line < startLine && range.end.line >= startLine);
  return around === undefined ? `lines ${startLine + 1}–${endLine}` : `${describe(around)}, continued`;
}

function describe({ kind, name }: OutlineSymbol): string {
  return `${kind} ${name}`;
}
