import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fileJobs, hashOfBytes } from '../../../server/src/bulk/jobs.ts';
import type { RunPlan } from '../../../server/src/bulk/plan.ts';
import { type RunTarget, type TargetKey, targetKey } from '../../../server/src/bulk/targets.ts';

const whole = (path: string): TargetKey => targetKey(path, '');

/** A plan over whole files, in this order. */
function planOf(paths: readonly string[]): RunPlan {
  const planned = new Map<TargetKey, RunTarget>(
    paths.map((path) => [whole(path), { key: whole(path), path, target: 'file', parts: [] }]),
  );
  return { looked: paths.length, fresh: 0, planned, jobs: [] };
}

function takenOrder(paths: readonly string[], calls: readonly (readonly [string, string])[]): readonly string[] {
  const keyed = calls.map(([caller, callee]) => [whole(caller), whole(callee)] as const);
  return [...fileJobs('run', planOf(paths), keyed, new Map())]
    .sort((left, right) => right.priority - left.priority)
    .map(({ ref }) => ref);
}

describe('jobs of a run', () => {
  it('are taken in the order of files, which is that of the beginnings of their prompts', () => {
    expect(takenOrder(['a.js', 'b.js', 'c.js'], [])).toEqual(['file a.js', 'file b.js', 'file c.js']);
  });

  it('are taken level by level: what calls nobody first, in the order of files within a level', () => {
    const calls = [
      ['a.js', 'd.js'],
      ['b.js', 'a.js'],
      ['c.js', 'd.js'],
    ] as const;
    expect(takenOrder(['a.js', 'b.js', 'c.js', 'd.js', 'e.js'], calls)).toEqual([
      'file d.js',
      'file e.js',
      'file a.js',
      'file c.js',
      'file b.js',
    ]);
  });

  it('start at the same priority in every run, so that a small run does not wait for all of a large one', () => {
    const best = (count: number): number =>
      Math.max(
        ...fileJobs('run', planOf(Array.from({ length: count }, (_, index) => `${index}.js`)), [], new Map()).map(
          ({ priority }) => priority,
        ),
      );
    expect(best(1)).toBe(best(1000));
  });

  it('name the state of a file by a hash that opens nothing else', () => {
    const bytes = Buffer.from('let a;\n');
    expect(hashOfBytes(bytes)).not.toBe(createHash('sha256').update(bytes).digest('hex'));
  });
});
