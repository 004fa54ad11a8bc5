import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from '../../../server/src/cli/arguments.ts';

/** What a command printed and how it ended. */
export interface Ran {
  readonly code: number;
  readonly json: Record<string, unknown>;
  readonly out: string;
  readonly err: string;
}

/** A repository with a user folder of its own, in which commands run within this process. */
export interface Bench {
  readonly root: string;
  readonly home: string;
  write(files: Readonly<Record<string, string>>): void;
  git(...args: string[]): void;
  run(
    command: Command,
    args: readonly string[],
    options?: { readonly env?: Record<string, string>; readonly signal?: AbortSignal },
  ): Promise<Ran>;
  /** Forgets all summaries and the index. */
  forget(): void;
  /** As if this machine had ended before it could store anything but the names of its batches. */
  forgetSummaries(): void;
  dispose(): void;
}

export function bench(files: Readonly<Record<string, string>>): Bench {
  const root = mkdtempSync(path.join(tmpdir(), 'codegloss-run-'));
  const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  const made: Bench = {
    root,
    home,
    write(more) {
      for (const [name, text] of Object.entries(more)) {
        mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
        writeFileSync(path.join(root, name), text);
      }
    },
    git: (...args) =>
      void execFileSync(
        'git',
        ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false', ...args],
        {
          cwd: root,
          stdio: 'pipe',
        },
      ),
    async run(command, args, { env = {}, signal } = {}) {
      const out: string[] = [];
      const err: string[] = [];
      const code = await command.run({
        args: [root, ...args, '--json'],
        output: { out: (text) => void out.push(text), err: (text) => void err.push(text), isTerminal: false },
        env: { CODEGLOSS_HOME: home, ANTHROPIC_API_KEY: 'test-key', ...env },
        cwd: root,
        signal: signal ?? new AbortController().signal,
      });
      const text = out.join('');
      return {
        code,
        json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
        out: text,
        err: err.join(''),
      };
    },
    forget() {
      rmSync(home, { recursive: true, force: true });
      mkdirSync(home);
    },
    forgetSummaries() {
      for (const name of readdirSync(home))
        if (!name.startsWith('batches.db')) rmSync(path.join(home, name), { recursive: true });
    },
    dispose() {
      for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
    },
  };
  made.write(files);
  return made;
}
