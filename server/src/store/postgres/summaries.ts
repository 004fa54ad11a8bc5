import type pg from 'pg';
import type { StoredSummary, SummaryKey } from '../../types/summary.ts';
import { openMemberPool } from './memberPool.ts';
import { rowId, unseal } from './seal.ts';
import type { SharedSummaries } from './sharedSummaries.ts';

export function connectSummaries(config: pg.PoolConfig): SharedSummaries {
  const { pool, migrated, trim, close } = openMemberPool(config);
  return {
    async get(keys) {
      await migrated();
      const found = new Map<SummaryKey, StoredSummary>();
      const byId = new Map(keys.map((key) => [rowId(key).toString('hex'), key]));
      const { rows } = await pool.query<{ id: Buffer; body: Buffer }>(
        'SELECT id, body FROM codegloss.summary_get($1::bytea[])',
        [keys.map(rowId)],
      );
      for (const { id, body } of rows) {
        const key = byId.get(id.toString('hex'));
        const summary = key === undefined ? undefined : unseal(key, body);
        if (summary !== undefined) found.set(summary.key, summary);
      }
      return found;
    },
    async put(rows) {
      await migrated();
      await pool.query('SELECT codegloss.summary_put($1::bytea[], $2::bytea[])', [
        rows.map(({ id }) => id),
        rows.map(({ body }) => body),
      ]);
    },
    trim: (unusedDays) => trim('codegloss.summary_trim', unusedDays),
    close,
  };
}
