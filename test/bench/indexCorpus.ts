import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

const endings = new Set([
  '.ts',
  '.tsx',
  '.js',
  '.mjs',
  '.cjs',
  '.jsx',
  '.py',
  '.c',
  '.h',
  '.cpp',
  '.cc',
  '.java',
  '.go',
  '.rs',
  '.rb',
  '.php',
  '.sh',
  '.lua',
  '.cs',
]);
const maxFileBytes = 400_000;
/** More characters in a line, on average, are no source that somebody wrote. */
const maxMeanLine = 200;

export interface Corpus {
  readonly folder: string;
  readonly files: number;
  readonly lines: number;
  readonly bytes: number;
}

/**
 * Copies real sources into a folder until it holds so many lines: Python's own library and what the npm packages of this checkout ship.
 * `node_modules` folders get another name, because no index reads those.
 */
export function buildCorpus(root: string, folder: string, maxLines: number): Corpus {
  rmSync(folder, { recursive: true, force: true });
  let files = 0;
  let lines = 0;
  let bytes = 0;
  for (const [name, from] of [
    ['python', pythonLibrary()],
    ['npm', path.join(root, 'node_modules')],
  ] as const) {
    if (from === undefined) continue;
    for (const file of filesBelow(from)) {
      if (lines >= maxLines) break;
      const size = statSync(file).size;
      if (size > maxFileBytes || size < 100) continue;
      const text = readFileSync(file);
      const count = text.filter((byte) => byte === 10).length;
      if (count === 0 || size / count > maxMeanLine || text.includes(0)) continue;
      const to = path.join(folder, name, path.relative(from, file).replaceAll('node_modules', 'packages'));
      mkdirSync(path.dirname(to), { recursive: true });
      copyFileSync(file, to);
      files += 1;
      lines += count;
      bytes += size;
    }
  }
  return { folder, files, lines, bytes };
}

function pythonLibrary(): string | undefined {
  if (!existsSync('/usr/lib')) return undefined;
  const [found] = readdirSync('/usr/lib').filter((name) => /^python3\.\d+$/.test(name));
  return found === undefined ? undefined : path.join('/usr/lib', found);
}

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== '.cache') yield* filesBelow(file);
    else if (entry.isFile() && endings.has(path.extname(file))) yield file;
  }
}
