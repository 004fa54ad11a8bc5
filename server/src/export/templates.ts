import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Eta } from 'eta/core';
import { proseHtml } from './codeView.ts';

/** The pages of the site; each has its template in `media/site`. */
export type PageKind = 'file' | 'folder' | 'features' | 'feature' | 'home';

const names: readonly (PageKind | 'layout')[] = ['layout', 'file', 'folder', 'features', 'feature', 'home'];

/** What every page needs beside its own data. */
export interface PageFrame {
  readonly title: string;
  /** Name of the exported repository. */
  readonly site: string;
  /** From the page up to the site's folder. */
  readonly root: string;
  /** Path of the source file or folder that the page is about. */
  readonly path?: string;
}

export type Render = (kind: PageKind, frame: PageFrame, data: object) => string;

/** Reads the templates. They come from our own folder, never from a repository; what they are given is escaped unless they say otherwise. */
export async function loadTemplates(folder: string): Promise<Render> {
  const eta = new Eta({ autoEscape: true, cache: true });
  for (const name of names) eta.loadTemplate(`@${name}`, await readFile(path.join(folder, `${name}.eta`), 'utf8'));
  return (kind, frame, data) =>
    eta.render('@layout', { ...frame, body: eta.render(`@${kind}`, { ...frame, ...data, prose: proseHtml }) });
}
