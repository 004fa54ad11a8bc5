import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandContext } from '../../../server/src/cli/arguments.ts';
import { updateIndex } from '../../../server/src/cli/indexing.ts';

describe('the index that a command brings up to date', () => {
  let work: string;
  let folder: string;
  let said: string[];
  beforeEach(() => {
    work = mkdtempSync(path.join(tmpdir(), 'codegloss-indexing-'));
    folder = path.join(work, 'repository');
    mkdirSync(folder);
    said = [];
    for (let file = 0; file < 40; file += 1)
      writeFileSync(path.join(folder, `part${file}.py`), `def part${file}():\n    return ${file}\n`);
  });
  afterEach(() => rmSync(work, { recursive: true, force: true }));

  const context = (
    signal: AbortSignal,
    options: { isTerminal?: boolean; env?: CommandContext['env'] } = {},
  ): CommandContext => ({
    args: [],
    cwd: folder,
    env: { CODEGLOSS_HOME: path.join(work, 'home'), ...options.env },
    signal,
    output: { out: () => undefined, err: (text) => said.push(text), isTerminal: options.isTerminal ?? false },
  });
  const never = new AbortController().signal;

  it('holds all files, and shows a person that it gets on', async () => {
    const { report } = await updateIndex(context(never, { isTerminal: true }), folder);
    expect([report.files, report.symbols]).toEqual([40, 40]);
    expect(said.join('')).toContain('40 files');
  });

  it('is given up when the person presses Ctrl+C, and the next command completes it', async () => {
    const controller = new AbortController();
    const begun = updateIndex(context(controller.signal), folder);
    controller.abort();
    await expect(begun).rejects.toThrow(/abort/i);
    const { report } = await updateIndex(context(never), folder);
    expect(report.files).toBe(40);
  });

  it('says why it could not be made', async () => {
    const { location } = await updateIndex(context(never), folder);
    rmSync(location.database);
    mkdirSync(location.database);
    await expect(updateIndex(context(never), folder)).rejects.toThrow(/unable to open database file/);
  });

  it('is made without the team when its address cannot be used, and says so once', async () => {
    const { report } = await updateIndex(context(never), folder, 'ftp://nowhere');
    expect(report.files).toBe(40);
    expect(said).toEqual([expect.stringMatching(/^codegloss: The shared store's URL cannot be used: /)]);
  });
});
