import type { LanguageId, SymbolKind } from './outline.ts';
import type { LineSpan, Range } from './text.ts';

export const providerIds = ['embedded', 'outline', 'anthropic', 'openai', 'editor'] as const;
export type ProviderId = (typeof providerIds)[number];

/** Who wrote a summary. */
export interface ProducerIdentity {
  readonly provider: ProviderId;
  readonly model: string;
}

/** Tokens and money of one or more requests. `cost` is in US dollars, null where no price is known. */
export interface Usage {
  /** All input, what came from a cache included. */
  readonly input: number;
  /** The part of the input that the provider read from its prompt cache. */
  readonly cached: number;
  readonly output: number;
  readonly cost: number | null;
}

/** A statement about the code with the lines that support it (0-based, half-open, in the file's current text). */
export interface Claim extends LineSpan {
  readonly text: string;
}

/** What is said of a symbol, a partition or a file. */
export interface SummaryText {
  readonly line: string;
  readonly paragraph: string;
  readonly claims: readonly Claim[];
}

declare const summaryKeyBrand: unique symbol;
/** SHA-256 (hex) of the structured record that a summary stands on. */
export type SummaryKey = string & { readonly [summaryKeyBrand]: true };

declare const contentHashBrand: unique symbol;
/** SHA-256 (hex) of a normalized text. */
export type ContentHash = string & { readonly [contentHashBrand]: true };

export type Freshness = 'fresh' | 'stale' | 'absent';

/** Where the text comes from, so that no one takes a plain sentence for a model's or an author's. */
export type SummaryOrigin = 'author' | 'model' | 'outline' | 'user';

/** A summary as the store keeps it. Claim lines are relative to the subject's first line, so that moving code keeps them true. */
export interface StoredSummary extends SummaryText {
  readonly key: SummaryKey;
  readonly origin: SummaryOrigin;
  readonly producer: ProducerIdentity;
  readonly usage: Usage;
  /** Claims that the check against the source dropped. */
  readonly droppedClaims: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The context pieces it was made with, by hash, for staleness by dependency. */
  readonly basis: readonly BasisPiece[];
  /** The other parts of the record behind `key`, so that a stale summary can say what changed. */
  readonly standsOn?: StandsOn;
  /** Of a partition: comments on the symbols that begin in it, by the id of their placeholder. */
  readonly comments?: readonly { readonly id: string; readonly text: string }[];
  /** 0..1 where the producer has one. */
  readonly confidence?: number;
  /** How far the context reached that it was made with; absent for those made before this was noted. */
  readonly reach?: ContextReach;
  /** Set where the user, or the team in its shared file, has had the last word. */
  readonly word?: { readonly kind: 'edited' | 'pinned'; readonly by: 'you' | 'team' };
}

/** Whether only the subject's own file was looked at, or the index of its repository, too. */
export type ContextReach = 'file' | 'repository';

/** Hashes of the subject's canonical text, of its author's doc comment (empty text when none), and of prompt version and style. */
export interface StandsOn {
  readonly subject: ContentHash;
  readonly doc: ContentHash;
  readonly settings: ContentHash;
  /** Whom the settings named, where another model answered under its own name (an empty setting lets the server choose). */
  readonly asked?: ProducerIdentity;
}

export interface BasisPiece {
  readonly role: PieceRole;
  /** Path of the piece, relative to the repository's root, `/` between parts. */
  readonly path: string;
  readonly symbol?: string;
  readonly hash: ContentHash;
  /** SHA-256 of the bytes of the piece's file when it was read, for pieces from other files: while it stands, so does `hash`. */
  readonly file?: string;
  /** Symbols that the piece defines; 1 when absent. */
  readonly defines?: number;
}

/** Why a piece of context is there. */
export type PieceRole =
  | 'class'
  | 'callee'
  | 'caller'
  | 'type'
  | 'import'
  | 'example'
  | 'test'
  | 'sibling'
  | 'comment'
  | 'member'
  | 'partition';

/** How much of the piece is shown. */
export type PieceForm = 'body' | 'signature' | 'summary' | 'skeleton' | 'compressed';

/** One piece of context, ready for a prompt. */
export interface ContextPiece {
  readonly role: PieceRole;
  readonly path: string;
  readonly symbol?: string;
  readonly range: Range;
  readonly text: string;
  readonly form: PieceForm;
  readonly tokens: number;
  /** Worth by role, confidence and nearness by calls; 0 to 1.8. */
  readonly score: number;
  readonly hash: ContentHash;
  /** Why it is there, in a few words for people. */
  readonly why?: string;
  /** See `BasisPiece.file`. */
  readonly file?: string;
}

/** What is to be summarized. A file has no symbol. */
export interface Subject {
  readonly uri: string;
  /** Relative to the repository's root (or the absolute path outside it), `/` between parts. */
  readonly path: string;
  readonly language: LanguageId;
  readonly symbol?: { readonly name: string; readonly kind: SymbolKind; readonly index: number };
  readonly range: Range;
  /** Of a partition: what it holds, in short. */
  readonly title?: string;
}

export const noUsage: Usage = { input: 0, cached: 0, output: 0, cost: 0 };
