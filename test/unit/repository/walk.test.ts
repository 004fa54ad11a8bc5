import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IgnoreRules } from '../../../server/src/repository/ignoreRules.ts';
import { defaultWalkLimits, type WalkLimits, walk } from '../../../server/src/repository/walk.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'codegloss-walk-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text = 'x'): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

async function found(limits: Partial<WalkLimits> = {}): Promise<{ files: string[]; skipped: Record<string, number> }> {
  const skipped: Record<string, number> = {};
  const files: string[] = [];
  const options = {
    ignore: new IgnoreRules(root),
    wanted: (file: string) => file.endsWith('.ts'),
    skip: (reason: string) => {
      skipped[reason] = (skipped[reason] ?? 0) + 1;
    },
    limits: { ...defaultWalkLimits, ...limits },
  };
  for await (const file of walk(root, options)) files.push(file.path);
  return { files, skipped };
}

describe('walk', () => {
  it('gives wanted files in a fixed order and counts what it passes over', async () => {
    for (const file of ['b.ts', 'a/z.ts', 'a/b/c.ts', 'A.ts', 'read.me']) write(file);
    write('.gitignore', 'dist/\n');
    write('dist/x.ts');
    expect(await found()).toEqual({
      files: ['A.ts', 'b.ts', 'a/z.ts', 'a/b/c.ts'],
      skipped: { ignored: 1, notSource: 2 },
    });
  });

  it('follows no symbolic link, so that loops cannot hold it', async () => {
    write('a/x.ts');
    symlinkSync(root, path.join(root, 'a/loop'));
    symlinkSync(path.join(root, 'a/x.ts'), path.join(root, 'y.ts'));
    expect(await found()).toEqual({ files: ['a/x.ts'], skipped: { symbolicLink: 2 } });
  });

  it('stops at its limits and says so', async () => {
    for (const file of ['a.ts', 'b.ts', 'c.ts']) write(file);
    write('big.ts', 'x'.repeat(100));
    write('d/e/f.ts');
    expect(await found({ maxFiles: 2, maxFileBytes: 50, maxDepth: 1 })).toEqual({
      files: ['a.ts', 'b.ts'],
      skipped: { tooLarge: 1, limit: 2 },
    });
    // Three files fill it to the last byte; two of one byte each are left.
    expect(await found({ maxBytes: 102 })).toEqual({ files: ['a.ts', 'b.ts', 'big.ts'], skipped: { limit: 2 } });
  });
});
