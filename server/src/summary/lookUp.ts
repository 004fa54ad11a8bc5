import type { Producer } from '../types/produce.ts';
import { basisOf, sendable } from './basis.ts';
import { type FreshnessPorts, recordOf, standingOf } from './freshness.ts';
import { summaryKey } from './keys.ts';
import { idOf, type SummaryDocument, subjectOf, type Target } from './subjects.ts';

/**
 * Looks whether somebody else's store has the summary that would be made now, and keeps it here if so. Asks no model. Reads the document
 * before its first await only.
 */
export async function lookUp(
  document: SummaryDocument,
  target: Target,
  ports: FreshnessPorts & { readonly producer: Producer; readonly contextTokens: number },
  signal: AbortSignal,
): Promise<void> {
  const { store, context } = ports;
  const { fetch } = store;
  // The outline is sooner asked than looked up.
  if (fetch === undefined || ports.identity.provider === 'outline') return;
  if (standingOf(document, target, ports).freshness === 'fresh') return;
  const record = recordOf(document, target, ports);
  const id = idOf(document, target);
  const subject = subjectOf(document, target);
  const gathering = context.gather(subject, document.syntax, ports.contextTokens, signal);
  const pieces = await sendable(await gathering, ports.producer, subject.uri);
  const key = summaryKey({ ...record, context: pieces.map(basisOf) });
  const known = store.get(key) ?? (await fetch(key, signal));
  if (known !== undefined) store.put(id, known);
}
