import type { ContextProvider } from '../context/context.ts';
import type { SummaryStore } from '../store/store.ts';
import type { Syntax } from '../syntax/document.ts';
import type { Producer, SummaryStyle } from '../types/produce.ts';
import type { Freshness, StoredSummary } from '../types/summary.ts';
import type { TextEdit } from '../types/text.ts';
import { type PartitionSource, structurePartitions } from './chunks.ts';
import { commentEdits } from './commentRun.ts';
import { type FreshnessPorts, type StaleReason, type StandingNote, standingOf } from './freshness.ts';
import { noWords, type WordSource } from './lastWord.ts';
import { lookUp } from './lookUp.ts';
import { RollUp, type Said } from './rollUp.ts';
import { SingleFlight } from './singleFlight.ts';
import { subjectLines } from './subjectSource.ts';
import { type SummaryDocument, subjectOf, type Target } from './subjects.ts';
import type { SummarizeOptions } from './summarizeOptions.ts';
import type { TokenEvent } from './tokenTally.ts';

export interface SummarizerPorts {
  readonly store: SummaryStore;
  /** The producer of this moment: the user may choose another at any time. */
  readonly producer: () => Producer;
  readonly context: ContextProvider;
  /** Opens private copies, so that a roll-up that takes minutes sees one text while the user types. */
  readonly syntax: Pick<Syntax, 'open'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Style for a document, by its URI: folders of one window may differ. */
  readonly style: (uri: string) => SummaryStyle;
  /** How files are divided that are too long for one request; by their structure when absent. */
  readonly partitions?: PartitionSource;
  /** The user's last word on summaries; nobody's when absent. */
  readonly words?: WordSource;
  /** Tokens of context that one request may carry. */
  readonly contextTokens?: number;
  /** Told what each summary cost, or saved. */
  readonly onTokens?: (event: TokenEvent) => void;
  /** Told of each new summary of a symbol. */
  readonly onSaid?: (said: Said) => void;
}

/** A summary as features show it: claims in lines of the document as it is now. */
export interface SummaryView {
  readonly freshness: Freshness;
  readonly summary?: StoredSummary;
  readonly staleReason?: StaleReason;
  readonly note?: StandingNote;
}

export interface Summarizer {
  /** What is known now; synchronous, never a model. Throws `RangeError` for a symbol that the outline does not have. */
  peek(document: SummaryDocument, target: Target): SummaryView;
  /** Fetches the summary from a store further away, where there is one that has it; never a model. */
  lookUp(document: SummaryDocument, target: Target, signal: AbortSignal): Promise<void>;
  /** Makes the summary unless a fresh one is known. Throws `ModelError`, or the signal's reason. */
  summarize(document: SummaryDocument, target: Target, options: SummarizeOptions): Promise<StoredSummary>;
  /**
   * The edits that put a comment on each symbol of a file that has none of its author, or bring ours up to date; they do not touch each other.
   * None for a file that has them all. Throws as `summarize` does.
   * @param options.asciiOnly for files whose encoding cannot hold every character
   */
  commentSymbols(
    document: SummaryDocument,
    options: SummarizeOptions & { readonly asciiOnly?: boolean },
  ): Promise<readonly TextEdit[]>;
}

/** Tokens of context beside a subject, unless somebody says otherwise. */
const contextTokens = 1_500;
/** Where runs put file and repository before the question: see `beginning.ts`. For single questions too, because the pieces decide the key. */
const contextTokensBesides = 850;

/** Tokens of context that a producer is given beside a subject. */
export function contextTokensFor({ promptCache }: Pick<Producer, 'promptCache'>): number {
  return promptCache === undefined ? contextTokens : contextTokensBesides;
}

/** The one entry to summaries: the store answers, or the line to the producer runs once for all who ask. */
export function createSummarizer(ports: SummarizerPorts): Summarizer {
  const flights = new SingleFlight<StoredSummary>();
  const freshnessPorts = ({ uri }: SummaryDocument): FreshnessPorts => ({
    store: ports.store,
    context: ports.context,
    identity: ports.producer().identity,
    style: ports.style(uri),
    partitions: ports.partitions ?? structurePartitions,
    words: ports.words ?? noWords,
  });
  const rollUpOf = (document: SummaryDocument, options: SummarizeOptions): RollUp =>
    new RollUp({
      ...freshnessPorts(document),
      producer: ports.producer(),
      open: ports.syntax,
      clock: ports.clock,
      contextTokens: ports.contextTokens ?? contextTokensFor(ports.producer()),
      flights,
      options,
      ...(ports.onTokens === undefined ? {} : { onTokens: ports.onTokens }),
      ...(ports.onSaid === undefined ? {} : { onSaid: ports.onSaid }),
    });
  return {
    peek(document, target) {
      const standing = standingOf(document, target, freshnessPorts(document));
      if (standing.summary === undefined) return standing;
      return { ...standing, summary: inDocument(standing.summary, lineMap(document, target)) };
    },
    lookUp: (document, target, signal) =>
      lookUp(
        document,
        target,
        {
          ...freshnessPorts(document),
          producer: ports.producer(),
          contextTokens: ports.contextTokens ?? contextTokensFor(ports.producer()),
        },
        signal,
      ),
    async summarize(document, target, options) {
      options.signal.throwIfAborted();
      const lines = lineMap(document, target);
      return inDocument(await rollUpOf(document, options).make(document, target), lines);
    },
    commentSymbols(document, options) {
      const tools = {
        rollUp: rollUpOf(document, options),
        partitions: ports.partitions ?? structurePartitions,
        local: ports.producer().local,
        open: ports.syntax.open,
        asciiOnly: options.asciiOnly ?? false,
      };
      return commentEdits(document, tools, options.signal);
    },
  };
}

/** Line of the document for each line of the subject. */
function lineMap(document: SummaryDocument, target: Target): readonly number[] {
  const { range } = subjectOf(document, target);
  return subjectLines(document.syntax, range, { comments: 'keep' }).map((line) => line.line);
}

function inDocument(summary: StoredSummary, lines: readonly number[]): StoredSummary {
  const claims = summary.claims.flatMap((claim) => {
    const first = lines[claim.startLine];
    const last = lines[claim.endLine - 1];
    return first === undefined || last === undefined ? [] : [{ ...claim, startLine: first, endLine: last + 1 }];
  });
  return { ...summary, claims };
}
