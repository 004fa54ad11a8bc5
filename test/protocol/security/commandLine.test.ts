import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandLine, commandLine } from '../../unit/cli/commandLine.ts';
import { evilFiles, expectPlain } from './hostile.ts';

describe('the command line in a hostile repository', () => {
  let cli: CommandLine;
  beforeAll(() => {
    cli = commandLine();
    for (const [name, text] of Object.entries(evilFiles)) cli.write(name, text);
    cli.write('name\u001b[2J\u202e.js', evilFiles['evil.js'] ?? '');
  });
  afterAll(() => cli.dispose());

  it.each([
    ['outline', ['outline', '.']],
    ['summarize', ['summarize', '.', '--provider', 'outline']],
    ['partition', ['partition', '.']],
    ['search', ['search', '.', 'innocent']],
    ['context', ['context', 'evil.js:4']],
    ['comment', ['comment', 'evil.js', '--provider', 'outline']],
    ['check', ['check', '.', '--drift']],
  ])('%s prints text that a terminal can only show', async (_, args) => {
    const { stdout, stderr } = await cli.run(args);
    expect(stdout + stderr).not.toBe('');
    expectPlain(stdout);
    expectPlain(stderr);
  });

  it('says the same to programs', async () => {
    const answer = await cli.json(['outline', 'evil.js']);
    const symbols = answer['symbols'] as readonly { readonly doc?: string }[];
    expect(symbols.map(({ doc = '' }) => doc).join()).toContain('\u202e');
  });
});
