/** `npm run package`: the VSIX, from what `npm run build` left in `dist/`. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const out = 'codegloss.vsix';
const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
const result = spawnSync(
  process.execPath,
  [
    vsce,
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--skip-license',
    '--no-rewrite-relative-links',
    '--out',
    out,
  ],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
if (result.status !== 0) process.exit(result.status ?? 1);
console.log(`${out}: ${(statSync(path.join(root, out)).size / 1e6).toFixed(1)} MB`);
