import { createHash } from 'node:crypto';
import type { SubjectId } from '../../../server/src/store/store.ts';
import type { ContentHash, StoredSummary, SummaryKey } from '../../../server/src/types/summary.ts';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

export const keyOf = (name: string): SummaryKey => sha(`key ${name}`) as SummaryKey;
export const subjectOf = (name: string): SubjectId => sha(`subject ${name}`) as ContentHash as SubjectId;

/** A complete stored summary whose key comes from `name`. */
export function summaryNamed(name: string, paragraph = 'It adds two numbers.'): StoredSummary {
  return {
    key: keyOf(name),
    line: `Adds ${name}.`,
    paragraph,
    claims: [{ text: 'Adds.', startLine: 0, endLine: 1 }],
    origin: 'model',
    producer: { provider: 'anthropic', model: 'test' },
    usage: { input: 10, cached: 0, output: 5, cost: null },
    droppedClaims: 0,
    createdAt: 1,
    basis: [{ role: 'callee', path: 'a.ts', symbol: 'b', hash: sha('b') as ContentHash }],
  };
}
