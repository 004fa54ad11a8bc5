import { estimateTokens } from '../types/tokens.ts';
import { foldBlanks } from './pieceText.ts';
import type { RepositorySource } from './repositorySource.ts';

/** A line about the repository with the files that it tells of, by which it is judged whether it may be sent. */
export interface OverviewLine {
  readonly paths: readonly string[];
  readonly text: string;
}

/** Bounded, so that making it costs little however large the repository is. */
const mostTokens = 6_000;
/** Of these for the folders; what they leave is the hubs'. */
const folderShare = 0.4;
const mostNames = 12;
const readmes = ['README.md', 'README.rst', 'README.txt', 'README', 'readme.md'];
const mostReadmeCharacters = 700;

/**
 * What a repository is, for whoever sees it for the first time: the first paragraph of its README, its folders with their files, the declarations
 * that are called most, by signature. No doc comments: the same text goes before every question, and a question must not show the comment of its own subject.
 * Lines are in the order of their worth, for a reader who takes only the first ones.
 */
export async function overviewLines(source: RepositorySource): Promise<readonly OverviewLine[]> {
  const { files, fileCount, hubs } = source.graph.overview();
  const about = await readmeLine(source);
  const folders = cut(folderLines(files, fileCount), mostTokens * folderShare);
  const declared = hubs.map(({ path, signature }) => ({ paths: [path], text: `${path}: ${foldBlanks(signature)}` }));
  return interleaved(about, folders, cut(unique(declared), mostTokens * (1 - folderShare)));
}

async function readmeLine(source: RepositorySource): Promise<readonly OverviewLine[]> {
  for (const path of readmes) {
    const text = await source.text(path);
    if (text === undefined) continue;
    const paragraph = text
      .split(/\n\s*\n/)
      .map(foldBlanks)
      .find((each) => /^[\p{L}*_`"'(]/u.test(each) && /\p{L}\s+\p{L}/u.test(each) && each.length > 30);
    return paragraph === undefined
      ? []
      : [{ paths: [path], text: `${path}: ${paragraph.slice(0, mostReadmeCharacters)}` }];
  }
  return [];
}

/** One line for each folder: its own files by name, shallow folders first. */
function folderLines(files: readonly string[], fileCount: number): readonly OverviewLine[] {
  const folders = new Map<string, string[]>();
  for (const file of files) {
    const slash = file.lastIndexOf('/');
    const folder = slash < 0 ? '.' : file.slice(0, slash);
    const names = folders.get(folder);
    if (names === undefined) folders.set(folder, [file.slice(slash + 1)]);
    else names.push(file.slice(slash + 1));
  }
  const depth = (folder: string): number => folder.split('/').length;
  const lines = [...folders]
    .sort(([left], [right]) => depth(left) - depth(right) || (left < right ? -1 : 1))
    .map(([folder, names]) => {
      const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
      const shown = names.slice(0, mostNames);
      const paths = shown.map((name) => (folder === '.' ? name : `${folder}/${name}`));
      return { paths, text: `${folder}/ ${shown.join(' ')}${more}` };
    });
  return fileCount > files.length ? [...lines, { paths: [], text: `(${fileCount} files in all)` }] : lines;
}

function unique(lines: readonly OverviewLine[]): readonly OverviewLine[] {
  const seen = new Set<string>();
  return lines.filter(({ text }) => !seen.has(text) && seen.add(text));
}

function cut(lines: readonly OverviewLine[], tokens: number): readonly OverviewLine[] {
  let left = tokens;
  return lines.filter(({ text }) => {
    left -= estimateTokens(text) + 1;
    return left >= 0;
  });
}

/** Folders and hubs by turns, so that any beginning of the list has some of both. */
function interleaved(
  about: readonly OverviewLine[],
  folders: readonly OverviewLine[],
  hubs: readonly OverviewLine[],
): readonly OverviewLine[] {
  const mixed: OverviewLine[] = [...about];
  for (let index = 0; index < Math.max(folders.length, hubs.length); index++) {
    const folder = folders[index];
    const hub = hubs[index];
    if (folder !== undefined) mixed.push(folder);
    if (hub !== undefined) mixed.push(hub);
  }
  return mixed;
}
