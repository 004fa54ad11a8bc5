import type { LanguageId } from '../types/outline.ts';

/** A stretch of code to be found by its meaning. */
export interface CodeToEmbed {
  readonly language: LanguageId;
  /** Relative to the repository's root, `/` between parts. */
  readonly path: string;
  /** Without its doc comment. */
  readonly code: string;
}

/** Places code and questions in one space, where what belongs together lies near: unit vectors, compared by dot product. */
export interface Embedder {
  /** Changes when vectors of before can no longer be compared. */
  readonly name: string;
  readonly dimensions: number;
  embedCode(code: CodeToEmbed, signal: AbortSignal): Promise<Float32Array>;
  embedQuery(text: string, signal: AbortSignal): Promise<Float32Array>;
}
