import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { deleteAll } from '../../../server/src/store/deleteAll.ts';
import { openPartitionChoices } from '../../../server/src/store/partitionChoices.ts';
import { openSpendLedger } from '../../../server/src/store/spendLedger.ts';
import { createSummaryStore } from '../../../server/src/store/summaryStore.ts';

it('deletes everything that we keep, and nothing else in the folder', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'codegloss-delete-'));
  try {
    createSummaryStore({ folder: home, clock: () => 1 }).close();
    openPartitionChoices(home, () => 1).close();
    openSpendLedger(home).close();
    for (const name of ['index', 'words']) {
      mkdirSync(path.join(home, name));
      writeFileSync(path.join(home, name, 'x'), 'x');
    }
    writeFileSync(path.join(home, 'letter.txt'), 'not ours');
    expect(deleteAll(home)).toEqual(
      expect.arrayContaining(['index', 'partitions.db', 'spend.db', 'summaries.db', 'words']),
    );
    expect(readdirSync(home)).toEqual(['letter.txt']);
    expect(deleteAll(path.join(home, 'nowhere'))).toEqual([]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
