/** Builds everything that ships into `dist/`: bundles of client, server and command line, the grammars and their queries, the model. */
import { cp, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Metafile } from 'esbuild';
import { grammarAssets } from '../server/src/syntax/languages.ts';
import { noticesFor, packageFolderOf, packagesIn } from './notices.ts';

const root = path.resolve(import.meta.dirname, '..');
const finished = path.join(root, 'dist');
/** Built beside and swapped in whole, so that whoever runs from `dist/` meanwhile never meets half of it. */
const dist = path.join(root, 'dist.new');

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  sourcemap: process.argv.includes('--sourcemap'),
  minify: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: root,
  metafile: true,
} as const;

/** CommonJS packages inside an ES module still call `require` for Node's own modules. */
const requireBanner =
  "import { createRequire as codeglossRequire } from 'node:module'; const require = codeglossRequire(import.meta.url);";

async function bundle(): Promise<readonly Metafile[]> {
  const client = await build({
    ...shared,
    entryPoints: { client: 'client/src/extension.ts' },
    outdir: dist,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    external: ['vscode'],
  });
  const server = await build({
    ...shared,
    entryPoints: await serverEntries(),
    outdir: dist,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    format: 'esm',
    splitting: true,
    banner: { js: requireBanner },
  });
  return [client.metafile, server.metafile];
}

/** The language server, the command line and the worker threads; each is a file of its own in `dist`. */
async function serverEntries(): Promise<Record<string, string>> {
  const entries: Record<string, string> = { server: 'server/src/main.ts', cli: 'server/src/cli/main.ts' };
  const workers = {
    indexWorker: 'server/src/repository/indexWorker.ts',
    indexThread: 'server/src/repository/indexThread.ts',
    vectorThread: 'server/src/repository/vectorThread.ts',
    modelWorker: 'server/src/model/embedded/modelWorker.ts',
  };
  for (const [name, file] of Object.entries(workers)) {
    if (await exists(path.join(root, file))) entries[name] = file;
  }
  return entries;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** The guard stands alone, so that an old Node reads it before it meets syntax or modules that it does not know. */
async function writeGuard(): Promise<void> {
  await cp(path.join(root, 'server/src/cli/guard.mjs'), path.join(dist, 'codegloss.mjs'));
}

async function copyAssets(): Promise<void> {
  await cp(
    path.join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    path.join(dist, 'web-tree-sitter.wasm'),
  );
  await copyModel();
  const { grammars, queries } = grammarAssets();
  await mkdir(path.join(dist, 'grammars'), { recursive: true });
  for (const { file, from } of grammars) await cp(path.join(root, from), path.join(dist, 'grammars', file));
  await cp(path.join(root, 'media/site'), path.join(dist, 'site'), { recursive: true });
  for (const folder of queries) await cp(path.join(root, folder), path.join(dist, folder), { recursive: true });
}

/** The embedded model and the WebAssembly that runs it; its loader starts threads from its own file, so it is not bundled. */
async function copyModel(): Promise<void> {
  for (const name of ['ort-wasm-simd-threaded.wasm', 'ort-wasm-simd-threaded.mjs']) {
    await cp(path.join(root, 'node_modules/onnxruntime-web/dist', name), path.join(dist, name));
  }
  await mkdir(path.join(dist, 'models'), { recursive: true });
  for (const name of ['codegloss-int8.onnx', 'model.json', 'tokenizer.json', 'MODEL_CARD.md']) {
    await cp(path.join(root, 'models', name), path.join(dist, 'models', name), { dereference: true });
  }
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const metafiles = await bundle();
await writeGuard();
await copyAssets();
const shipped = grammarAssets().grammars.flatMap(({ from }) => packageFolderOf(from) ?? []);
await writeFile(path.join(dist, 'THIRD_PARTY_NOTICES.md'), noticesFor(root, [...packagesIn(metafiles), ...shipped]));
await writeFile(path.join(dist, 'package.json'), '{"type":"module"}\n');
let bytes = 0;
for (const entry of await readdir(dist, { recursive: true })) {
  const info = await stat(path.join(dist, entry));
  if (info.isFile()) bytes += info.size;
}
console.log(`built dist: ${(bytes / 1e6).toFixed(1)} MB`);
await rm(finished, { recursive: true, force: true });
await rename(dist, finished);
