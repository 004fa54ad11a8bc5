import type { StaleReason, StandingNote } from '../summary/freshness.ts';
import { type WordAction, wordOf, wordPlace } from '../summary/lastWord.ts';
import type { SummaryDocument } from '../summary/subjects.ts';
import type { Summarizer } from '../summary/summarizer.ts';
import type { Priority } from '../types/produce.ts';
import type { TextEdit } from '../types/text.ts';
import type { UserWord, WordPlace } from '../types/userWord.ts';
import type { Target as GlossTarget, ParsedDocument, SummarizerPort } from './gloss.ts';
import { nameOf } from './summaryMarkdown.ts';
import type { Workspace } from './workspace.ts';

/** Edits that comment all symbols of a file that have no comment: see `Summarizer.commentSymbols`. */
export interface SymbolCommentPort {
  commentSymbols(
    document: ParsedDocument,
    options: { readonly priority: Priority; readonly signal: AbortSignal },
  ): Promise<readonly TextEdit[]>;
}

/** What the user's last word on a target is kept under, and what it says. */
export interface WordPort {
  placeOf(target: GlossTarget): WordPlace | undefined;
  wordFor(target: GlossTarget, action: WordAction): UserWord | undefined;
}

/** The summarizer over open documents, in the words of the features. */
export function summarizerPort(
  summarizer: Summarizer,
  workspace: Workspace,
): SummarizerPort & SymbolCommentPort & WordPort {
  const placed = (document: ParsedDocument): SummaryDocument => {
    const place = workspace.locate(document.uri);
    return {
      uri: document.uri,
      path: place?.path ?? document.uri,
      repository: place?.repository ?? '',
      syntax: document.syntax,
    };
  };
  return {
    peek({ document, symbol }) {
      const { freshness, summary, staleReason, note } = summarizer.peek(placed(document), symbol ?? 'file');
      return {
        freshness,
        ...(summary === undefined ? {} : { summary }),
        ...(staleReason === undefined ? {} : { staleReason: staleWords(staleReason) }),
        ...(staleReason?.kind === 'producer' ? { isAnothers: true } : {}),
        ...(note === undefined ? {} : { note: noteWords(note) }),
      };
    },
    placeOf: ({ document, symbol }) => wordPlace(placed(document), symbol ?? 'file'),
    wordFor({ document, symbol }, action) {
      const target = symbol ?? 'file';
      const shown = placed(document);
      return wordOf(shown, target, summarizer.peek(shown, target).summary, action);
    },
    commentSymbols: (document, options) => summarizer.commentSymbols(placed(document), options),
    lookUp: ({ document, symbol }, signal) => summarizer.lookUp(placed(document), symbol ?? 'file', signal),
    summarize: ({ document, symbol }, options) => summarizer.summarize(placed(document), symbol ?? 'file', options),
  };
}

const maxNames = 3;

function staleWords(reason: StaleReason): string {
  switch (reason.kind) {
    case 'text':
      return 'the code has changed since';
    case 'settings':
      return 'the style of summaries has changed since';
    case 'producer':
      return `another model is chosen now than ${nameOf(reason.made)}`;
    case 'context':
      return `${someOf(reason.names)} changed since`;
    default:
      return reason satisfies never;
  }
}

function noteWords(note: StandingNote): string {
  switch (note.kind) {
    case 'drift':
      return `Made before ${someOf(note.names)} changed, which it does not stand on`;
    case 'lessContext':
      return 'Made from this file alone';
    default:
      return note satisfies never;
  }
}

function someOf(names: readonly string[]): string {
  return `${names.slice(0, maxNames).join(', ')}${names.length > maxNames ? ' and others' : ''}`;
}
