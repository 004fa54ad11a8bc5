import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createPathUpdater } from '../../../server/src/repository/pathUpdater.ts';
import { edges, locationOf, writeRepository } from './indexedRepository.ts';

const assets = { bundled: false, root: path.resolve(import.meta.dirname, '../../..') };
const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** Calls of one file, resolved: `caller → path:callee`. */
async function callsOf(file: string, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const root = writeRepository(files);
  const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  made.push(root, home);
  const updater = createPathUpdater({
    location: locationOf(root, home),
    assets,
    threads: 1,
    ignore: [],
    yields: false,
  });
  await updater.update(Object.keys(files), new AbortController().signal);
  return edges(root, home)
    .filter((edge) => edge.startsWith(`${file}:`))
    .map((edge) => edge.slice(file.length + 1).replace(/ [\d.]+$/, ''));
}

/** Two files that both define what is called: only what is imported may be meant. */
const twins = {
  'lib/schemas.ts':
    'export class Text {\n  min(n: number): this { return this; }\n  opt(): Maybe { return new Maybe(); }\n}\nexport class Maybe extends Text {\n  unwrap(): Text { return new Text(); }\n}\nexport function string(): Text { return new Text(); }\nexport default function main(): void {}\n',
  'mini/schemas.ts':
    'export class Text {\n  min(n: number): this { return this; }\n  opt(): Maybe { return new Maybe(); }\n}\nexport class Maybe {\n  unwrap(): Text { return new Text(); }\n}\nexport function string(): Text { return new Text(); }\nexport default function main(): void {}\n',
};

describe('names that come through other files', () => {
  it.each([
    ['export *', "export * from './schemas.js';\n", "import { string } from './lib/index.js';", 'string()'],
    ['a new name', "export { string as text } from './schemas';\n", "import { text } from './lib';", 'text()'],
    ['a namespace', "export * as z from './schemas.js';\n", "import { z } from './lib/index.js';", 'z.string()'],
    [
      'a namespace that is imported first',
      "import * as z from './schemas.js';\nexport { z };\nexport default z;\n",
      "import all from './lib/index.js';",
      'all.string()',
    ],
    [
      'a name of its own for it',
      "import { string } from './schemas.js';\nexport { string as s };\n",
      "import { s as t } from './lib';",
      't()',
    ],
    ['its default', "export { default as start } from './schemas.js';\n", "import { start } from './lib';", 'start()'],
    ['require', "export * from './schemas.js';\n", "const { string: make } = require('./lib');", 'make()'],
  ])('follows %s', async (_, barrel, statement, call) => {
    const found = await callsOf('use.ts', {
      ...twins,
      'lib/index.ts': barrel,
      'mini/index.ts': "export * from './schemas.js';\n",
      'use.ts': `${statement}\nexport function run(): void {\n  ${call};\n}\n`,
    });
    const callee = call.includes('start') ? 'main' : 'string';
    expect(found).toEqual([`run → lib/schemas.ts:${callee}`]);
  });

  it('comes to an end in circles', async () => {
    const found = await callsOf('use.ts', {
      'a.ts': "export * from './b';\nexport { lost } from './b';\n",
      'b.ts': "export * from './a';\nexport { lost } from './a';\nexport function there(): void {}\n",
      'use.ts': "import { there, lost } from './a';\nfunction run(): void {\n  there();\n  lost();\n}\n",
    });
    expect(found).toEqual(['run → b.ts:there']);
  });

  it('follows packages of Python: __init__, relative and renamed imports, modules as names, __all__', async () => {
    const body = 'def save():\n    pass\n\n\nclass Store:\n    def put(self):\n        pass\n';
    const found = await callsOf('app/use.py', {
      'app/__init__.py': 'from .store import *\nfrom .store import save as keep\nfrom . import store\n',
      'app/store.py': `__all__ = ["Store"]\n${body}`,
      'other/store.py': body,
      'app/use.py':
        'import app\nimport app.store as shelf\nfrom app import Store, keep\nfrom .store import save\n\n\ndef run():\n    app.store.save()\n    shelf.save()\n    keep()\n    save()\n    Store().put()\n    with Store() as open_store:\n        open_store.put()\n',
    });
    expect([...new Set(found)]).toEqual([
      'run → app/store.py:Store',
      'run → app/store.py:Store.put',
      'run → app/store.py:save',
    ]);
  });

  it('guesses nothing for what a package outside the repository defines', async () => {
    const found = await callsOf('use.ts', {
      'lib/read.ts': 'export function readFileNow(): void {}\n',
      'use.ts':
        "import { readFileNow } from 'somewhere';\nimport fs from 'node:fs';\nfunction run(): void {\n  readFileNow();\n  fs.readFileNow();\n}\n",
    });
    expect(found).toEqual([]);
  });
});

