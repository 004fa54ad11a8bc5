/**
 * `npm run package`: the VSIX for all platforms, from what `npm run build` left in `dist/`. `-- --target linux-x64` (or another of
 * scripts/nativeRuntime.ts): the one for that platform, with the native inference runtime beside the WebAssembly.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { listFiles, PackageManager } from '@vscode/vsce';
import { nativeCode, nativeTargets, stageNative } from './nativeRuntime.ts';

const root = path.resolve(import.meta.dirname, '..');
const staged = path.join(root, 'dist/native');
/** What a marketplace and a slow line put up with. */
const mostMegabytes = 90;

const { values } = parseArgs({ options: { target: { type: 'string' } } });
const { target } = values;
const out = target === undefined ? 'codegloss.vsix' : `codegloss-${target}.vsix`;

/** Throws when native code is in a package that must hold none, or other native code than that of its platform. */
async function checkNative(ignoreFile: string | undefined): Promise<void> {
  const files = await listFiles({
    cwd: root,
    packageManager: PackageManager.None,
    ...(ignoreFile === undefined ? {} : { ignoreFile }),
  });
  const found = nativeCode(root, files);
  const wanted = (nativeTargets[target ?? ''] ?? []).map((file) => `dist/native/${file}`);
  if ([...found].sort().join() !== [...wanted].sort().join())
    throw new Error(
      `${out} would hold native code of ${found.join(', ') || 'nobody'}; expected ${wanted.join(', ') || 'none'}.`,
    );
}

function pack(ignoreFile: string | undefined): void {
  const { status } = spawnSync(
    process.execPath,
    [
      path.join(root, 'node_modules/@vscode/vsce/vsce'),
      'package',
      '--no-dependencies',
      '--allow-missing-repository',
      '--skip-license',
      '--no-rewrite-relative-links',
      ...(target === undefined ? [] : ['--target', target]),
      ...(ignoreFile === undefined ? [] : ['--ignoreFile', ignoreFile]),
      '--out',
      out,
    ],
    { cwd: root, stdio: 'inherit' },
  );
  if (status !== 0) throw new Error('vsce did not make the package: see above.');
  const megabytes = statSync(path.join(root, out)).size / 1e6;
  console.log(`${out}: ${megabytes.toFixed(1)} MB`);
  if (megabytes > mostMegabytes) throw new Error(`${out} is larger than ${mostMegabytes} MB.`);
}

const temporary = mkdtempSync(path.join(tmpdir(), 'codegloss-package-'));
try {
  rmSync(staged, { recursive: true, force: true });
  let ignoreFile: string | undefined;
  if (target !== undefined) {
    await stageNative(root, target, staged);
    ignoreFile = path.join(temporary, 'vscodeignore');
    writeFileSync(ignoreFile, `${readFileSync(path.join(root, '.vscodeignore'), 'utf8')}\n!dist/native/*\n`);
  }
  await checkNative(ignoreFile);
  pack(ignoreFile);
} catch (error) {
  console.error(`package: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
  // The command line runs from dist, too, and would take it for its own.
  rmSync(staged, { recursive: true, force: true });
}
