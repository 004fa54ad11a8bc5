import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const hasNeovim = spawnSync('nvim', ['--version']).status === 0;

describe('another editor', () => {
  it('Neovim shows hover and lenses by `codegloss lsp --stdio`', (context) => {
    if (!hasNeovim) context.skip('nvim is not installed (Debian: apt-get install neovim)');
    const home = mkdtempSync(path.join(tmpdir(), 'codegloss-neovim-'));
    try {
      const script = path.join(root, 'test/editor/neovim/trial.lua');
      const { status, stdout, stderr } = spawnSync(
        'nvim',
        ['--headless', '-u', 'NONE', '-i', 'NONE', '-n', '-S', script],
        {
          encoding: 'utf8',
          timeout: 25_000,
          env: {
            ...process.env,
            HOME: home,
            CODEGLOSS_HOME: path.join(home, 'codegloss'),
            CODEGLOSS_NODE: process.execPath,
            CODEGLOSS_COMMAND: path.join(root, 'dist/codegloss.mjs'),
            CODEGLOSS_FILE: path.join(root, 'test/editor/workspace/inventory.py'),
            CODEGLOSS_WORD: 'reorder',
          },
        },
      );
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(stdout).toMatch(/^hover: \*\*.*(?:no model asked|may be incorrect)/m);
      expect(stdout.match(/^lens \d+: \S+ \S+/gm)).toHaveLength(5);
      expect(stdout).not.toContain('lens 15: Summarize');
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});
