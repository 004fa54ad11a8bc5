import type { ContentHash, ProducerIdentity, SummaryOrigin, SummaryText } from './summary.ts';

/** What the user says of a summary; it stands until the user takes it back. */
export type UserWord =
  /** The user's own text. */
  | { readonly kind: 'edit'; readonly line: string; readonly paragraph: string }
  /** A summary as it was when the user pinned it; claim lines are relative to the subject. */
  | {
      readonly kind: 'pin';
      readonly summary: SummaryText & {
        readonly origin: SummaryOrigin;
        readonly producer: ProducerIdentity;
        readonly createdAt: number;
      };
    }
  /** Hides the text with this hash, and tells the next producer why. */
  | { readonly kind: 'wrong'; readonly hides: ContentHash; readonly reason: string };

/** What a word is about: a subject by what its code means, and by where it stood. */
export interface WordPlace {
  readonly repository: string;
  readonly path: string;
  /** Symbol path; empty for the file. */
  readonly symbol: string;
  readonly content: ContentHash;
}

/** A word that was found for a place. */
export interface FoundWord {
  readonly word: UserWord;
  /** The user of this machine, or a file that stands in the repository: that one is untrusted text like all of it. */
  readonly by: 'you' | 'team';
  /** Whether the code is still the code that it was said of. */
  readonly fits: boolean;
}
