import { afterEach, describe, expect, it } from 'vitest';
import { checkCommand } from '../../../server/src/cli/check.ts';
import { applyEdit, moduleCommentEdit } from '../../../server/src/summary/comments/edit.ts';
import { type Bench, bench } from './commands.ts';

const plain = 'export function square(side) {\n  return side * side;\n}\n';
const summary = { line: 'Squares numbers.', paragraph: 'It squares the numbers that it is given.' };

/** The text with our module comment, as `comment --write` leaves it. */
function commented(text: string): string {
  const result = moduleCommentEdit(text, 'javascript', summary);
  if (!('edit' in result)) throw new Error(result.reason);
  return applyEdit(text, result.edit);
}

const opened: Bench[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.dispose();
});

function open(files: Readonly<Record<string, string>>): Bench {
  const one = bench(files);
  opened.push(one);
  return one;
}

describe('codegloss check', () => {
  const files = {
    'fresh.js': commented(plain),
    'stale.js': commented(plain).replace('side * side', 'side ** 2'),
    'missing.js': plain,
    'licensed.js': `// Copyright 2020 A. Author. All rights reserved.\n\n${plain}`,
    'authored.js': `// What this file is for.\n\n${plain}`,
    'edited.js': commented(plain).replace('Squares numbers', 'Cubes numbers'),
  };

  it('counts and names outdated and missing module comments, and fails', async () => {
    const { code, json } = await open(files).run(checkCommand, []);
    expect(code).toBe(1);
    expect(json).toMatchObject({ schema: 1, symbols: 6, fresh: 3, stale: 1, missing: 2, drifted: 0 });
    const found = (json['findings'] as { kind: string; path: string; line: number }[]).map(
      ({ kind, path, line }) => `${kind} ${path} ${line}`,
    );
    expect(found).toEqual(['missing licensed.js 0', 'missing missing.js 0', 'stale stale.js 0']);
  });

  it.each([
    [['--max-stale', '1', '--max-missing', '2'], 0],
    [['--max-stale', '20%', '--max-missing', '50%'], 0],
    [['--max-stale', '1', '--max-missing', '1'], 1],
    [['--max-stale', '10%', '--max-missing', '50%'], 1],
  ])('ends by the thresholds %j with %i', async (args, expected) => {
    expect((await open(files).run(checkCommand, args)).code).toBe(expected);
  });

  it('takes no threshold that is none', async () => {
    await expect(open({}).run(checkCommand, ['--max-stale', 'few'])).rejects.toThrow(/--max-stale/);
  });
});
