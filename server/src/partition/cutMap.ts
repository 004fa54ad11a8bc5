/** How natural a cut is: 6 a new unit of the program, 0 merely between two statements. */
export type CutStrength = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** A line before which a file may be cut (0-based). A comment block that belongs to what follows starts with it, never before it. */
export interface LegalCut {
  readonly line: number;
  readonly strength: CutStrength;
  /** Why here, in a few words. */
  readonly reason: string;
  /** Control may come here from the line above: a label in the middle of what runs through it. */
  readonly fallsThrough?: true;
}

type Offer = Omit<LegalCut, 'line'>;

/**
 * Collects where a file may be cut. What is offered counts at the start of the comments and lead-in lines directly above it; what is kept
 * together is never cut inside, whoever offers it.
 */
export class CutMap {
  readonly #offers = new Map<number, Offer>();
  /** Differences: how many kept runs begin or end before this line; summed up, more than 0 where a cut would part one. */
  readonly #edges: Int32Array;
  #inside: Uint8Array | undefined;
  /** 1 where this line leads to the next one: a comment, a directive that speaks of what follows. */
  readonly #leads: Uint8Array;
  readonly #count: number;

  constructor(lineCount: number) {
    this.#count = lineCount;
    this.#edges = new Int32Array(lineCount + 2);
    this.#leads = new Uint8Array(lineCount + 1);
  }

  /** A cut before `line`; the strongest offer for a line wins. */
  offer(line: number, strength: CutStrength, reason: string, fallsThrough = false): void {
    const known = this.#offers.get(line);
    if (known !== undefined && known.strength >= strength) return;
    this.#offers.set(line, { strength, reason, ...(fallsThrough ? { fallsThrough } : {}) });
  }

  /** Lines `start` (included) to `end` (excluded) are one. */
  keepTogether(start: number, end: number): void {
    if (end <= start + 1) return;
    this.#edges[start + 1] = (this.#edges[start + 1] ?? 0) + 1;
    this.#edges[end] = (this.#edges[end] ?? 0) - 1;
    this.#inside = undefined;
  }

  /** These lines belong to what follows them. */
  leadIn(start: number, end: number): void {
    for (let line = start; line < end; line += 1) this.#leads[line] = 1;
  }

  /** The first line of what leads to `line`, or `line` itself. */
  startOf(line: number): number {
    const inside = this.#kept();
    let start = line;
    while (start > 0 && this.#leads[start - 1] === 1 && inside[start] === 0) start -= 1;
    return start;
  }

  /** Legal cuts, sorted by line, line 0 and the end left out. */
  cuts(): readonly LegalCut[] {
    const found = new Map<number, LegalCut>();
    const inside = this.#kept();
    for (const [offered, offer] of this.#offers) {
      if (inside[offered] === 1) continue;
      const line = this.startOf(offered);
      if (line <= 0 || line >= this.#count) continue;
      const known = found.get(line);
      if (known === undefined || known.strength < offer.strength) found.set(line, { line, ...offer });
    }
    return [...found.values()].sort((a, b) => a.line - b.line);
  }

  #kept(): Uint8Array {
    if (this.#inside !== undefined) return this.#inside;
    const inside = new Uint8Array(this.#count + 1);
    let depth = 0;
    for (let line = 0; line <= this.#count; line += 1) {
      depth += this.#edges[line] ?? 0;
      if (depth > 0) inside[line] = 1;
    }
    this.#inside = inside;
    return inside;
  }
}
