import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { editBoundaries } from '../../../server/src/partition/edits.ts';
import { openPartitionChoices } from '../../../server/src/store/partitionChoices.ts';

const cuts = [2, 5, 9, 14, 20].map((line) => ({ line, strength: 1 as const, reason: 'label' }));

describe('editBoundaries', () => {
  it('moves a boundary to the nearest legal line between its neighbours', () => {
    expect(editBoundaries([5, 14], { kind: 'move', from: 5, to: 8 }, cuts)).toEqual([9, 14]);
    expect(editBoundaries([5, 14], { kind: 'move', from: 5, to: 30 }, cuts)).toEqual([9, 14]);
  });

  it('merges and divides', () => {
    expect(editBoundaries([5, 14], { kind: 'merge', line: 5 }, cuts)).toEqual([14]);
    expect(editBoundaries([5, 14], { kind: 'split', line: 19 }, cuts)).toEqual([5, 14, 20]);
  });

  it('answers nothing where no boundary or legal line fits', () => {
    expect(editBoundaries([5], { kind: 'merge', line: 6 }, cuts)).toBeUndefined();
    expect(editBoundaries([5], { kind: 'move', from: 6, to: 9 }, cuts)).toBeUndefined();
    expect(editBoundaries([2, 5], { kind: 'split', line: 3 }, cuts)).toBeUndefined();
  });
});

describe('partition choices', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  it('are kept by content over a restart, with the boundaries of each strategy', () => {
    const folder = mkdtempSync(join(tmpdir(), 'codegloss-choices-'));
    folders.push(folder);
    const first = openPartitionChoices(folder, () => 1);
    first.keep('hash-1', { strategy: 'fixed', boundaries: { structure: [5, 14], fixed: [] } });
    first.answers.set('key', '[]');
    first.close();
    const second = openPartitionChoices(folder, () => 2);
    expect(second.choice('hash-1')).toEqual({ strategy: 'fixed', boundaries: { structure: [5, 14], fixed: [] } });
    expect(second.choice('hash-2')).toBeUndefined();
    expect(second.answers.get('key')).toBe('[]');
    second.close();
  });
});
