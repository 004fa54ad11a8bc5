import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { contentOf, find, locationOf, runIndex, writeRepository } from '../unit/repository/indexedRepository.ts';

const indexProcess = fileURLToPath(new URL('../unit/repository/indexProcess.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const long = process.env['CODEGLOSS_LONG_TESTS'] === '1';
const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

function newHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  made.push(home);
  return home;
}

function newRepository(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = writeRepository(files);
  made.push(root);
  return root;
}

/** Numerical Recipes' linear congruential generator: the same moments in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const partCount = 700;
function part(index: number, edition: number): string {
  const other = (index * 7 + edition) % partCount;
  const function_ = (step: number): string =>
    `/** Does step ${step} of piece ${index}. */\nexport function work${index}_${step}(input: number): number {\n  return work${other}_${step}(input) + shared(input) + ${edition};\n}\n`;
  return `import { work${other}_0 } from '../part${other % 7}/file${other}.ts';\n${Array.from({ length: 40 }, (_, step) => function_(step)).join('\n')}`;
}
const nameOf = (index: number): string => `part${index % 7}/file${index}.ts`;

/** Kills a run of the index after `milliseconds`; `lasted` is how long it worked, whether killed or done before. */
async function killAfter(
  root: string,
  home: string,
  milliseconds: number,
): Promise<{ readonly killed: boolean; readonly lasted: number }> {
  const child = spawn(process.execPath, [indexProcess, root, home], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  await once(child, 'message');
  const start = performance.now();
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  const [, signal] = await ended;
  clearTimeout(timer);
  return { killed: signal === 'SIGKILL', lasted: performance.now() - start };
}

describe('the index under faults', () => {
  it('holds after 20 kills at random moments, with edits between them, what a clean index holds', {
    timeout: 600_000,
  }, async () => {
    const random = randomFrom(20);
    const files = Object.fromEntries(Array.from({ length: partCount }, (_, index) => [nameOf(index), part(index, 0)]));
    const root = newRepository({
      ...files,
      'shared.ts': 'export function shared(input: number): number { return input; }\n',
    });
    const start = performance.now();
    await runIndex(root, newHome());
    // A moment is drawn from as long as a run takes: the whole at first, less once most files are known, whatever else
    // the machine is doing. A run that was done before its moment says how long that is now.
    let span = performance.now() - start;
    const home = newHome();
    let killed = 0;
    let round = 0;
    for (; killed < 20 && round < 200; round += 1) {
      const run = await killAfter(root, home, random() * span);
      if (run.killed) killed += 1;
      span = run.killed ? span * 1.1 : run.lasted;
      for (let edit = 0; edit < 5; edit += 1) {
        const index = Math.floor(random() * partCount);
        if (random() < 0.2) rmSync(path.join(root, nameOf(index)), { force: true });
        else writeFileSync(path.join(root, nameOf(index)), part(index, round + 1));
      }
    }
    console.info(`${killed} of ${round} runs were killed`);
    expect(killed).toBe(20);
    expect(existsSync(locationOf(root, home).database)).toBe(true);
    await runIndex(root, home);
    const clean = newHome();
    await runIndex(root, clean);
    expect(contentOf(root, home)).toEqual(contentOf(root, clean));
  });

  it('meets loops of links, links that lead nowhere and links out, and follows none', async () => {
    const outside = newRepository({ 'secret.ts': 'export function outsideSecret(): void {}\n' });
    const root = newRepository({
      'a/one.ts': 'export function one(): void {}\n',
      'b/two.ts': 'export function two(): void {}\n',
    });
    symlinkSync('../b', path.join(root, 'a/toB'));
    symlinkSync('../a', path.join(root, 'b/toA'));
    symlinkSync('.', path.join(root, 'self'));
    symlinkSync('nothing', path.join(root, 'dangling.ts'));
    symlinkSync(path.join(outside, 'secret.ts'), path.join(root, 'out.ts'));
    const home = newHome();
    const report = await runIndex(root, home);
    expect(report.files).toBe(2);
    expect(report.skipped).toEqual([{ reason: 'symbolicLink', count: 5 }]);
    expect(find(root, home, 'outside secret')).toEqual([]);
  });

  it('finds symbols in files and folders with names of every script', async () => {
    const names = [
      'кириллица/файл',
      '漢字/ファイル',
      'عربي/ملف',
      'हिन्दी/फ़ाइल',
      'emoji 🎉/🚀',
      "quote'\"/it's",
      'per%cent/_under',
      '-dash/--x',
      'new\nline/a\tb',
      'e\u0301/\u00e9',
    ];
    const files = Object.fromEntries(
      names.map((name, index) => [`${name}.py`, `def uniquely_named_${index}():\n    pass\n`]),
    );
    const root = newRepository(files);
    const home = newHome();
    expect((await runIndex(root, home)).files).toBe(names.length);
    for (const [index, name] of names.entries())
      expect(find(root, home, `uniquely_named_${index}`)[0]?.path).toBe(`${name}.py`);
    expect((await runIndex(root, home)).files).toBe(names.length);
  });

  it('reads a repository within the repository, and nothing of its .git', async () => {
    const root = newRepository({
      'main.ts': 'export function outerThing(): void {}\n',
      'vendor/inner/.git/hooks/hook.ts': 'export function hookThing(): void {}\n',
      'vendor/inner/.git/HEAD': 'ref: refs/heads/main\n',
      'vendor/inner/lib.ts': 'export function innerThing(): void {}\n',
      'worktree/.git': 'gitdir: ../elsewhere\n',
      'worktree/tree.ts': 'export function treeThing(): void {}\n',
    });
    const home = newHome();
    expect((await runIndex(root, home)).files).toBe(3);
    expect(find(root, home, 'hook thing')).toEqual(
      find(root, home, 'thing').filter(({ path: file }) => !file.includes('.git')),
    );
    expect(find(root, home, 'inner thing')[0]?.path).toBe('vendor/inner/lib.ts');
  });

  it.skipIf(process.platform === 'win32')('says what it may not read, and reads the rest', async () => {
    const root = newRepository({
      'open.ts': 'export function openThing(): void {}\n',
      'shut.ts': 'export const shut = 1;\n',
      'locked/in.ts': '',
    });
    const home = newHome();
    chmodSync(path.join(root, 'shut.ts'), 0);
    chmodSync(path.join(root, 'locked'), 0);
    if (isRoot) {
      // Nothing is unreadable to root: a child without that right indexes, and the report is read from what it wrote.
      for (const folder of [root, home]) chownSync(folder, nobody, nobody);
      const child = spawn(process.execPath, [indexProcess, root, home], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        uid: nobody,
        gid: nobody,
      });
      expect(await once(child, 'exit')).toEqual([0, null]);
    } else {
      const report = await runIndex(root, home);
      expect(report.skipped).toEqual([{ reason: 'unreadable', count: 2 }]);
    }
    expect(find(root, home, 'thing').map(({ path: file }) => file)).toEqual(['open.ts']);
    chmodSync(path.join(root, 'locked'), 0o700);
  });

  it.skipIf(!long)(
    'takes 100,000 files, and looks at them again in seconds (CODEGLOSS_LONG_TESTS=1)',
    { timeout: 1_800_000 },
    async () => {
      const root = newRepository({});
      for (let folder = 0; folder < 1000; folder += 1) {
        mkdirSync(path.join(root, `d${folder % 10}/f${folder}`), { recursive: true });
        for (let file = 0; file < 100; file += 1)
          writeFileSync(
            path.join(root, `d${folder % 10}/f${folder}/n${file}.py`),
            `def thing_${folder}_${file}():\n    return ${file}\n`,
          );
      }
      const home = newHome();
      const times: number[] = [];
      for (let run = 0; run < 2; run += 1) {
        const start = performance.now();
        expect((await runIndex(root, home)).files).toBe(100_000);
        times.push(Math.round(performance.now() - start));
      }
      console.info(
        `100,000 files: ${times[0]} ms, again ${times[1]} ms, peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
      );
      expect(find(root, home, 'thing_999_99')[0]?.path).toBe('d9/f999/n99.py');
    },
  );
});
