import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';

/** Folder below `node_modules` of the package that a path belongs to; undefined for our own files. */
export function packageFolderOf(file: string): string | undefined {
  const parts = file.split(/[\\/]/);
  const at = parts.lastIndexOf('node_modules');
  if (at < 0) return undefined;
  const length = parts[at + 1]?.startsWith('@') === true ? 2 : 1;
  return parts.slice(0, at + 1 + length).join('/');
}

/** The packages whose code stands in a bundle. */
export function packagesIn(metafiles: readonly Metafile[]): readonly string[] {
  const folders = new Set<string>();
  for (const { inputs } of metafiles) {
    for (const file of Object.keys(inputs)) {
      const folder = packageFolderOf(file);
      if (folder !== undefined) folders.add(folder);
    }
  }
  return [...folders];
}

/** Names, versions and licence texts of everything that ships and is not ours. Throws when a package has neither a licence field nor a text. */
export function noticesFor(root: string, folders: readonly string[]): string {
  const entries = [...new Set(folders)].sort().map((folder) => {
    const manifest = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
      license?: string;
    };
    const text = licenceText(path.join(root, folder));
    if (text === undefined && manifest.license === undefined)
      throw new Error(`${manifest.name} names no licence: it must not ship.`);
    return `## ${manifest.name} ${manifest.version}\n\nLicence: ${manifest.license ?? 'see below'}\n\n${text === undefined ? '' : `\`\`\`\n${text.trim()}\n\`\`\`\n`}`;
  });
  return `# Third-party notices\n\nCodeGloss ships these packages, in its bundles or as compiled grammars.\n\n${entries.join('\n')}`;
}

function licenceText(folder: string): string | undefined {
  const file = existsSync(folder)
    ? readdirSync(folder).find((name) => /^(licen[cs]e|copying|unlicense)/i.test(name))
    : undefined;
  return file === undefined ? undefined : readFileSync(path.join(folder, file), 'utf8');
}
