import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSpendLedger } from '../../../server/src/store/spendLedger.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'codegloss-spend-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const amount = { input: 10, cached: 4, output: 3, nanodollars: 1500 };

describe('spend ledger', () => {
  it('adds up by day over two windows and outlives both', () => {
    const first = openSpendLedger(folder);
    const second = openSpendLedger(folder);
    first.add('2026-11-24', amount);
    expect(second.add('2026-11-24', amount)).toEqual({ input: 20, cached: 8, output: 6, nanodollars: 3000 });
    expect(second.read('2026-11-25').nanodollars).toBe(0);
    first.close();
    second.close();
    const later = openSpendLedger(folder);
    expect(later.read('2026-11-24').nanodollars).toBe(3000);
    later.close();
  });

  it('takes back what was reserved too much', () => {
    const ledger = openSpendLedger(folder);
    ledger.add('2026-11-24', amount);
    expect(ledger.add('2026-11-24', { input: 0, cached: 0, output: 0, nanodollars: -500 }).nanodollars).toBe(1000);
    ledger.close();
  });

  it('refuses a folder that it cannot write', () => {
    expect(() => openSpendLedger('/dev/null/x')).toThrow();
  });
});
