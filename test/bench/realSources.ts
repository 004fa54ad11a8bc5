import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { knownEndings, languageOf } from '../../server/src/syntax/detect.ts';
import type { LanguageId } from '../../server/src/types/outline.ts';

const maxDepth = 9;
const maxFileBytes = 400_000;

export interface Sources {
  readonly texts: readonly string[];
  /** `real`, or `repeated`: our own fixture again and again, with its names changed each time. */
  readonly source: 'real' | 'repeated';
}

/** The ending of some of our fixtures belongs to several languages: their text decides. */
const fixtures = path.join('test', 'fixtures', 'languages');

/** Less real source than this times nothing but the first use of a query. */
const enoughBytes = 100_000;

/**
 * Sources of a language: what stands on this machine (npm packages, Python's own library, system headers), or, where that is too little, the test
 * fixture of the language repeated with renamed symbols. Sorted, so that every run on the same tree measures the same files; at most `maxBytes`.
 */
export function realSources(root: string, id: LanguageId, maxBytes: number): Sources {
  const real = sourcesIn(
    [
      path.join(root, 'server/src'),
      path.join(root, 'node_modules'),
      '/usr/lib/python3',
      '/usr/lib/python3.11',
      '/usr/include',
    ],
    id,
    maxBytes,
  );
  if (sizeOf(real) >= enoughBytes) return { texts: real, source: 'real' };
  const [fixture] = sourcesIn([path.join(root, fixtures)], id, maxBytes);
  if (fixture === undefined) return { texts: real, source: 'real' };
  const texts: string[] = [];
  const copies = Math.ceil(20_000 / fixture.length);
  for (let file = 0; sizeOf(texts) < Math.min(maxBytes, 400_000); file += 1)
    texts.push(Array.from({ length: copies }, (_, copy) => renamed(fixture, file * copies + copy)).join('\n'));
  return { texts, source: 'repeated' };
}

/** Gives names of six letters and more another ending of the same length, so that no column moves. */
function renamed(text: string, copy: number): string {
  const ending = String.fromCharCode(97 + (copy % 26), 97 + (Math.floor(copy / 26) % 26));
  return text.replace(/\b([A-Z][a-z]+[A-Z][A-Za-z]+|[a-z]+_[a-z_]+)\b/g, (name) => name.slice(0, -2) + ending);
}

function sizeOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

function sourcesIn(folders: readonly string[], id: LanguageId, maxBytes: number): readonly string[] {
  const texts: string[] = [];
  let bytes = 0;
  for (const folder of folders) {
    const isOurs = folder.endsWith(fixtures);
    for (const file of filesBelow(folder, 0)) {
      if (bytes >= maxBytes) return texts;
      if (
        languageOf(isOurs ? { path: file, text: readFileSync(file, 'utf8') } : { path: file }) !== id &&
        !(id === 'javascriptreact' && file.endsWith('.jsx'))
      )
        continue;
      const text = readFileSync(file, 'utf8');
      if (text.length > maxFileBytes || (text.length < 500 && !isOurs) || longestLine(text) > 2000) continue;
      texts.push(text);
      bytes += text.length;
    }
  }
  return texts;
}

function longestLine(text: string): number {
  return text.split('\n', 5000).reduce((longest, line) => Math.max(longest, line.length), 0);
}

const endings = knownEndings();
const listed = new Map<string, readonly string[]>();

function filesBelow(folder: string, depth: number): readonly string[] {
  const known = listed.get(folder);
  if (known !== undefined) return known;
  const files: string[] = [];
  if (existsSync(folder) && depth < maxDepth) {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory() && entry.name !== '.cache') files.push(...filesBelow(file, depth + 1));
      else if (entry.isFile() && endings.has(path.extname(entry.name).toLowerCase())) files.push(file);
    }
  }
  listed.set(folder, files);
  return files;
}
