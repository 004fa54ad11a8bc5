import type { OutlineSymbol, SymbolFacts } from './outline.ts';
import type { ContextPiece, ProducerIdentity, Subject, SummaryText, Usage } from './summary.ts';

/** Lower runs first. */
export const priorities = { hover: 0, lens: 1, file: 2, background: 3 } as const;
export type Priority = keyof typeof priorities;

/** One part of a prompt. What many requests share comes first, so that provider caches hit. */
export interface PromptBlock {
  readonly role: 'system' | 'repository' | 'file' | 'subject';
  readonly text: string;
}

/** Everything a producer may need: a prompt for models that read prompts, structure for those that do not. */
export interface ProduceRequest {
  /** Same key = same question: answered once (single flight). */
  readonly key: string;
  readonly subject: Subject;
  /** Source of the subject, our own comment blocks removed. */
  readonly source: string;
  readonly symbol?: OutlineSymbol;
  readonly facts?: SymbolFacts;
  readonly pieces: readonly ContextPiece[];
  /** Summaries of the parts, when the subject is a file, class or partition list. */
  readonly parts: readonly { readonly name: string; readonly kind: string; readonly line: string }[];
  readonly prompt: readonly PromptBlock[];
  readonly style: SummaryStyle;
  /** JSON schema of the answer, `additionalProperties: false` throughout. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly maxOutputTokens: number;
  readonly priority: Priority;
}

/** Settings that shape the text; part of every key. */
export interface SummaryStyle {
  /** Natural language of summaries, as an English name or BCP 47 tag; empty for English. */
  readonly language: string;
  readonly length: 'short' | 'medium' | 'long';
  readonly instructions: string;
  /** Whether comments in the code are shown to the model; shown when absent. */
  readonly comments?: 'keep' | 'strip';
}

/** Raw answer: text of the JSON document, not yet trusted, or a finished text from a local producer. */
export type Produced =
  | { readonly kind: 'json'; readonly text: string; readonly producer: ProducerIdentity; readonly usage: Usage }
  | {
      readonly kind: 'text';
      readonly summary: SummaryText;
      readonly origin: 'author' | 'outline' | 'model';
      readonly producer: ProducerIdentity;
      readonly usage: Usage;
      readonly confidence?: number;
    };

/** How a provider's prompt cache works: after marked blocks, by the longest known beginning, or not at all; and from how many tokens on. */
export type CacheRule =
  | { readonly kind: 'none' }
  | { readonly kind: 'breakpoints' | 'longestPrefix'; readonly leastTokens: number };

/** A provider's prompt cache, where what many requests share costs much less the second time. */
export interface PromptCacheTerms {
  /** A beginning of fewer tokens is not cached. */
  readonly leastTokens: number;
  /** Whether a request finds what the one before it wrote: not in a batch, whose requests are answered in any order. */
  readonly inTurn: boolean;
}

/** Who answers. Implemented in `model/`; throws `ModelError` only. */
export interface Producer {
  readonly identity: ProducerIdentity;
  /** Local producers send nothing anywhere and cost nothing. */
  readonly local: boolean;
  /** Set where it can pay to put what many requests share before them; then they are told more of the file and the repository. */
  readonly promptCache?: PromptCacheTerms | undefined;
  /**
   * Why a text may not be sent, by its own path; undefined when it may. Absent for producers that send nothing. Context that may not be sent
   * is left out of the question; a subject that may not makes `produce` throw. `near` is the URI of a document in the same folder.
   */
  blockOfText?(path: string, text: string, near?: string): Promise<{ readonly message: string } | undefined>;
  produce(request: ProduceRequest, signal: AbortSignal): Promise<Produced>;
}
