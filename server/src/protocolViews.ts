import type { BasisPiece, Claim, Freshness, Usage } from './types/summary.ts';
import type { Range } from './types/text.ts';

/** Custom messages of the Summaries view and the report; as in `protocol.ts`, names only and types. */

/** Client → server, when a folder or file of the Summaries view is opened: what lies below it, with one line each. */
export const treeMethod = 'codegloss/tree';
export interface TreeParams {
  /** URI of the workspace folder. */
  readonly folder: string;
  /** Relative to it, `/` between parts; empty for the folder itself. */
  readonly path: string;
  /** Asks for the symbols of a file instead of the entries of a folder. */
  readonly isFile: boolean;
}
export interface TreeNode {
  readonly kind: 'folder' | 'file' | 'symbol';
  readonly path: string;
  readonly name: string;
  /** What it does, as plain text on one line; empty when nothing was said yet. */
  readonly line: string;
  /** `unknown` for what has not been looked at. */
  readonly freshness: Freshness | 'unknown';
  readonly symbolKind?: string;
  /** Of a symbol: its index in the file, and that of the symbol around it. */
  readonly index?: number;
  readonly parent?: number;
  readonly range?: Range;
  /** Last line of a symbol, 0-based. */
  readonly endLine?: number;
}
export interface TreeResult {
  readonly nodes: readonly TreeNode[];
}

/** Client → server, from Search Summaries: symbols of all folders by words, and by meaning where there are vectors, best first. Answers `TreeHit[]`. */
export const treeSearchMethod = 'codegloss/treeSearch';
export interface TreeSearchParams {
  readonly query: string;
  readonly limit: number;
}
export interface TreeHit {
  readonly folder: string;
  readonly path: string;
  readonly name: string;
  readonly symbolKind: string;
  readonly startLine: number;
}

/** Client → server, from Show Report: everything that is known of a file, as text that nobody has escaped yet. */
export const reportMethod = 'codegloss/report';
export interface ReportSummary {
  readonly freshness: Freshness;
  readonly notes: readonly string[];
  readonly line: string;
  readonly paragraph: string;
  readonly claims: readonly Claim[];
  /** Who says it. */
  readonly source: string;
  readonly basis: readonly Omit<BasisPiece, 'hash'>[];
  readonly usage?: Usage;
  /** Milliseconds since the epoch; 0 for a text without a time. */
  readonly createdAt?: number;
}
export interface ReportResult {
  readonly name: string;
  readonly language: string;
  readonly lines: number;
  readonly module: ReportSummary;
  readonly outline: readonly {
    readonly name: string;
    readonly kind: string;
    readonly startLine: number;
    readonly endLine: number;
    readonly depth: number;
    readonly line: string;
    readonly freshness: Freshness;
  }[];
}
