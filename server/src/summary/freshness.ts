import type { ContextProvider } from '../context/context.ts';
import { isLittleChanged } from '../context/drift.ts';
import type { SummaryStore } from '../store/store.ts';
import type { SummaryStyle } from '../types/produce.ts';
import type { BasisPiece, Freshness, ProducerIdentity, StoredSummary, Subject } from '../types/summary.ts';
import { isPartitioned, type PartitionSource } from './chunks.ts';
import { type SummaryRecord, settingsHash, summaryKey } from './keys.ts';
import { isHidden, noWords, styleAfterWord, summaryInWord, type WordSource, wordOn } from './lastWord.ts';
import { promptVersion } from './prompt.ts';
import { hashesOf, idOf, type SummaryDocument, subjectOf, type Target } from './subjects.ts';

/** Why a summary no longer fits, the weightiest reason first. */
export type StaleReason =
  /** The code or its author's doc comment changed. */
  | { readonly kind: 'text' }
  /** Style settings or our prompt changed. */
  | { readonly kind: 'settings' }
  /** Something that it calls or stands in changed; names where known. */
  | { readonly kind: 'context'; readonly names: readonly string[] }
  /** Nothing but the producer: another one is chosen now, and what this one said is still true of the code. */
  | { readonly kind: 'producer'; readonly made: ProducerIdentity };

/** Why a summary that stays could be better. */
export type StandingNote =
  /** A little of what helped to say it changed; names where known. */
  | { readonly kind: 'drift'; readonly names: readonly string[] }
  /** It was made from its file alone, and the repository could be looked at now. */
  | { readonly kind: 'lessContext' };

/** What is known of a target at this moment. The summary's claims are in lines relative to the subject. */
export interface Standing {
  readonly freshness: Freshness;
  readonly summary?: StoredSummary;
  readonly staleReason?: StaleReason;
  /** Of a fresh summary only. */
  readonly note?: StandingNote;
}

export interface FreshnessPorts {
  readonly store: SummaryStore;
  readonly context: ContextProvider;
  readonly identity: ProducerIdentity;
  readonly style: SummaryStyle;
  readonly partitions: PartitionSource;
  /** The user's last word; nobody's when absent. */
  readonly words?: WordSource;
}

/** What the key of a target covers beside its context, read from the document as it is now. */
export function recordOf(
  document: SummaryDocument,
  target: Target,
  ports: Pick<FreshnessPorts, 'identity' | 'style' | 'partitions' | 'words'>,
): Omit<SummaryRecord, 'context'> {
  const { language, symbol, title } = subjectOf(document, target);
  const division = isPartitioned(document, target) ? ports.partitions.signature(document.syntax) : undefined;
  return {
    language,
    subjectKind: symbol !== undefined ? 'symbol' : title === undefined ? 'file' : 'partition',
    ...(symbol === undefined ? {} : { name: symbol.name }),
    ...(title === undefined ? {} : { name: title }),
    standsOn: {
      ...hashesOf(document, target),
      settings: settingsHash(promptVersion, styleOf(document, target, ports), division),
    },
    producer: ports.identity,
  };
}

/**
 * Where the target stands, without any model and without waiting: the newest summary's own basis is looked at as it is now. Old code that
 * comes back finds its old summary again.
 */
export function standingOf(document: SummaryDocument, target: Target, ports: FreshnessPorts): Standing {
  const found = wordOn(ports.words ?? noWords, document, target);
  const last = found && summaryInWord(found);
  if (last !== undefined && found?.fits === true) return { freshness: 'fresh', summary: last };
  if (last !== undefined) return { freshness: 'stale', summary: last, staleReason: { kind: 'text' } };
  const made = standingOfMade(document, target, ports);
  return made.summary !== undefined && isHidden(found, made.summary) ? { freshness: 'absent' } : made;
}

function standingOfMade(document: SummaryDocument, target: Target, ports: FreshnessPorts): Standing {
  const latest = ports.store.latest(idOf(document, target));
  if (latest === undefined) return { freshness: 'absent' };
  const subject = subjectOf(document, target);
  const changed: BasisPiece[] = [];
  const current: BasisPiece[] = [];
  for (const piece of latest.basis) {
    const hash = ports.context.currentHash(subject, document.syntax, piece);
    if (hash !== piece.hash) changed.push(piece);
    if (hash !== undefined) current.push({ ...piece, hash });
  }
  const record = recordOf(document, target, ports);
  const key = summaryKey({ ...record, context: current });
  if (key === latest.key) return { freshness: 'fresh', summary: latest, ...reachNote(subject, latest, ports.context) };
  const other = ports.store.get(key);
  if (other !== undefined) return { freshness: 'fresh', summary: other };
  if (isLittleChanged(latest.basis, changed) && summaryKey({ ...record, context: latest.basis }) === latest.key) {
    return { freshness: 'fresh', summary: latest, note: { kind: 'drift', names: namesOf(changed) } };
  }
  return { freshness: 'stale', summary: latest, staleReason: reasonOf(record, latest, changed) };
}

/** A summary does not turn stale because the index of its repository became ready: it stays, and says so. */
function reachNote(subject: Subject, { reach }: StoredSummary, context: ContextProvider): Pick<Standing, 'note'> {
  const couldBeBetter = reach === 'file' && context.reach?.(subject) === 'repository';
  return couldBeBetter ? { note: { kind: 'lessContext' } } : {};
}

function namesOf(pieces: readonly BasisPiece[]): readonly string[] {
  return pieces.map((piece) => piece.symbol ?? piece.role);
}

/** The style of a target: that of the settings, and what the user said against its last summary. */
export function styleOf(
  document: SummaryDocument,
  target: Target,
  ports: Pick<FreshnessPorts, 'style' | 'words'>,
): SummaryStyle {
  return styleAfterWord(ports.style, wordOn(ports.words ?? noWords, document, target));
}

/** Whether the summary was made by who would be asked now; a part is not taken over from another. */
export function isMadeBy({ standsOn, producer }: StoredSummary, identity: ProducerIdentity): boolean {
  const asked = standsOn?.asked ?? producer;
  return asked.provider === identity.provider && asked.model === identity.model;
}

function reasonOf(
  now: Omit<SummaryRecord, 'context'>,
  latest: StoredSummary,
  changed: readonly BasisPiece[],
): StaleReason {
  const { standsOn } = latest;
  const isSameText = standsOn?.subject === now.standsOn.subject && standsOn.doc === now.standsOn.doc;
  if (!isSameText) return { kind: 'text' };
  if (standsOn?.settings !== now.standsOn.settings) return { kind: 'settings' };
  const isOtherProducer = !isMadeBy(latest, now.producer);
  if (isOtherProducer && changed.length === 0) return { kind: 'producer', made: latest.producer };
  return { kind: 'context', names: namesOf(changed) };
}
