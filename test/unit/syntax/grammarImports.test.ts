import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { languages } from '../../../server/src/syntax/languages.ts';

/** The part of the WebAssembly interface that is used here; the compiler's library for Node does not name it. */
interface Wasm {
  readonly Module: {
    new (bytes: Uint8Array): object;
    exports(module: object): readonly { readonly name: string }[];
    imports(module: object): readonly { readonly module: string; readonly name: string; readonly kind: string }[];
  };
}
const { Module } = Reflect.get(globalThis, 'WebAssembly') as Wasm;

const locate = repositoryAssets(process.cwd());
const moduleOf = (asset: string): object => new Module(readFileSync(locate(asset)));

/** Called only when a scanner's own assertion fails; the runtime then throws, which the parser survives. */
const unreachable = ['__assert_fail'];

const exported = new Set(Module.exports(moduleOf('web-tree-sitter.wasm')).map(({ name }) => name));

/** What a grammar calls that is neither in the runtime nor in itself: the linker leaves it out in silence, and the first call fails. */
function missingIn(asset: string): string[] {
  const grammar = moduleOf(asset);
  const own = new Set(Module.exports(grammar).map(({ name }) => name));
  return Module.imports(grammar)
    .filter(({ kind, module }) => kind === 'function' || module === 'GOT.func')
    .map(({ name }) => name)
    .filter((name) => !exported.has(name) && !own.has(name) && !unreachable.includes(name));
}

describe('the grammars and the runtime that loads them', () => {
  it.each([...new Set(languages.map(({ grammar }) => grammar.file))])(
    '%s calls nothing that the runtime lacks',
    (file) => {
      expect(missingIn(file)).toEqual([]);
    },
  );

  it('is a test that can fail: the runtime has no printf', () => {
    expect(exported.has('printf')).toBe(false);
    expect(exported.has('iswalpha')).toBe(true);
  });
});
