import type { StoredSummary, SummaryKey } from '../../types/summary.ts';
import { decodeSummary, encodeSummary } from '../summaryCodec.ts';
import { type Kind, nameOf, sealText, unsealText } from './sealing.ts';

const kind: Kind = { row: 'codegloss row v1', body: 'codegloss body v1' };
/** A summary has some 2 kB; what grows beyond this when unpacked is none. */
const mostUnpacked = 1 << 20;

/** Name of a summary's row: 32 bytes. */
export function rowId(key: SummaryKey): Buffer {
  return nameOf(key, kind);
}

export function seal(summary: StoredSummary): Buffer {
  return sealText(encodeSummary(summary), summary.key, kind);
}

/** The summary in a sealed body; undefined when it was not sealed for this key, or is none. */
export function unseal(key: SummaryKey, sealed: Buffer): StoredSummary | undefined {
  const text = unsealText(sealed, key, kind, mostUnpacked);
  const summary = text === undefined ? undefined : decodeSummary(text);
  return summary?.key === key ? summary : undefined;
}
