import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { describe, expect, it } from 'vitest';
import {
  ambiguousLanguages,
  foreignLanguages,
  languageForUnclaimed,
  readLanguages,
} from '../../client/src/languages.ts';
import { clientMessages } from '../../scripts/l10n.ts';
import { nativeCode, nativeTargets, stageNative } from '../../scripts/nativeRuntime.ts';
import { commands } from '../../server/src/protocol.ts';
import { languageOf } from '../../server/src/syntax/detect.ts';
import { languageIds } from '../../server/src/types/outline.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const manifest = read('package.json');
const texts: Record<string, string> = read('package.nls.json');

/** Everything that may ship. */
const allowed: readonly RegExp[] = [
  /^(package|package\.nls(\.[a-z-]+)?)\.json$/,
  /^(README|CHANGELOG)\.md$|^LICENSE$/,
  /^dist\/(client\.cjs|(server|cli|codegloss|indexWorker|indexThread|vectorThread|modelWorker|chunk-\w+)\.mjs|package\.json|THIRD_PARTY_NOTICES\.md)$/,
  /^dist\/web-tree-sitter\.wasm$|^dist\/grammars\/tree-sitter-[a-z_]+\.wasm$/,
  /^dist\/grammars\/[a-z]+\/queries\/[a-z]+\.scm$|^dist\/grammars\/queries\/[a-z-]+\/[a-z]+\.scm$/,
  /^dist\/ort-wasm-simd-threaded\.(wasm|mjs)$/,
  /^dist\/models\/(codegloss-int8\.onnx|model\.json|tokenizer\.json|MODEL_CARD\.md)$/,
  /^l10n\/bundle\.l10n(\.[a-z-]+)?\.json$/,
  /^client\/languages\/(mumps|hlasm|asm)\.json$/,
  /^media\/(icon\.png|screenshots\/[a-z]+\.png|[a-z]+\.svg|walkthrough\/[a-z]+\.svg|panel\/panel\.(css|js))$/,
];

describe('what ships', async () => {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });

  it('is on the list of what may', () => {
    expect(files.filter((file) => !allowed.some((pattern) => pattern.test(file)))).toEqual([]);
  });

  it('holds no native code, so that one package fits all platforms', () => {
    expect(nativeCode(root, files)).toEqual([]);
  });

  it('holds every file that the manifest names', () => {
    const named = JSON.stringify([manifest.icon, manifest.contributes]).matchAll(
      /"(?:\.\/)?((?:client|media)\/[\w./-]+\.(?:json|png|svg))"/g,
    );
    const missing = [...named].map(([, file = '']) => file).filter((file) => !files.includes(file));
    expect(missing).toEqual([]);
  });

  it.skipIf(!existsSync(path.join(root, 'dist/THIRD_PARTY_NOTICES.md')))(
    'holds client, server, command line and a grammar per language',
    () => {
      expect(files).toEqual(
        expect.arrayContaining([
          'dist/client.cjs',
          'dist/server.mjs',
          'dist/cli.mjs',
          'dist/codegloss.mjs',
          'dist/web-tree-sitter.wasm',
          'dist/modelWorker.mjs',
          'dist/ort-wasm-simd-threaded.wasm',
          'dist/models/codegloss-int8.onnx',
          'dist/grammars/tree-sitter-python.wasm',
          'dist/grammars/tree-sitter-mumps.wasm',
          'dist/THIRD_PARTY_NOTICES.md',
        ]),
      );
    },
  );
});

describe('the native runtime of a package for one platform', () => {
  const source = path.join(root, 'node_modules/onnxruntime-node');
  const target = `${process.platform}-${process.arch}`;

  it('is known as native code by its ending, and by its first bytes under any other', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'codegloss-native-'));
    copyFileSync(process.execPath, path.join(folder, 'harmless.json'));
    copyFileSync(path.join(root, 'package.json'), path.join(folder, 'package.json'));
    copyFileSync(path.join(root, 'package.json'), path.join(folder, 'lib.so.1'));
    expect(nativeCode(folder, ['harmless.json', 'package.json', 'lib.so.1'])).toEqual(['harmless.json', 'lib.so.1']);
    rmSync(folder, { recursive: true });
  });

  it.skipIf(!existsSync(source))('comes with the optional dependency for every target that is offered', () => {
    const places = Object.entries(nativeTargets).flatMap(([each, files]) =>
      files.map((file) => path.join(source, 'bin/napi-v6', ...each.split('-'), file)),
    );
    expect(places.filter((place) => !existsSync(place))).toEqual([]);
  });

  it.skipIf(!existsSync(source) || nativeTargets[target] === undefined)('loads where it was put', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'codegloss-native-'));
    await stageNative(root, target, folder);
    expect(readdirSync(folder).sort()).toEqual(
      [...(nativeTargets[target] ?? []), 'THIRD_PARTY_NOTICES.md', 'onnxruntime.cjs'].sort(),
    );
    const loaded = createRequire(import.meta.url)(path.join(folder, 'onnxruntime.cjs'));
    expect(loaded.InferenceSession.create).toBeTypeOf('function');
    rmSync(folder, { recursive: true });
  });

  it('is refused for a platform that has none', async () => {
    await expect(stageNative(root, 'alpine-x64', tmpdir())).rejects.toThrow(/choose one of/);
  });
});

describe('what the client says at run time', () => {
  it('stands in the bundle from which translations start (renew it with: node scripts/l10n.ts)', () => {
    expect(Object.entries(read(`${manifest.l10n}/bundle.l10n.json`))).toEqual(
      clientMessages().map((message) => [message, message]),
    );
  });

  it('names each value that it leaves room for, and is not empty', () => {
    expect(clientMessages().length).toBeGreaterThan(40);
    expect(clientMessages().filter((message) => message.trim() === '' || /\$\{|\{[^0-9]/.test(message))).toEqual([]);
  });
});

describe('the manifest', () => {
  it('offers every command once, titled and under our category', () => {
    const offered: { command: string; title: string; category: string }[] = manifest.contributes.commands;
    expect(offered.map(({ command }) => command).sort()).toEqual(Object.values(commands).sort());
    for (const { title, category } of offered) {
      expect(texts[title.slice(1, -1)]).toBeTruthy();
      expect(category).toBe('CodeGloss');
    }
  });

  it('has words for every placeholder, and no words that nothing shows', () => {
    const used = new Set([...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map(([, key = '']) => key));
    expect(Object.keys(texts).sort()).toEqual([...used].sort());
  });

  it('wakes the extension for each language that it reads, and for plain text that may be one', () => {
    const expected = [...readLanguages, ...foreignLanguages, ...ambiguousLanguages, 'plaintext'];
    expect(manifest.activationEvents).toEqual(expected.map((id) => `onLanguage:${id}`));
    expect(readLanguages).toEqual(expect.arrayContaining([...languageIds]));
  });

  it.each(foreignLanguages)("names another extension's id %s only where the server knows it", (languageId) => {
    expect(languageOf({ path: 'some.file', languageId, text: '' })).toMatch(/^(mumps|hlasm|asm)$/);
  });

  it('claims only file endings that no other language shares', () => {
    const claimed: string[] = manifest.contributes.languages.flatMap(
      ({ extensions }: { extensions: string[] }) => extensions,
    );
    expect(claimed.filter((ending) => ['.m', '.s', '.asm', '.inc', '.mac', '.int'].includes(ending))).toEqual([]);
    expect(languageForUnclaimed('/project/start.S')).toBe('asm');
    expect(languageForUnclaimed('/project/notes.txt')).toBeUndefined();
  });
});
