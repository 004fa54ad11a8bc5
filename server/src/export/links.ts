import { createHash } from 'node:crypto';

/** Most file systems allow 255 bytes in a name; an ending has to fit, too. */
const longestName = 200;

/** Where the page of a source file lies below the site's folder. */
export function pageFile(path: string): string {
  return `files/${path.split('/').map(shortened).join('/')}.html`;
}

/** Where the n-th page (from 1) of a folder's list lies; '' is the root. */
export function folderFile(folder: string, page: number): string {
  const inside = folder === '' ? '' : `${folder.split('/').map(shortened).join('/')}/`;
  return `folders/${inside}${page === 1 ? 'index' : `index-${page}`}.html`;
}

/** Where the Markdown of a source file lies. */
export function markdownFile(path: string): string {
  return `markdown/${path.split('/').map(shortened).join('/')}.md`;
}

/** From one file of the site to another, as a relative URL. */
export function relativeLink(from: string, to: string): string {
  return rootFrom(from) + to.split('/').map(encodeURIComponent).join('/');
}

/** From a file of the site up to its root: `../../`, or nothing. */
export function rootFrom(file: string): string {
  return '../'.repeat(file.split('/').length - 1);
}

/** Anchor of a line (0-based here, counted from 1 there). */
export function lineAnchor(line: number): string {
  return `L${line + 1}`;
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= longestName) return name;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${[...name].slice(0, 40).join('')}-${digest}`;
}