describe('receivers whose type is shown', () => {
  const use = (body: string): Readonly<Record<string, string>> => ({
    ...twins,
    'use.ts': `import * as z from './lib/schemas.js';\nimport type { Text } from './lib/schemas.js';\n${body}\n`,
  });
  it.each([
    [
      'a chain of calls',
      'function run(): void {\n  z.string().min(1).opt().min(2);\n}',
      ['lib/schemas.ts:Text.min', 'lib/schemas.ts:Text.opt', 'lib/schemas.ts:string'],
    ],
    [
      'a local that is assigned',
      'function run(): void {\n  const text = z.string();\n  text.min(1);\n}',
      ['lib/schemas.ts:Text.min', 'lib/schemas.ts:string'],
    ],
    [
      'a local of a declared type',
      'function run(): void {\n  const text: Text | undefined = any();\n  text?.min(1);\n}',
      ['lib/schemas.ts:Text.min'],
    ],
    [
      'what is made on the spot',
      'function run(): void {\n  new z.Maybe().unwrap();\n}',
      ['lib/schemas.ts:Maybe.unwrap', 'lib/schemas.ts:Maybe'],
    ],
    ['a cast', 'function run(it: unknown): void {\n  (it as Text).opt();\n}', ['lib/schemas.ts:Text.opt']],
  ])('follows %s', async (_, body, callees) => {
    const found = await callsOf('use.ts', use(body));
    expect([...new Set(found)].sort()).toEqual(callees.map((callee) => `run → ${callee}`).sort());
  });

  it('follows fields: declared, made in place, assigned and declared by constructors', async () => {
    const found = await callsOf(
      'use.ts',
      use(
        'class Form {\n  private text: Text;\n  maybe = new z.Maybe();\n  constructor(readonly third: Text, fourth: Text) {\n    this.fourth = fourth;\n  }\n' +
          '  a(): void { this.text.min(1); }\n  b(): void { this.maybe.unwrap(); }\n  c(): void { this.third.opt(); }\n  d(): void { this.fourth.opt(); }\n}',
      ),
    );
    expect(found.filter((each) => !each.endsWith(':Maybe'))).toEqual([
      'Form.a → lib/schemas.ts:Text.min',
      'Form.b → lib/schemas.ts:Maybe.unwrap',
      'Form.c → lib/schemas.ts:Text.opt',
      'Form.d → lib/schemas.ts:Text.opt',
    ]);
  });

  it('tells apart what functions without names declare anew', async () => {
    const found = await callsOf('use.ts', {
      'use.ts':
        "it('a', () => {\n  class Ninja {\n    hit(): void {}\n  }\n  const ninja = new Ninja();\n  ninja.hit();\n});\n" +
        "it('b', () => {\n  class Ninja {\n    hit(): void {}\n  }\n  const ninja = new Ninja();\n  ninja.hit();\n});\n",
    });
    expect(found).toEqual(
      [' → use.ts:Ninja', ' → use.ts:Ninja#2', ' → use.ts:Ninja#2.hit', ' → use.ts:Ninja.hit'].sort(),
    );
  });

  it('reads annotations, assignments and properties of Python, and knows that a class is no scope', async () => {
    const found = await callsOf('use.py', {
      'tree.py':
        'class Leaf:\n    def fall(self):\n        pass\n\n\nclass Tree:\n    def __init__(self, first: Leaf):\n        self.first = first\n\n    @property\n    def last(self) -> "Leaf":\n        return self.first\n',
      'other.py': 'class Rock:\n    def fall(self):\n        pass\n\n\ndef grow():\n    pass\n',
      'use.py':
        'from typing import Optional\nfrom tree import Tree\nfrom other import grow\n\n\nclass User:\n    tree: Optional[Tree] = None\n\n    def grow(self):\n        grow()\n        self.tree.first.fall()\n        self.tree.last.fall()\n',
    });
    expect([...new Set(found)]).toEqual(['User.grow → other.py:grow', 'User.grow → tree.py:Leaf.fall']);
  });
});

