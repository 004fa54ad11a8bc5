import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * Where what ships beside the code lies: in the bundle everything stands next to it in `dist/`; in a checkout the sources run as they are
 * and grammars come from the packages.
 */
export interface Assets {
  /** True when running from `dist/`. */
  readonly bundled: boolean;
  /** Folder of the bundle, or the repository's root. */
  readonly root: string;
}

/** @param moduleFolder `import.meta.dirname` of the entry */
export function findAssets(moduleFolder: string): Assets {
  if (existsSync(path.join(moduleFolder, 'web-tree-sitter.wasm'))) return { bundled: true, root: moduleFolder };
  let root = moduleFolder;
  while (!existsSync(path.join(root, 'package.json')) && path.dirname(root) !== root) root = path.dirname(root);
  return { bundled: false, root };
}
