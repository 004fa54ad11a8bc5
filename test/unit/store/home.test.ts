import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFolder, ensureDataFolder } from '../../../server/src/store/home.ts';

describe('the data folder', () => {
  it.each([
    ['linux', {}, '/home/ada', '/home/ada/.cache/codegloss'],
    ['linux', { XDG_CACHE_HOME: '/var/x' }, '/home/ada', '/var/x/codegloss'],
    ['linux', { XDG_CACHE_HOME: 'relative' }, '/home/ada', '/home/ada/.cache/codegloss'],
    ['darwin', { XDG_CACHE_HOME: '/var/x' }, '/Users/ada', '/Users/ada/Library/Caches/codegloss'],
    ['win32', { LOCALAPPDATA: 'C:\\L' }, 'C:\\Users\\ada', 'C:\\L\\codegloss'],
    ['win32', {}, 'C:\\Users\\ada', 'C:\\Users\\ada\\AppData\\Local\\codegloss'],
    ['linux', { CODEGLOSS_HOME: '/data/gloss' }, '/home/ada', '/data/gloss'],
    ['linux', { CODEGLOSS_HOME: 'gloss' }, '/home/ada', '/home/ada/gloss'],
    ['linux', { CODEGLOSS_HOME: '~/gloss' }, '/home/ada', '/home/ada/gloss'],
    ['linux', { CODEGLOSS_HOME: '  ' }, '/home/ada', '/home/ada/.cache/codegloss'],
    ['win32', { CODEGLOSS_HOME: 'D:\\gloss' }, 'C:\\Users\\ada', 'D:\\gloss'],
  ] as const)('on %s with %j is below %s: %s', (platform, env, home, expected) => {
    expect(dataFolder(env, platform, home)).toBe(expected);
  });

  it.skipIf(process.platform === 'win32')('is readable by its user only', () => {
    const root = mkdtempSync(join(tmpdir(), 'codegloss-home-'));
    try {
      const folder = join(root, 'a', 'b');
      ensureDataFolder(folder);
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
