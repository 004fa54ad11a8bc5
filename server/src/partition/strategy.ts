import type { SyntaxDocument } from '../syntax/document.ts';
import { splitLines } from '../types/lines.ts';
import type { PartitionStrategyName } from '../types/partition.ts';
import type { LegalCut } from './cuts.ts';

/** What a strategy works on: the text, its lines measured once, and where it may be cut. */
export interface PartitionInput {
  readonly document: SyntaxDocument;
  readonly lines: LineMeasure;
  /** Sorted by line, line 0 and the end left out. */
  readonly cuts: readonly LegalCut[];
}

export interface PartitionOptions {
  /** Tokens that a partition should not exceed; undefined for the natural size. A unit without a legal cut inside may be larger. */
  readonly maxTokens: number | undefined;
  readonly signal: AbortSignal;
}

/** A choice of cut lines: a subset of the legal ones, each with the reason why it was chosen. */
export interface ChosenCut {
  readonly line: number;
  readonly reason: string;
  readonly title?: string;
}

/** One way to choose among the legal cuts. Whatever it answers is snapped to legal lines, so that no strategy can lose or move a line. */
export interface PartitionStrategy {
  readonly name: PartitionStrategyName;
  choose(input: PartitionInput, options: PartitionOptions): Promise<readonly ChosenCut[]>;
}

/** Lines with their token counts as prefix sums, so that the size of any run costs one subtraction. */
export class LineMeasure {
  readonly count: number;
  readonly #characters: Float64Array;

  constructor(text: string) {
    const lines = splitLines(text);
    this.count = lines.length;
    this.#characters = new Float64Array(lines.length + 1);
    for (const [index, line] of lines.entries()) this.#characters[index + 1] = line.next;
  }

  /** Estimated tokens of the lines `startLine` (included) to `endLine` (excluded), line ends counted. */
  tokens(startLine: number, endLine: number): number {
    const characters = (this.#characters[endLine] ?? 0) - (this.#characters[startLine] ?? 0);
    return Math.ceil(characters / charactersPerToken);
  }
}

/** As in `estimateTokens`. */
const charactersPerToken = 3.2;
