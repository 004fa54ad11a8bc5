import { execFile } from 'node:child_process';
import path from 'node:path';

/** Enough for the names of 200,000 files. */
const mostOutput = 64 << 20;

/**
 * Files that differ from a revision of git: committed since, changed in the working tree, or new. Paths relative to `root` with `/`; what is
 * gone is among them. Throws an `Error` that says what is wrong with the revision or the folder.
 */
export async function changedSince(root: string, revision: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  if (revision.startsWith('-')) throw new Error(`'${revision}' is no revision.`);
  const top = (await git(root, ['rev-parse', '--show-toplevel'], signal)).trim();
  // As in a merge request: what this side added since the two parted.
  const base = (await git(root, ['merge-base', revision, 'HEAD'], signal)).trim();
  const changed = await git(root, ['diff', '--name-only', '--no-renames', '-z', base, '--'], signal);
  const added = await git(root, ['ls-files', '--others', '--exclude-standard', '--full-name', '-z'], signal);
  return new Set(
    [...changed.split('\0'), ...added.split('\0')]
      .filter((name) => name !== '')
      .map((name) => path.relative(root, path.join(top, name)).split(path.sep).join('/'))
      .filter((name) => !name.startsWith('../')),
  );
}

function git(cwd: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('git', args, { cwd, signal, maxBuffer: mostOutput, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else if (error.name === 'AbortError') reject(error);
      else reject(new Error(`git ${args[0]} failed: ${stderr.trim() || error.message}`));
    });
  });
}
