import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createPathUpdater } from '../../../server/src/repository/pathUpdater.ts';
import { contentOf, locationOf, writeRepository } from './indexedRepository.ts';

const assets = { bundled: false, root: path.resolve(import.meta.dirname, '../../..') };
const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** What each file may hold; undefined: it is not there. */
const variants: Readonly<Record<string, readonly (string | undefined)[]>> = {
  'lib/index.ts': [
    "export * from './schemas';\n",
    "export * from './other';\nexport * from './schemas';\n",
    "export { string as text } from './schemas';\nexport * as z from './other';\n",
    "import * as z from './schemas';\nexport { z };\nexport default z;\n",
    undefined,
  ],
  'lib/schemas.ts': [
    'export class Text {\n  min(): this { return this; }\n}\nexport function string(): Text { return new Text(); }\n',
    "import { Other } from './other';\nexport class Text extends Other {}\nexport function string(): Other { return new Other(); }\n",
    'export const string = make();\nexport function make(): string { return ""; }\n',
    undefined,
  ],
  'lib/other.ts': [
    'export class Other {\n  min(): void {}\n}\nexport function string(): Other { return new Other(); }\n',
    '\nexport class Other {\n  max(): void {}\n}\nexport const text = new Other();\n',
    undefined,
  ],
  'use.ts': [
    "import { string, text, z } from './lib';\nimport all from './lib/index';\nfunction run(): void {\n  string().min();\n  text().min();\n  z.string().min();\n  all.string().min();\n  text.max();\n}\n",
    "import * as l from './lib';\nfunction run(): void {\n  const it = l.string();\n  it.min();\n  l.text();\n}\n",
    'function run(it: Other): void {\n  it.min();\n}\nfunction run2(): void {\n  const it = new Other();\n  it.min();\n}\n',
  ],
  'far.ts': ["import { string } from './lib';\nexport const far = string();\n", undefined],
  'farther.ts': ["import { far } from './far';\nfunction go(): void {\n  far.min();\n}\n"],
  'take.ts': [
    "import { Other } from './lib/other';\nexport function take(use: (it: Other) => void): void {}\n",
    "import { Text } from './lib/schemas';\nexport type Use = (it: Text) => void;\nexport function take(use: Use): void {}\n",
    'export interface Use<T> {\n  (it: T): void;\n}\nexport function take(use: Use<Other>): void {}\n',
    undefined,
  ],
  'hand.ts': ["import { take } from './take';\nfunction hand(): void {\n  take((it) => it.min());\n}\n"],
  'app/__init__.py': ['from .store import *\n', 'from .store import save as keep\n', '', undefined],
  'app/store.py': [
    'def save():\n    pass\n\n\nclass Store:\n    def put(self):\n        pass\n',
    '__all__ = ["save"]\n\n\ndef save() -> "Store":\n    pass\n\n\nclass Store:\n    def put(self):\n        pass\n',
    undefined,
  ],
  'run.py': [
    'import app\nfrom app import keep, save, Store\n\n\ndef run():\n    keep()\n    save().put()\n    app.save()\n    with Store() as store:\n        store.put()\n',
  ],
};
const names = Object.keys(variants);
const state = fc.tuple(...names.map((name) => fc.nat({ max: (variants[name]?.length ?? 1) - 1 })));

type State = readonly number[];

function textOf(state: State, index: number): string | undefined {
  return variants[names[index] ?? '']?.[state[index] ?? 0];
}

/** Grammars are loaded once for all updates of one index. */
function updaterOf(root: string, home: string): (paths: readonly string[]) => Promise<void> {
  const updater = createPathUpdater({
    location: locationOf(root, home),
    assets,
    threads: 1,
    ignore: [],
    yields: false,
  });
  return (paths) => updater.update(paths, new AbortController().signal);
}

function newHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  made.push(home);
  return home;
}

describe('an index that follows changes of what files hand on', () => {
  it('says what a clean one says', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(state, { minLength: 2, maxLength: 4 }), async ([first = [], ...next]) => {
        const root = writeRepository(
          Object.fromEntries(
            names.flatMap((name, index) => {
              const text = textOf(first, index);
              return text === undefined ? [] : [[name, text]];
            }),
          ),
        );
        made.push(root);
        const home = newHome();
        const update = updaterOf(root, home);
        await update(names);
        let before: State = first;
        for (const now of next) {
          const changed = names.filter((_, index) => textOf(before, index) !== textOf(now, index));
          for (const name of changed) {
            const text = textOf(now, names.indexOf(name));
            if (text === undefined) rmSync(path.join(root, name));
            else {
              mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
              writeFileSync(path.join(root, name), text);
            }
          }
          await update(changed);
          before = now;
        }
        const clean = newHome();
        await updaterOf(root, clean)(names);
        expect(contentOf(root, home)).toEqual(contentOf(root, clean));
      }),
      { numRuns: Number(process.env.RUNS ?? 20), seed: Number(process.env.SEED ?? 4) },
    );
  });
});
