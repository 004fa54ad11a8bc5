/** The optional native inference runtime: which files of onnxruntime-node a package for one platform needs, and how native code is known. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { noticesFor } from './notices.ts';

const binding = 'onnxruntime_binding.node';

/**
 * Targets of `vsce package` for which onnxruntime-node brings binaries, with what its binding loads. Its DLLs for GPUs are loaded late and
 * only for these, so that they stay behind. Others (Alpine, macOS on Intel, the web) get the package for all platforms.
 */
export const nativeTargets: Readonly<Record<string, readonly string[]>> = {
  'linux-x64': [binding, 'libonnxruntime.so.1'],
  'linux-arm64': [binding, 'libonnxruntime.so.1'],
  'darwin-arm64': [binding, 'libonnxruntime.1.dylib'],
  'win32-x64': [binding, 'onnxruntime.dll'],
  'win32-arm64': [binding, 'onnxruntime.dll'],
};

/** Puts the runtime of one target into `folder`: its JavaScript in one file, the binaries beside it, notices. Throws when the package lacks one. */
export async function stageNative(root: string, target: string, folder: string): Promise<void> {
  const source = path.join(root, 'node_modules/onnxruntime-node');
  if (!existsSync(source))
    throw new Error("onnxruntime-node is not installed: run 'npm ci' without --omit=optional, then package again.");
  const files = nativeTargets[target];
  if (files === undefined)
    throw new Error(
      `There is no native runtime for ${target}: choose one of ${Object.keys(nativeTargets).join(', ')}.`,
    );
  mkdirSync(folder, { recursive: true });
  for (const file of files)
    copyFileSync(path.join(source, 'bin/napi-v6', ...target.split('-'), file), path.join(folder, file));
  await build({
    entryPoints: [path.join(source, 'dist/index.js')],
    outfile: path.join(folder, 'onnxruntime.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    minify: true,
    logLevel: 'warning',
    plugins: [
      {
        name: 'binding beside the bundle',
        setup: ({ onLoad, onResolve }) => {
          onResolve({ filter: /\.node$/ }, ({ path: file }) => ({ path: file, external: true }));
          onLoad({ filter: /onnxruntime-node[\\/]dist[\\/]binding\.js$/ }, ({ path: file }) => {
            const text = readFileSync(file, 'utf8');
            const contents = text.replace(/require\(`[^`]*onnxruntime_binding\.node`\)/, `require('./${binding}')`);
            if (contents === text) throw new Error('onnxruntime-node loads its binding in another way by now.');
            return { contents, loader: 'js' };
          });
        },
      },
    ],
  });
  const packages = ['node_modules/onnxruntime-node', 'node_modules/onnxruntime-common'];
  writeFileSync(path.join(folder, 'THIRD_PARTY_NOTICES.md'), noticesFor(root, packages));
}

/** First bytes of programs and libraries: ELF, PE, Mach-O (both orders, and for several processors), static archives. */
const magics = ['7f454c46', '4d5a', 'feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe', '213c617263683e'];

/** Of the files, those that hold code for a processor, by ending or by their first bytes. WebAssembly is none. */
export function nativeCode(root: string, files: readonly string[]): readonly string[] {
  return files.filter((file) => {
    if (/\.(?:node|dll|dylib|exe|so(?:\.\d+)*)$/.test(file)) return true;
    const start = startOf(path.join(root, file));
    return magics.some((magic) => start.startsWith(magic));
  });
}

function startOf(file: string): string {
  const bytes = Buffer.alloc(8);
  const handle = openSync(file, 'r');
  try {
    return bytes.subarray(0, readSync(handle, bytes)).toString('hex');
  } finally {
    closeSync(handle);
  }
}
