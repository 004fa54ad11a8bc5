import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureDataFolder } from '../../../server/src/store/home.ts';

describe('the data folder', () => {
  it('is made with its parents, readable by the user only, and again without complaint', () => {
    const root = mkdtempSync(path.join(tmpdir(), 'codegloss-folders-'));
    const folder = path.join(root, 'a', 'b', 'c');
    ensureDataFolder(folder);
    ensureDataFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    rmSync(root, { recursive: true, force: true });
  });

  it.skipIf(!existsSync('/proc/self'))('fails at once where nothing can be made, and does not hang', () => {
    expect(() => ensureDataFolder('/proc/codegloss/home')).toThrow();
  });
});
