import { callPicture } from './callPicture.ts';
import { codeBlocks } from './codeView.ts';
import { type Feature, featureTree } from './featureTree.ts';
import { folderFile, lineAnchor, markdownFile, pageFile, relativeLink, rootFrom } from './links.ts';
import { markdownIndex, markdownPage } from './markdown.ts';
import { entryOf, type FileEntry, type FilePage, type SymbolLink } from './page.ts';
import { folderPages, parentOf, searchScripts, treeScript } from './siteData.ts';
import type { PageFrame, PageKind, Render } from './templates.ts';
import type { SiteWriter } from './writeSite.ts';

export interface ExportRequest {
  /** Name of the repository, for titles. */
  readonly site: string;
  /** One page after the other: only one file's text is held at a time. */
  readonly pages: AsyncIterable<FilePage>;
  readonly render: Render;
  readonly writer: SiteWriter;
  /** When the site was made, as a date for people. */
  readonly date: string;
}

/** Writes the whole site. Returns the number of HTML pages. */
export async function exportSite({ site, pages, render, writer, date }: ExportRequest): Promise<number> {
  let count = 0;
  const files: FileEntry[] = [];
  const write = (
    file: string,
    kind: PageKind,
    frame: Omit<PageFrame, 'site' | 'root'>,
    data: object,
  ): Promise<void> => {
    count++;
    return writer.write(file, render(kind, { site, root: rootFrom(file), ...frame }, data));
  };
  for await (const page of pages) {
    const file = pageFile(page.path);
    await write(file, 'file', { title: page.path, path: page.path }, fileData(page, file));
    await writer.write(markdownFile(page.path), markdownPage(page));
    files.push(entryOf(page));
  }
  for (const each of folderPages(files)) {
    const link = (page: number): string => relativeLink(each.file, folderFile(each.folder, page));
    await write(
      each.file,
      'folder',
      { title: each.folder === '' ? 'All files' : each.folder, path: each.folder },
      {
        ...each,
        crumbs: crumbsOf(each.file, each.folder),
        pageLinks: Array.from({ length: each.pages }, (_, n) => link(n + 1)),
      },
    );
  }
  await writer.write('assets/tree.js', treeScript(files).text);
  let shards = 0;
  for (const { file, text } of searchScripts(files)) {
    await writer.write(file, text);
    shards++;
  }
  const features = featureTree(files);
  for (const [index, feature] of features.entries())
    await write(
      featureFile(index),
      'feature',
      { title: feature.title },
      { feature: shown(feature, featureFile(index)) },
    );
  const topics = features.map(({ title, count: symbols }, index) => ({ title, symbols, href: featureFile(index) }));
  await write('features.html', 'features', { title: 'Features' }, { topics });
  const symbols = files.reduce((sum, file) => sum + file.symbols.length, 0);
  await write(
    'index.html',
    'home',
    { title: site },
    { date, symbols, files: files.length, topics: topics.slice(0, 24), folders: topFolders(files) },
  );
  await writer.write('assets/shards.js', `codegloss.shards(${shards});\n`);
  await writer.write('markdown/README.md', markdownIndex(site, files));
  return count;
}

function featureFile(index: number): string {
  return `features/${index + 1}.html`;
}

interface ShownFeature {
  readonly title: string;
  readonly count: number;
  readonly children: readonly ShownFeature[];
  readonly leaves: readonly {
    readonly name: string;
    readonly path: string;
    readonly line: string;
    readonly href: string;
  }[];
}

function shown({ title, count, children, leaves }: Feature, from: string): ShownFeature {
  return {
    title,
    count,
    children: children.map((child) => shown(child, from)),
    leaves: leaves.map(({ path, symbol }) => ({
      name: symbol.symbolPath,
      path,
      line: symbol.line,
      href: `${relativeLink(from, pageFile(path))}#${lineAnchor(symbol.startLine)}`,
    })),
  };
}

function topFolders(files: readonly FileEntry[]): readonly { name: string; files: number; href: string }[] {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const cut = path.indexOf('/');
    if (cut > 0) counts.set(path.slice(0, cut), (counts.get(path.slice(0, cut)) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => ({
    name,
    files: count,
    href: relativeLink('index.html', folderFile(name, 1)),
  }));
}

interface Crumb {
  readonly name: string;
  readonly href: string;
}

/** From the root down to the folder. */
function crumbsOf(from: string, folder: string): readonly Crumb[] {
  const parts = folder === '' ? [] : folder.split('/');
  const inner = parts.map((name, index) => ({
    name,
    href: relativeLink(from, folderFile(parts.slice(0, index + 1).join('/'), 1)),
  }));
  return [{ name: 'all files', href: relativeLink(from, folderFile('', 1)) }, ...inner];
}

function fileData(page: FilePage, file: string): object {
  const linked = (links: readonly SymbolLink[]): object[] =>
    links.map(({ name, path, line }) => ({
      name,
      where: `${path}:${line + 1}`,
      href: `${relativeLink(file, pageFile(path))}#${lineAnchor(line)}`,
    }));
  return {
    page,
    name: page.path.slice(page.path.lastIndexOf('/') + 1),
    crumbs: crumbsOf(file, parentOf(page.path)),
    markdown: relativeLink(file, markdownFile(page.path)),
    blocks: codeBlocks(page),
    picture: callPicture(page),
    symbols: page.symbols.map((symbol) => ({
      ...symbol,
      anchor: lineAnchor(symbol.lines.startLine),
      callers: linked(symbol.callers),
      callees: linked(symbol.callees),
    })),
  };
}
