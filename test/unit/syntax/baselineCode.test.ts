import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { isDearToOptimize } from '../../../server/src/syntax/baselineCode.ts';
import { languageRow } from '../../../server/src/syntax/languages.ts';
import { root } from './openFixture.ts';

const script = fileURLToPath(new URL('./lexerMemory.ts', import.meta.url));

// Optimizing it takes half a gigabyte.
it('V8 never optimizes a lexer of a megabyte', () => {
  const { stdout, stderr } = spawnSync(process.execPath, [script, 'Chat.kt'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(Number(stdout)).toBeGreaterThan(50);
  expect(Number(stdout)).toBeLessThan(300);
});

it('an index optimizes the lexers that are no large functions', () => {
  const isDear = (language: 'typescript' | 'python' | 'cpp' | 'swift'): boolean =>
    isDearToOptimize(readFileSync(repositoryAssets(root)(languageRow(language).grammar.file)));
  expect((['typescript', 'python', 'cpp', 'swift'] as const).filter(isDear)).toEqual(['cpp', 'swift']);
});
