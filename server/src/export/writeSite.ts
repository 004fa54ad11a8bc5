import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Tells a site of ours from a folder of somebody's. */
const marker = '.codegloss-site';
const assets = ['site.css', 'site.js'] as const;

/** A site while it is made: beside its place, moved there in whole when it is finished. */
export interface SiteWriter {
  /** @param file relative to the site, `/` between parts */
  write(file: string, text: string): Promise<void>;
  readonly bytes: number;
  /** Puts the finished site into its place. */
  finish(): Promise<void>;
  /** Removes what was made so far. */
  discard(): Promise<void>;
}

/**
 * Opens a site for writing. Throws an `Error` when there is something at its place that no export made: it is never overwritten.
 * @param templates folder of `site.css` and `site.js`
 */
export async function openSite(out: string, templates: string): Promise<SiteWriter> {
  await refuseForeign(out);
  const made = `${out}.codegloss-new`;
  await rm(made, { recursive: true, force: true });
  await mkdir(path.join(made, 'assets'), { recursive: true });
  let bytes = 0;
  for (const asset of assets) {
    await copyFile(path.join(templates, asset), path.join(made, 'assets', asset));
    bytes += (await stat(path.join(made, 'assets', asset))).size;
  }
  await writeFile(path.join(made, marker), '');
  const folders = new Set<string>();
  return {
    async write(file, text) {
      const whole = path.join(made, ...file.split('/'));
      const folder = path.dirname(whole);
      if (!folders.has(folder)) await mkdir(folder, { recursive: true });
      folders.add(folder);
      const data = Buffer.from(text);
      await writeFile(whole, data);
      bytes += data.length;
    },
    get bytes() {
      return bytes;
    },
    async finish() {
      await refuseForeign(out);
      await rm(out, { recursive: true, force: true });
      await rename(made, out);
    },
    discard: () => rm(made, { recursive: true, force: true }),
  };
}

async function refuseForeign(out: string): Promise<void> {
  const entries = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new Error(`${out} cannot be used (${error.code ?? error.message}): name a new folder with --out.`);
  });
  if (entries.length === 0) return;
  const isOurs = await readFile(path.join(out, marker)).then(
    () => true,
    () => false,
  );
  if (!isOurs) throw new Error(`${out} holds something that no export made: name a new or empty folder with --out.`);
}
