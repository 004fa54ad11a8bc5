import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** Apart from the other tests, because it needs the browser that the editor tests install. */
export default defineConfig({
  test: {
    include: ['test/site/**/*.test.ts'],
    // Where the editor tests put the browser's driver.
    env: { VSH_HOME: process.env['VSH_HOME'] ?? path.resolve('.cache/vscode') },
    pool: 'forks',
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
