import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IgnoreRules } from '../../../server/src/repository/ignoreRules.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'codegloss-ignore-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

describe('ignore rules', () => {
  it.each(['.gitignore', '.codeglossignore', '.aiignore', '.cursorignore', '.aiexclude'])('honour %s', (name) => {
    write(name, 'secret.ts\n');
    const rules = new IgnoreRules(root);
    expect(rules.isIgnored('secret.ts')).toBe(true);
    expect(rules.isIgnored('open.ts')).toBe(false);
  });

  it('let a deeper file overrule a higher one of the same kind', () => {
    write('.gitignore', '*.gen.ts\n');
    write('a/.gitignore', '!keep.gen.ts\n');
    const rules = new IgnoreRules(root);
    expect(rules.isIgnored('a/keep.gen.ts')).toBe(false);
    expect(rules.isIgnored('b/keep.gen.ts')).toBe(true);
  });

  it('never take back what one kind of file forbids by another kind', () => {
    write('.aiignore', 'private/\n');
    write('.gitignore', '!private/\n');
    expect(new IgnoreRules(root).isIgnored('private/a.ts')).toBe(true);
  });

  it('take nothing back below an ignored folder', () => {
    write('.gitignore', 'build/\n!build/a.ts\n');
    expect(new IgnoreRules(root).isIgnored('build/a.ts')).toBe(true);
  });

  it('fail closed outside the root', () => {
    const rules = new IgnoreRules(root);
    expect(rules.isIgnored('../other/a.ts')).toBe(true);
    expect(rules.isIgnored(path.join(tmpdir(), 'a.ts'))).toBe(true);
  });

  it('fail closed on an ignore file that cannot be read', () => {
    mkdirSync(path.join(root, '.gitignore'));
    expect(new IgnoreRules(root).isIgnored('a.ts')).toBe(true);
    chmodSync(root, 0o755);
  });

  it('add the patterns of the setting', () => {
    const rules = new IgnoreRules(root, ['legacy/**']);
    expect(rules.isIgnored('legacy/a.ts')).toBe(true);
    expect(rules.isIgnored('modern/a.ts')).toBe(false);
  });

  it('never read node_modules or .git', () => {
    const rules = new IgnoreRules(root);
    expect(rules.isIgnored('node_modules/x/index.js')).toBe(true);
    expect(rules.isIgnored('a/.git/config')).toBe(true);
  });
});
