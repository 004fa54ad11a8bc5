import type { LanguageId, SymbolKind } from '../types/outline.ts';
import type { Freshness } from '../types/summary.ts';
import type { LineSpan } from '../types/text.ts';

/** What a page says of a file or a symbol, and where the words come from. */
export interface PageSummary {
  readonly line: string;
  readonly paragraph: string;
  readonly claims: readonly (LineSpan & { readonly text: string })[];
  readonly freshness: Freshness;
  /** Who speaks, in words: the author, the code's structure, or a model by name. */
  readonly source: string;
  /** Whether the line was made from the structure alone: such a sentence repeats the name and adds no words of its own. */
  readonly isStructural: boolean;
}

/** A symbol elsewhere (or here) that a page links to. */
export interface SymbolLink {
  readonly path: string;
  readonly name: string;
  /** 0-based line of the name. */
  readonly line: number;
}

export interface PageSymbol {
  readonly name: string;
  /** `Class.method`, unique within the file. */
  readonly symbolPath: string;
  readonly kind: SymbolKind;
  /** How many symbols are around it. */
  readonly depth: number;
  /** Lines of the declaration. */
  readonly lines: LineSpan;
  readonly signature: string;
  readonly summary: PageSummary | undefined;
  readonly callers: readonly SymbolLink[];
  readonly callees: readonly SymbolLink[];
}

/** A run of lines with its title: what the strip beside the code shows. */
export interface PagePartition extends LineSpan {
  readonly title: string;
}

/** Everything that one file's page shows. */
export interface FilePage {
  /** Relative to the repository's root, `/` between parts. */
  readonly path: string;
  readonly language: LanguageId;
  readonly lines: number;
  readonly summary: PageSummary | undefined;
  readonly symbols: readonly PageSymbol[];
  readonly partitions: readonly PagePartition[];
  readonly text: string;
  /** Comments of the text by UTF-16 offsets, half-open, in order. */
  readonly comments: readonly { readonly start: number; readonly end: number }[];
}

/** The little of a file that stays in memory until the end: for folders, search and features. */
export interface FileEntry {
  readonly path: string;
  readonly line: string;
  readonly symbols: readonly EntrySymbol[];
}

export interface EntrySymbol {
  readonly name: string;
  readonly symbolPath: string;
  readonly kind: SymbolKind;
  /** 0-based. */
  readonly startLine: number;
  readonly line: string;
  readonly isStructural: boolean;
}

export function entryOf({ path, summary, symbols }: FilePage): FileEntry {
  return {
    path,
    line: summary?.line ?? '',
    symbols: symbols.map(({ name, symbolPath, kind, lines, summary: own }) => ({
      name,
      symbolPath,
      kind,
      startLine: lines.startLine,
      line: own?.line ?? '',
      isStructural: own?.isStructural ?? true,
    })),
  };
}
