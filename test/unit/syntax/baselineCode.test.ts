import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('./lexerMemory.ts', import.meta.url));

// Optimizing it takes half a gigabyte.
it('V8 never optimizes a lexer of a megabyte', () => {
  const { stdout, stderr } = spawnSync(process.execPath, [script, 'Chat.kt'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(Number(stdout)).toBeGreaterThan(50);
  expect(Number(stdout)).toBeLessThan(300);
});
