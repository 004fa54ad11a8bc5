import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Command, UsageError } from '../../../server/src/cli/arguments.ts';
import { contextCommand } from '../../../server/src/cli/context.ts';
import { indexCommand } from '../../../server/src/cli/index.ts';
import { searchCommand } from '../../../server/src/cli/search.ts';
import { writeRepository } from './indexedRepository.ts';

const root = writeRepository({
  'src/area.ts': `import { square } from './square.ts';
/** Area of a circle. */
export function circleArea(radius: number): number { return Math.PI * square(radius); }
`,
  'src/square.ts':
    '/** A number times itself. */\nexport function square(side: number): number { return side * side; }\n',
});
const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
afterAll(() => {
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

async function run(command: Command, ...args: string[]): Promise<string> {
  const written: string[] = [];
  const code = await command.run({
    args,
    output: { out: (text) => void written.push(text), err: () => undefined, isTerminal: false },
    env: { CODEGLOSS_HOME: home },
    cwd: root,
    signal: new AbortController().signal,
  });
  expect(code).toBe(0);
  return written.join('');
}

describe('codegloss index, search and context', () => {
  it('index reports what it read and where the database lies', async () => {
    const report = JSON.parse(await run(indexCommand, '.', '--json'));
    expect(report).toMatchObject({ schema: 1, files: 2, skipped: [], symbols: 2, edges: 1 });
    for (const name of ['bytes', 'ms', 'peakRssMb', 'databaseBytes']) expect(report[name]).toBeGreaterThan(0);
    expect(path.dirname(report.database)).toBe(path.join(home, 'index'));
    expect(await run(indexCommand, '.')).toMatch(/^2 files, 2 symbols, 1 calls resolved/);
  });

  it('search finds symbols without an index made before', async () => {
    const { hits } = JSON.parse(await run(searchCommand, '.', 'areas', 'of', 'circles', '--json', '--limit', '1'));
    expect(hits).toEqual([
      {
        path: 'src/area.ts',
        symbol: 'circleArea',
        kind: 'function',
        range: { start: { line: 2, character: 0 }, end: { line: 2, character: 87 } },
        score: expect.any(Number),
      },
    ]);
    expect(await run(searchCommand, '.', 'itself')).toMatch(/^src\/square\.ts:2 {2}function square/);
  });

  it('context shows the callee with its comment', async () => {
    const shown = JSON.parse(await run(contextCommand, 'src/area.ts:3', '--budget', '200', '--json'));
    expect(shown.subject).toMatchObject({ path: 'src/area.ts', symbol: 'circleArea' });
    expect(shown.budget).toBe(200);
    // Found by import (0.9), and nothing is nearer by calls (× 1.8).
    expect(shown.pieces[0]).toMatchObject({ role: 'callee', symbol: 'square', form: 'summary', score: 1.62 });
    expect(await run(contextCommand, 'src/area.ts:3')).toContain('A number times itself.');
  });

  it('refuses wrong usage and the home folder', async () => {
    await expect(run(indexCommand)).rejects.toThrow(UsageError);
    await expect(run(searchCommand, '.')).rejects.toThrow(UsageError);
    await expect(run(contextCommand, 'src/area.ts')).rejects.toThrow(UsageError);
    await expect(run(contextCommand, 'src/none.ts:1')).rejects.toThrow(/no such file/);
    await expect(run(indexCommand, homedir())).rejects.toThrow(/home folder/);
  });
});