describe('parameters of functions that are handed to calls', () => {
  const head = "import { Text, Maybe } from './lib/schemas.js';\n";
  it.each([
    [
      'a function type',
      'export function take(n: number, use: (text: Text, n?: number) => void): void {}',
      'take(1, (it) => it.min(1))',
    ],
    [
      'an alias of one',
      'type Use = (text: Text) => void;\nexport function take(use?: Use): void {}',
      'take((it) => it.min(1))',
    ],
    [
      'an alias with a type parameter',
      'type Use<T> = (text: T) => void;\nexport function take(use: Use<Text>): void {}',
      'take(async it => it.min(1))',
    ],
    [
      'an interface that can be called',
      'interface Use {\n  (text: Text): void;\n}\nexport const take = (use: Use) => {};',
      'take(function (it) { it.min(1); })',
    ],
    [
      'one of several types',
      'export function take(use: Maybe | ((text: Text) => void) | null): void {}',
      'take((it) => it.min(1))',
    ],
    [
      'what a type parameter extends',
      'export function take<T extends Text>(use: (text: T) => void): void {}',
      'take((it) => it.min(1))',
    ],
    [
      'an overload',
      'export function take(use: () => void): void;\nexport function take(use: (text: Text) => void): void;\nexport function take(use: unknown): void {}',
      'take((it) => it.min(1))',
    ],
    [
      'a method',
      'class Box {\n  each(use: (text: Text) => void): void {}\n}\nexport const box = new Box();',
      'box.each((it) => it.min(1))',
    ],
    [
      'a constructor',
      'export class Box {\n  constructor(use: (text: Text) => void) {}\n}',
      'new Box((it) => it.min(1))',
    ],
    ['the head of the function itself', '', 'run((it: Text) => it.min(1))'],
    ['the type of its variable', 'type Use = (text: Text) => void;\nexport const use: Use = (it) => it.min(1);', ''],
  ])('have the type that %s says', async (_, declarations, call) => {
    const found = await callsOf('use.ts', {
      ...twins,
      'use.ts': `${head}${declarations}\nfunction run(): void {\n  ${call};\n}\n`,
    });
    expect(found.map((each) => each.replace(/^.* → /, ''))).toContain('lib/schemas.ts:Text.min');
  });

  it('hide what has their name outside, and only there', async () => {
    const found = await callsOf('use.ts', {
      ...twins,
      'use.ts': `${head}function take(use: (it: Maybe) => void): void {}
function run(it: Text): void {
  take((it) => {
    it.unwrap();
  });
  it.opt();
}
`,
    });
    expect(found).toEqual(['run → lib/schemas.ts:Maybe.unwrap', 'run → lib/schemas.ts:Text.opt', 'run → use.ts:take']);
  });

  it('are no names that other files could import', async () => {
    const found = await callsOf('use.ts', {
      ...twins,
      'top.ts': `${head}it('works', (text: Text) => {\n  text.min(1);\n});\n`,
      'use.ts': "import { text } from './top';\nfunction run(): void {\n  text.min(1);\n}\n",
    });
    expect(found).toEqual([]);
  });
});
