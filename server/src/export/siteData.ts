import { folderFile, pageFile, relativeLink } from './links.ts';
import type { FileEntry } from './page.ts';

/** Data that pages load as scripts, because a page opened from a disk may not fetch. */
export interface DataScript {
  readonly file: string;
  readonly text: string;
}

/** A folder as the navigation reads it: name, folders, files. */
type TreeNode = [name: string, folders: TreeNode[], files: string[]];

const symbolsPerShard = 5_000;
const longestLine = 160;

/** The folder tree for the navigation. */
export function treeScript(files: readonly FileEntry[]): DataScript {
  const root: TreeNode = ['', [], []];
  const known = new Map<string, TreeNode>([['', root]]);
  const folderOf = (folder: string): TreeNode => {
    const found = known.get(folder);
    if (found !== undefined) return found;
    const cut = folder.lastIndexOf('/');
    const made: TreeNode = [folder.slice(cut + 1), [], []];
    folderOf(folder.slice(0, Math.max(0, cut)))[1].push(made);
    known.set(folder, made);
    return made;
  };
  for (const { path } of files) {
    const cut = path.lastIndexOf('/');
    folderOf(path.slice(0, Math.max(0, cut)))[2].push(path.slice(cut + 1));
  }
  return { file: 'assets/tree.js', text: `codegloss.tree(${scriptJson(root)});\n` };
}

/** All files and symbols with their lines, in shards that are loaded when somebody searches. */
export function* searchScripts(files: readonly FileEntry[]): Generator<DataScript> {
  let shard = 0;
  let paths: string[] = [];
  let rows: (readonly [name: string, kind: string, path: number, line: number, text: string])[] = [];
  const flush = (): DataScript => {
    const script = {
      file: `assets/search-${shard}.js`,
      text: `codegloss.shard(${shard}, ${scriptJson({ paths, rows })});\n`,
    };
    shard++;
    paths = [];
    rows = [];
    return script;
  };
  for (const file of files) {
    const at = paths.push(file.path) - 1;
    rows.push([file.path.slice(file.path.lastIndexOf('/') + 1), 'file', at, 0, file.line.slice(0, longestLine)]);
    for (const { symbolPath, kind, startLine, line } of file.symbols)
      rows.push([symbolPath, kind, at, startLine, line.slice(0, longestLine)]);
    if (rows.length >= symbolsPerShard) yield flush();
  }
  if (rows.length > 0) yield flush();
}

export interface FolderEntry {
  readonly name: string;
  readonly href: string;
  readonly isFolder: boolean;
  readonly line: string;
}

export interface FolderPage {
  readonly folder: string;
  readonly file: string;
  readonly page: number;
  readonly pages: number;
  readonly entries: readonly FolderEntry[];
}

const entriesPerPage = 1_000;

/** A page (or several) for every folder: its folders and files with their lines. */
export function* folderPages(files: readonly FileEntry[]): Generator<FolderPage> {
  const inside = new Map<string, { folders: Set<string>; files: FileEntry[] }>();
  const folderOf = (folder: string): { folders: Set<string>; files: FileEntry[] } => {
    const found = inside.get(folder);
    if (found !== undefined) return found;
    const made = { folders: new Set<string>(), files: [] };
    inside.set(folder, made);
    if (folder !== '') folderOf(parentOf(folder)).folders.add(folder);
    return made;
  };
  folderOf('');
  for (const file of files) folderOf(parentOf(file.path)).files.push(file);
  for (const [folder, content] of inside) {
    const pages = Math.max(1, Math.ceil((content.folders.size + content.files.length) / entriesPerPage));
    const all = [
      ...[...content.folders].sort().map((each) => ({ path: each, isFolder: true, line: '' })),
      ...content.files.map(({ path, line }) => ({ path, isFolder: false, line })),
    ];
    for (let page = 1; page <= pages; page++) {
      const file = folderFile(folder, page);
      const entries = all.slice((page - 1) * entriesPerPage, page * entriesPerPage).map(({ path, isFolder, line }) => ({
        name: path.slice(path.lastIndexOf('/') + 1),
        href: relativeLink(file, isFolder ? folderFile(path, 1) : pageFile(path)),
        isFolder,
        line,
      }));
      yield { folder, file, page, pages, entries };
    }
  }
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** JSON that may stand in a script file: no line separator or `<` of a repository's can end or open anything. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
