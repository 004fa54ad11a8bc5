import { expect, it } from 'vitest';
import { runCommand } from '../../../server/src/cli/run.ts';
import { bench } from './commands.ts';

it('a function that is longer than a partition is read piece by piece, and is no part of its own pieces', async () => {
  const lines = Array.from(
    { length: 1_600 },
    (_, number) => `  total += weights[${number}] * values[${number}] - ${number};`,
  );
  const one = bench({
    'long.js': `export function long(weights, values) {\n  let total = 0;\n${lines.join('\n')}\n  return total;\n}\n`,
  });
  try {
    const { code, json, err } = await one.run(runCommand, ['--provider', 'outline', '--yes']);
    expect(err).not.toContain('RangeError');
    expect(json).toMatchObject({ planned: 2, generated: 2, failed: 0 });
    expect(Number(json['requests'])).toBeLessThan(40);
    expect(code).toBe(0);
  } finally {
    one.dispose();
  }
});
