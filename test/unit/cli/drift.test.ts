import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLoopback } from '../../loopback/server.ts';
import { type CommandLine, commandLine } from './commandLine.ts';

const before =
  'def load(path):\n    """Reads the rows with parse_lines."""\n    rows = parse_lines(path)\n    return rows\n';
const after = before.replace('rows = parse_lines(path)', 'rows = read(path)');
const wrong = 'def add(a):\n    """Adds.\n\n    :param gone: what\n    """\n    return a\n';

let cli: CommandLine;
beforeEach(() => {
  cli = commandLine();
});
afterEach(() => cli.dispose());

function git(...args: readonly string[]): void {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t'];
  const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: cli.folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

const lenient = ['--max-missing', '100%'];
const drifted = (answer: Record<string, unknown>) =>
  (answer['findings'] as readonly Record<string, unknown>[]).filter(({ kind }) => kind === 'drifted');

describe('check --drift', () => {
  it('fails for a claim that does not hold, and passes within a threshold', async () => {
    cli.write('a.py', wrong);
    const found = await cli.run(['check', '.', '--drift', ...lenient]);
    expect(found.code).toBe(1);
    expect(found.stdout).toContain('a.py:4: The comment documents a parameter gone that add does not have.');
    expect((await cli.run(['check', '.', '--drift', '--max-drifted', '1', ...lenient])).code).toBe(0);
    expect((await cli.run(['check', '.', ...lenient])).code).toBe(0);
  });

  it('finds in the history which names a comment speaks of in vain', async () => {
    cli.write('a.py', before);
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'one');
    cli.write('a.py', after);
    git('commit', '-q', '-a', '-m', 'two');
    const [finding] = drifted(await cli.json(['check', '.', '--drift', ...lenient]));
    expect(finding).toMatchObject({ path: 'a.py', line: 1, symbol: 'load' });
    expect(drifted(await cli.json(['check', '.', '--drift', '--history', '0', ...lenient]))).toEqual([]);
  });

  it('asks a judge only where one is named, and believes it only when it quotes the comment', async () => {
    const original =
      'def load(path):\n    """Reads the rows of a file, oldest first."""\n    rows = oldest(path)\n    return rows\n';
    cli.write('a.py', original);
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'one');
    cli.write('a.py', original.replace('oldest(path)', 'newest(path)'));
    git('commit', '-q', '-a', '-m', 'two');
    const verdict = (claim: string) => JSON.stringify({ holds: false, claim, reason: 'It reads the newest first.' });
    for (const [claim, expected] of [
      ['oldest first', 1],
      ['sorted by name', 0],
    ] as const) {
      const server = await startLoopback({ openai: { kind: 'answer', text: verdict(claim) } });
      try {
        const asked = ['--provider', 'openai', '--endpoint', `${server.url}/v1`, '--model', 'm'];
        const answer = await cli.json(['check', '.', '--drift', ...lenient, ...asked]);
        expect(drifted(answer)).toHaveLength(expected);
        expect(server.requests).toHaveLength(1);
      } finally {
        await server.close();
      }
    }
  });

  it('runs nothing that a repository configures for git', async () => {
    cli.write('a.py', before);
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'one');
    const blob = spawnSync('git', ['rev-parse', 'HEAD:a.py'], { cwd: cli.folder, encoding: 'utf8' }).stdout.trim();
    cli.write('a.py', after);
    git('commit', '-q', '-a', '-m', 'two');
    const trap = path.join(cli.folder, 'ran');
    const script = cli.write('trap.sh', `#!/bin/sh\ntouch ${trap}\nexit 1\n`);
    spawnSync('chmod', ['+x', script]);
    for (const [name, value] of [
      // The first version is missing, and a partial clone would fetch it by a command of the repository's.
      ['core.repositoryFormatVersion', '1'],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.url', `ext::${script}`],
      ['protocol.ext.allow', 'always'],
      ['core.fsmonitor', script],
      ['core.pager', script],
      ['diff.external', script],
      ['diff.evil.textconv', script],
      ['filter.evil.smudge', script],
    ] as const)
      git('config', name, value);
    writeFileSync(path.join(cli.folder, '.gitattributes'), '*.py diff=evil filter=evil\n');
    rmSync(path.join(cli.folder, '.git/objects', blob.slice(0, 2), blob.slice(2)));
    await cli.run(['check', '.', '--drift', ...lenient]);
    expect(existsSync(trap)).toBe(false);
    // The trap is one: git itself, left alone, falls into it.
    spawnSync('git', ['show', `HEAD~1:a.py`], { cwd: cli.folder, timeout: 10_000 });
    expect(existsSync(trap)).toBe(true);
  });
});
