import { execFile } from 'node:child_process';
import path from 'node:path';

const maxBytes = 5_000_000;
const timeoutMs = 10_000;
/** Commits of one file that are looked through for versions. */
const maxCommits = 200;

/** Earlier texts of a file from git, newest first, spread over its last commits. Empty where there is no git, no history, or no time. */
export async function earlierTexts(file: string, versions: number, signal: AbortSignal): Promise<readonly string[]> {
  const folder = path.dirname(file);
  const name = `./${path.basename(file)}`;
  const log = await git(folder, ['log', `--max-count=${maxCommits}`, '--format=%H', '--', name], signal);
  const commits = (log ?? '').split('\n').filter((line) => /^[0-9a-f]{40,64}$/.test(line));
  const older = commits.slice(1);
  const step = Math.max(1, Math.floor(older.length / versions));
  const texts: string[] = [];
  for (let index = 0; index < older.length && texts.length < versions; index += step) {
    signal.throwIfAborted();
    const text = await git(folder, ['show', '--no-textconv', `${older[index]}:${name}`], signal);
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

function git(folder: string, args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { cwd: folder, maxBuffer: maxBytes, timeout: timeoutMs, signal, windowsHide: true };
    execFile('git', [...harmless, '--no-pager', ...args], options, (error, stdout) => {
      resolve(error === null ? stdout : undefined);
    });
  });
}
