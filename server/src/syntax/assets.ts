import { join } from 'node:path';
import type { Locate } from './grammar.ts';
import { languages } from './languages.ts';

/** Assets where npm and the sources put them: `root` is the repository root. */
export function repositoryAssets(root: string): Locate {
  const grammars = new Map(languages.map((row) => [row.grammar.file, row.grammar.from]));
  return (asset) => {
    if (asset === 'web-tree-sitter.wasm') return join(root, 'node_modules/web-tree-sitter', asset);
    return join(root, grammars.get(asset) ?? asset);
  };
}

/** Assets beside the bundle: `<folder>/web-tree-sitter.wasm`, `<folder>/grammars/*.wasm`, `<folder>/grammars/…/*.scm`. */
export function bundledAssets(folder: string): Locate {
  return (asset) => {
    if (asset === 'web-tree-sitter.wasm' || asset.includes('/')) return join(folder, asset);
    return join(folder, 'grammars', asset);
  };
}
