import type { SubjectId } from '../store/store.ts';
import { canonicalJson } from '../types/canonicalJson.ts';
import { contentHash } from '../types/contentHash.ts';
import type { LanguageId } from '../types/outline.ts';
import type { SummaryStyle } from '../types/produce.ts';
import type { BasisPiece, ContentHash, ProducerIdentity, StandsOn, SummaryKey } from '../types/summary.ts';

/** Raised when the meaning of the record or of the stored text changes. */
const recordSchema = 1;

/** Everything that a summary stands on (DESIGN.md, rule 6). */
export interface SummaryRecord {
  readonly language: LanguageId;
  /** `partition` for a run of lines of a file that is too long for one request. */
  readonly subjectKind: 'symbol' | 'file' | 'partition';
  /** Name of the symbol, title of the partition; a summary speaks of it. */
  readonly name?: string;
  readonly standsOn: StandsOn;
  readonly producer: ProducerIdentity;
  readonly context: readonly Pick<BasisPiece, 'role' | 'symbol' | 'hash'>[];
}

/** SHA-256 of the record as canonical JSON. Paths are left out: the same code in another place has the same summary. */
export function summaryKey(record: SummaryRecord): SummaryKey {
  const context = record.context
    .map((piece) => canonicalJson({ role: piece.role, symbol: piece.symbol, hash: piece.hash }))
    .sort();
  const { standsOn, producer } = record;
  const text = canonicalJson({
    schema: recordSchema,
    language: record.language,
    kind: record.subjectKind,
    name: record.name,
    subject: standsOn.subject,
    doc: standsOn.doc,
    settings: standsOn.settings,
    producer: { provider: producer.provider, model: producer.model },
    context,
  });
  return contentHash(text) as string as SummaryKey;
}

/** Hash of what shapes the text beside the code: prompt version, style, and of a long text how it is divided. */
export function settingsHash(promptVersion: number, style: SummaryStyle, division?: string): ContentHash {
  return contentHash(
    canonicalJson({
      promptVersion,
      language: style.language,
      length: style.length,
      instructions: style.instructions,
      comments: style.comments,
      division,
    }),
  );
}

/** Stable name of a subject across edits. `part` is a symbol path (`Class.method#2`) or empty for the file. */
export function subjectId(repository: string, path: string, part: string): SubjectId {
  return contentHash(canonicalJson({ repository, path, part })) as SubjectId;
}
