/**
 * Takes the empty lines out of a masked file: they would show where comments stood. As `squeeze` in the data pack's check_pack.py.
 * `keep` says where each line comes from.
 */
export function squeeze(masked: string): { readonly lines: readonly string[]; readonly keep: readonly number[] } {
  const all = masked.split('\n');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: DOS sources hold form feeds and end with Ctrl-Z.
  const keep = all.flatMap((line, index) => (/[^\r\n\t \x0c\x1a]/.test(line) ? [index] : []));
  return { lines: keep.map((index) => all[index] ?? ''), keep };
}

/** Lines of the masked file as lines of the squeezed one, the free first and last left out. */
export function toSqueezed(codeLines: readonly number[], keep: readonly number[]): readonly number[] {
  const mapped = codeLines.map((line) => lowerBound(keep, line)).filter((line) => line > 0 && line < keep.length);
  return [...new Set(mapped)].sort((a, b) => a - b);
}

/** Index of the first number that is not smaller. */
export function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
