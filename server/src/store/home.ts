import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, posix, win32 } from 'node:path';

/** What the rule for the data folder looks at; `process.env` fits. */
export interface HomeEnvironment {
  readonly [name: string]: string | undefined;
}

const productFolder = 'codegloss';

/**
 * The one user folder of the editor and the command line: `CODEGLOSS_HOME`, else the platform's cache folder + `codegloss`.
 * A relative or `~` value of `CODEGLOSS_HOME` is taken from the home directory, so that the answer never hangs on the working directory;
 * a relative `XDG_CACHE_HOME` is ignored, as the XDG specification says.
 */
export function dataFolder(env: HomeEnvironment, platform: NodeJS.Platform, homedir: string): string {
  const path = platform === 'win32' ? win32 : posix;
  const chosen = env['CODEGLOSS_HOME']?.trim();
  if (chosen) return path.resolve(homedir, chosen.replace(/^~(?=$|[/\\])/, '.'));
  return path.join(cacheFolder(env, platform, homedir), productFolder);
}

function cacheFolder(env: HomeEnvironment, platform: NodeJS.Platform, homedir: string): string {
  if (platform === 'win32') return env['LOCALAPPDATA'] || win32.join(homedir, 'AppData', 'Local');
  if (platform === 'darwin') return posix.join(homedir, 'Library', 'Caches');
  const xdg = env['XDG_CACHE_HOME'];
  return xdg && posix.isAbsolute(xdg) ? xdg : posix.join(homedir, '.cache');
}

/**
 * Makes the folder (and its parents) readable by the user only: summaries tell what private code does.
 * Throws the file system's error when it cannot be made; a folder of somebody else's keeps its mode.
 */
export function ensureDataFolder(folder: string): void {
  makeFolders(folder);
  try {
    chmodSync(folder, 0o700);
  } catch {
    // Not ours to change (a shared or foreign folder): whether it can be written shows when the database opens.
  }
}

/**
 * Parents first, one by one: Node's own recursive mode never returns where a parent exists and yet answers ENOENT (below `/proc`, say).
 */
function makeFolders(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(folder).isDirectory()) return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || parent === folder || existsSync(parent)) throw error;
    makeFolders(parent);
    mkdirSync(folder, { mode: 0o700 });
  }
}
