import path from 'node:path';

/** A file's path taken apart once, for being found by imports. */
export interface FilePlace {
  readonly path: string;
  readonly folder: string;
  /** Name without folder and ending. */
  readonly stem: string;
  /** Path without ending. */
  readonly target: string;
}

/** What the imports of a file may mean. */
export interface ImportTargets {
  /** Paths without ending that relative imports name. */
  readonly exact: readonly string[];
  /** Ends of paths that the others name, each with a slash in front, and their last part. */
  readonly tails: readonly { readonly tail: string; readonly last: string }[];
}

const endings =
  /\.(d\.ts|[mc]?[jt]sx?|py|java|h|hh|hpp|hxx|c|cc|cpp|cxx|cs|go|rs|rb|php|kt|scala|swift|sh|lua|inc|mac|cpy|copy|s|asm|m|int)$/i;

export function placeOf(file: string): FilePlace {
  const stem = path.posix.basename(file).replace(/\.[^.]*$/, '');
  return { path: file, folder: path.posix.dirname(file), stem, target: withoutEnding(file) };
}

/** Reads the imports of a file as they are written. */
export function importTargets(imports: readonly string[], folder: string): ImportTargets {
  const exact: string[] = [];
  const tails: { tail: string; last: string }[] = [];
  for (const written of imports) {
    if (/^\.{1,2}\//.test(written)) {
      const wanted = withoutEnding(path.posix.join(folder, written));
      exact.push(wanted, `${wanted}/index`);
      continue;
    }
    const parts = withoutEnding(written)
      .split(/[./\\:]+/)
      .filter((part) => part !== '' && part !== '*');
    const last = parts[parts.length - 1];
    if (last !== undefined) tails.push({ tail: `/${parts.join('/')}`, last });
  }
  return { exact, tails };
}

/** The last parts by which a file can be imported: its own, its folder's (a package). */
export function lastParts({ target, folder }: FilePlace): readonly string[] {
  return [...new Set([path.posix.basename(target), path.posix.basename(folder)])];
}

/** True when a tail names the file or the package it lies in. */
export function endsIn({ target, folder }: FilePlace, tail: string): boolean {
  return `/${target}`.endsWith(tail) || `/${folder}`.endsWith(tail);
}

function withoutEnding(file: string): string {
  return file.replace(endings, '');
}
