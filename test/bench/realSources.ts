import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { knownEndings, languageOf } from '../../server/src/syntax/detect.ts';
import type { LanguageId } from '../../server/src/types/outline.ts';

const maxDepth = 9;
const maxFileBytes = 400_000;

/**
 * Real sources of a language that stand on this machine: what npm packages and Python's own library ship, the test fixtures last. Sorted, so
 * that every run on the same tree measures the same files; at most `maxBytes` in all.
 */
export function realSources(root: string, id: LanguageId, maxBytes: number): readonly string[] {
  const folders = [
    path.join(root, 'server/src'),
    path.join(root, 'node_modules'),
    '/usr/lib/python3',
    '/usr/include',
    path.join(root, 'test/fixtures/languages'),
  ];
  const texts: string[] = [];
  let bytes = 0;
  for (const folder of folders) {
    for (const file of filesBelow(folder, 0)) {
      if (bytes >= maxBytes) return texts;
      if (languageOf({ path: file }) !== id && !(id === 'javascriptreact' && file.endsWith('.jsx'))) continue;
      const text = readFileSync(file, 'utf8');
      if (text.length > maxFileBytes || text.length < 500 || longestLine(text) > 2000) continue;
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
