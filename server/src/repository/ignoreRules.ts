import { readFileSync } from 'node:fs';
import path from 'node:path';
import createIgnore, { type Ignore } from 'ignore';
import { LRUCache } from 'lru-cache';

/** Files whose patterns keep paths from being read and sent, in .gitignore syntax; each holds for its folder and below. */
export const ignoreFileNames = ['.gitignore', '.codeglossignore', '.aiignore', '.cursorignore', '.aiexclude'] as const;

/** Folders that hold no source of the repository's own. */
const neverRead = ['.git/', '.hg/', '.svn/', 'node_modules/'];

const maxCachedFolders = 5000;
const maxIgnoreFileBytes = 1 << 20;

type Verdict = 'ignored' | 'unignored' | 'silent';

/**
 * The ignore rules of one repository, nested as git nests them: a deeper file overrules a higher one, but nothing below an ignored folder
 * can be taken back. Each kind of ignore file is a set of its own: a path that any of them ignores is ignored.
 * Fails closed: a path outside the root, or one that cannot be judged, is ignored.
 */
export class IgnoreRules {
  readonly #root: string;
  readonly #extra: Ignore;
  readonly #folders = new LRUCache<string, ReadonlyMap<string, Ignore>>({ max: maxCachedFolders });

  /**
   * @param root absolute path of the repository or workspace folder
   * @param extraPatterns the setting `codegloss.ignore`
   */
  constructor(root: string, extraPatterns: readonly string[] = []) {
    this.#root = root;
    this.#extra = createIgnore()
      .add(neverRead)
      .add([...extraPatterns]);
  }

  /** @param file absolute path, or relative to the root; with a trailing `/` for a folder */
  isIgnored(file: string): boolean {
    const relative = path.relative(this.#root, path.resolve(this.#root, file)).split(path.sep).join('/');
    if (relative === '') return false;
    if (relative.startsWith('../') || relative === '..' || path.isAbsolute(relative)) return true;
    const parts = relative.split('/');
    for (let length = 1; length <= parts.length; length += 1) {
      const folder = length < parts.length || file.endsWith('/') ? '/' : '';
      if (this.#isIgnoredItself(parts.slice(0, length).join('/') + folder)) return true;
    }
    return false;
  }

  /**
   * Like `isIgnored` for a walk from the top: judges the entry alone, because the walk has already judged its parents.
   * @param relative relative to the root, `/` between parts, with a trailing `/` for a folder
   */
  isIgnoredItself(relative: string): boolean {
    return this.#isIgnoredItself(relative);
  }

  /** Forgets what was read from ignore files, after one of them changed. */
  reload(): void {
    this.#folders.clear();
  }

  #isIgnoredItself(relative: string): boolean {
    try {
      if (this.#extra.ignores(relative)) return true;
      return ignoreFileNames.some((name) => this.#verdict(name, relative) === 'ignored');
    } catch {
      return true;
    }
  }

  #verdict(name: string, relative: string): Verdict {
    let verdict: Verdict = 'silent';
    const parts = relative.split('/');
    for (let depth = 0; depth < parts.length && parts.slice(depth).join('/') !== ''; depth += 1) {
      const rules = this.#rulesIn(parts.slice(0, depth).join('/')).get(name);
      if (rules === undefined) continue;
      const result = rules.test(parts.slice(depth).join('/'));
      if (result.ignored) verdict = 'ignored';
      else if (result.unignored) verdict = 'unignored';
    }
    return verdict;
  }

  #rulesIn(folder: string): ReadonlyMap<string, Ignore> {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const rules = new Map<string, Ignore>();
    for (const name of ignoreFileNames) {
      const text = readIgnoreFile(path.join(this.#root, folder, name));
      if (text !== undefined) rules.set(name, createIgnore().add(text));
    }
    this.#folders.set(folder, rules);
    return rules;
  }
}

/** A missing file has no rules. One that is there but cannot be read, or is absurdly large, ignores everything below: we do not know what it forbids. */
function readIgnoreFile(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return text.length > maxIgnoreFileBytes ? '*' : text;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : '*';
  }
}
