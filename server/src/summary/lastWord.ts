import { symbolPaths } from '../syntax/symbolPaths.ts';
import { contentHash } from '../types/contentHash.ts';
import type { SummaryStyle } from '../types/produce.ts';
import type { Claim, ContentHash, StoredSummary, SummaryKey, SummaryText } from '../types/summary.ts';
import { noUsage } from '../types/summary.ts';
import type { FoundWord, UserWord, WordPlace } from '../types/userWord.ts';
import { subjectLines } from './subjectSource.ts';
import { hashesOf, isRange, type SummaryDocument, subjectOf, type Target } from './subjects.ts';

/** Finds what the user said of a place. */
export type WordSource = (place: WordPlace) => FoundWord | undefined;

export const noWords: WordSource = () => undefined;

/** Where a word on the target is kept; partitions have none of their own. */
export function wordPlace(document: SummaryDocument, target: Target): WordPlace | undefined {
  if (isRange(target)) return undefined;
  const { repository, path, syntax } = document;
  // Read when somebody asks: where there are no words, a hover must not pay for a hash.
  return {
    repository,
    path,
    get symbol() {
      return target === 'file' ? '' : (symbolPaths(syntax.outline)[target] ?? '');
    },
    get content() {
      return hashesOf(document, target).subject;
    },
  };
}

export function wordOn(words: WordSource, document: SummaryDocument, target: Target): FoundWord | undefined {
  const place = wordPlace(document, target);
  return place === undefined ? undefined : words(place);
}

/** The summary that a word is, in place of any that was made; undefined for a word that is none. */
export function summaryInWord({ word, by, fits }: FoundWord): StoredSummary | undefined {
  switch (word.kind) {
    case 'edit':
      return {
        ...blank,
        line: word.line,
        paragraph: word.paragraph,
        claims: [],
        origin: 'user',
        word: { kind: 'edited', by },
      };
    case 'pin':
      // Claims of code that has changed may point at other lines.
      return { ...blank, ...word.summary, claims: fits ? word.summary.claims : [], word: { kind: 'pinned', by } };
    case 'wrong':
      return undefined;
    default:
      return word satisfies never;
  }
}

/** Whether the text is the one that was marked wrong. A team's mark hides as the user's own does. */
export function isHidden(found: FoundWord | undefined, text: SummaryText): boolean {
  return found?.word.kind === 'wrong' && found.fits && found.word.hides === textHash(text);
}

export function textHash({ line, paragraph }: Pick<SummaryText, 'line' | 'paragraph'>): ContentHash {
  return contentHash(`${line}\n${paragraph}`);
}

/**
 * The style of a subject whose summary was marked wrong: its reason joins the instructions, and so the key. Only the user's own words do:
 * what stands in a repository must not instruct a model.
 */
export function styleAfterWord(style: SummaryStyle, found: FoundWord | undefined): SummaryStyle {
  if (found?.word.kind !== 'wrong' || !found.fits || found.by !== 'you' || found.word.reason === '') return style;
  const complaint = `A reader who knows this code marked an earlier summary of it as wrong, because: ${found.word.reason}`;
  return { ...style, instructions: [style.instructions, complaint].filter((each) => each !== '').join('\n') };
}

const blank = {
  key: '' as SummaryKey,
  producer: { provider: 'outline', model: '' },
  usage: noUsage,
  droppedClaims: 0,
  createdAt: 0,
  basis: [],
} as const;

/** What the user may say of a shown summary. */
export type WordAction =
  | { readonly kind: 'edit'; readonly line: string; readonly paragraph: string }
  | { readonly kind: 'pin' }
  | { readonly kind: 'wrong'; readonly reason: string };

/** The word that an action on a shown summary is; undefined where nothing is shown that it could speak of. */
export function wordOf(
  document: SummaryDocument,
  target: Target,
  shown: StoredSummary | undefined,
  action: WordAction,
): UserWord | undefined {
  if (action.kind === 'edit') return action;
  if (shown === undefined) return undefined;
  if (action.kind === 'wrong') return { kind: 'wrong', hides: textHash(shown), reason: action.reason };
  const { line, paragraph, origin, producer, createdAt } = shown;
  return {
    kind: 'pin',
    summary: { line, paragraph, origin, producer, createdAt, claims: relative(document, target, shown) },
  };
}

/** Claims in lines of the subject, as summaries are kept: code that moves keeps them true. */
function relative(document: SummaryDocument, target: Target, { claims }: StoredSummary): readonly Claim[] {
  const { range } = subjectOf(document, target);
  const lines = subjectLines(document.syntax, range, { comments: 'keep' }).map(({ line }) => line);
  return claims.flatMap((claim) => {
    const first = lines.indexOf(claim.startLine);
    const last = lines.indexOf(claim.endLine - 1);
    return first < 0 || last < 0 ? [] : [{ ...claim, startLine: first, endLine: last + 1 }];
  });
}
