/** A thing that may be packed. */
export interface Item {
  readonly tokens: number;
  readonly value: number;
}

const maxItems = 100;
const maxCapacity = 2000;

/** Positions of the items that together are worth most within the capacity: exact for small tasks, by value for their size for large ones. */
export function packed(items: readonly Item[], capacity: number): ReadonlySet<number> {
  const fits = items.flatMap(({ tokens, value }, index) => (value > 0 && tokens <= capacity ? [index] : []));
  return fits.length <= maxItems && capacity <= maxCapacity
    ? exact(items, fits, Math.floor(capacity))
    : greedy(items, fits, capacity);
}

function exact(items: readonly Item[], fits: readonly number[], capacity: number): ReadonlySet<number> {
  const width = capacity + 1;
  const best = new Float64Array((fits.length + 1) * width);
  for (const [row, index] of fits.entries()) {
    const { tokens, value } = items[index] ?? { tokens: 0, value: 0 };
    for (let room = 0; room < width; room++) {
      const without = best[row * width + room] ?? 0;
      const taken = room >= tokens ? (best[row * width + room - tokens] ?? 0) + value : Number.NEGATIVE_INFINITY;
      best[(row + 1) * width + room] = Math.max(without, taken);
    }
  }
  const chosen = new Set<number>();
  let room = capacity;
  for (let row = fits.length; row > 0; row--) {
    if (best[row * width + room] === best[(row - 1) * width + room]) continue;
    const index = fits[row - 1] ?? 0;
    chosen.add(index);
    room -= items[index]?.tokens ?? 0;
  }
  return chosen;
}

function greedy(items: readonly Item[], fits: readonly number[], capacity: number): ReadonlySet<number> {
  const rate = (index: number): number => (items[index]?.value ?? 0) / Math.max(1, items[index]?.tokens ?? 1);
  const chosen = new Set<number>();
  let left = capacity;
  for (const index of [...fits].sort((a, b) => rate(b) - rate(a) || a - b)) {
    const tokens = items[index]?.tokens ?? 0;
    if (tokens > left) continue;
    chosen.add(index);
    left -= tokens;
  }
  return chosen;
}
