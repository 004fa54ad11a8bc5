import { execFile } from 'node:child_process';
import path from 'node:path';

/** What a git process gets of its surroundings. */
export interface GitProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const maxBytes = 5_000_000;
const timeoutMs = 10_000;
/** Commits of one file that are looked through for versions. */
const maxCommits = 200;

/** Earlier texts of a file from git, newest first, spread over its last commits. Empty where there is no git, no history, or no time. */
export async function earlierTexts(file: string, versions: number, process: GitProcess): Promise<readonly string[]> {
  const folder = path.dirname(file);
  const name = `./${path.basename(file)}`;
  const log = await git(folder, ['log', `--max-count=${maxCommits}`, '--format=%H', '--', name], process);
  const commits = (log ?? '').split('\n').filter((line) => /^[0-9a-f]{40,64}$/.test(line));
  const older = commits.slice(1);
  const step = Math.max(1, Math.floor(older.length / versions));
  const texts: string[] = [];
  for (let index = 0; index < older.length && texts.length < versions; index += step) {
    process.signal.throwIfAborted();
    const text = await git(folder, ['show', '--no-textconv', `${older[index]}:${name}`], process);
    if (text !== undefined) texts.push(text);
  }
  return texts;
}

/** A repository's own configuration must run nothing: no pager, no hooks, no external diff, no file system monitor. */
const harmless = [
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.pager=cat',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'diff.external=',
];

/** Missing objects of a partial clone would be fetched, by commands that the repository names: no protocol is allowed, and no fetch. */
const offline = {
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
} as const;

function git(folder: string, args: readonly string[], { env, signal }: GitProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = {
      cwd: folder,
      env: { ...env, ...offline },
      maxBuffer: maxBytes,
      timeout: timeoutMs,
      signal,
      windowsHide: true,
    };
    execFile('git', [...harmless, '--no-pager', ...args], options, (error, stdout) => {
      resolve(error === null ? stdout : undefined);
    });
  });
}
