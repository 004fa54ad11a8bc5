import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const bundle = path.resolve(import.meta.dirname, '../../../dist/codegloss.mjs');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own with a user folder of its own, in which the bundled command line runs as a process. */
export interface CommandLine {
  readonly folder: string;
  readonly home: string;
  write(name: string, content: string | Uint8Array): string;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Outcome>;
  /** Runs with `--json` and parses all of standard output as one document. */
  json(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Record<string, unknown>>;
  dispose(): void;
}

export function commandLine(): CommandLine {
  const folder = mkdtempSync(path.join(tmpdir(), 'codegloss-cli-'));
  const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [bundle, ...args], {
        cwd: folder,
        env: { PATH: process.env['PATH'] ?? '', CODEGLOSS_HOME: home, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      child.stdout.on('data', (data: Buffer) => stdout.push(data));
      child.stderr.on('data', (data: Buffer) => stderr.push(data));
      child.once('error', reject);
      child.once('close', (code) =>
        resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
      );
    });
  return {
    folder,
    home,
    run,
    write(name, content) {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    async json(args, env) {
      const { stdout } = await run([...args, '--json'], env);
      return JSON.parse(stdout) as Record<string, unknown>;
    },
    dispose() {
      rmSync(folder, { recursive: true, force: true });
      rmSync(home, { recursive: true, force: true });
    },
  };
}
