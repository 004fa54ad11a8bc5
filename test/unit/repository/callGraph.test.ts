import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSymbolGraph } from '../../../server/src/repository/symbolGraph.ts';
import { edges, reading, runIndex, writeRepository } from './indexedRepository.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

async function indexed(files: Readonly<Record<string, string>>): Promise<{ root: string; home: string }> {
  const root = writeRepository(files);
  const home = mkdtempSync(path.join(tmpdir(), 'codegloss-home-'));
  made.push(root, home);
  await runIndex(root, home);
  return { root, home };
}

describe('calls between the symbols of a repository', () => {
  it('chooses among equal names by receiver, import, base class and folder', async () => {
    const { root, home } = await indexed({
      'app/main.py':
        'from app.store import save\nfrom app.base import Shape\n\nclass Circle(Shape):\n    def draw(self):\n        self.outline()\n        save(self)\n',
      'app/store.py':
        'def save(item):\n    helper(item)\n\ndef helper(item):\n    def inner():\n        pass\n    inner()\n',
      'app/base.py': 'class Shape:\n    def outline(self):\n        pass\n',
      'other/store.py': 'def save(item):\n    pass\n\nclass Panel:\n    def outline(self):\n        pass\n',
    });
    expect(edges(root, home)).toEqual([
      'app/main.py:Circle.draw → app/base.py:Shape.outline 0.9',
      'app/main.py:Circle.draw → app/store.py:save 0.9',
      'app/store.py:helper → app/store.py:helper.inner 0.95',
      'app/store.py:save → app/store.py:helper 0.95',
    ]);
  });

  it('resolves static calls by the class they name, and guesses few of many', async () => {
    const body = (name: string): string =>
      `class ${name} { static void open() {} void close() {} void closeSlowly() {} }\n`;
    const { root, home } = await indexed({
      'a/Door.java': `package a;\n${body('Door')}`,
      'b/Shop.java': `package b;\n${body('Shop')}`,
      'c/Use.java': 'package c;\nclass Use { void run(Object it) { Door.open(); it.close(); it.closeSlowly(); } }\n',
    });
    expect(edges(root, home)).toEqual([
      'c/Use.java:Use.run → a/Door.java:Door.closeSlowly 0.3',
      'c/Use.java:Use.run → a/Door.java:Door.open 0.9',
      'c/Use.java:Use.run → b/Shop.java:Shop.closeSlowly 0.3',
    ]);
  });

  it('takes a receiver for what its declaration says it is', async () => {
    const { root, home } = await indexed({
      'a/tree.ts':
        'export interface Tree {\n  walk(): void;\n}\nexport class Other {\n  walk(): void {\n    return;\n  }\n}\n',
      'a/use.ts': "import type { Tree } from './tree.ts';\nfunction go(tree: Tree): void {\n  tree.walk();\n}\n",
      'b/Use.java': 'class Use {\n  void go(final Tree tree) { tree.walk(); }\n}\n',
      'b/Tree.java': 'class Tree {\n  void walk() {}\n}\nclass Other {\n  void walk() {}\n}\n',
    });
    expect(edges(root, home)).toEqual([
      'a/use.ts:go → a/tree.ts:Tree.walk 0.9',
      'b/Use.java:Use.go → b/Tree.java:Tree.walk 0.9',
    ]);
  });

  it('follows routines of MUMPS', async () => {
    const { root, home } = await indexed({
      'BILL.m': 'BILL ; bills\n D TOTAL^SUM(1)\n D LOCAL\n Q\nLOCAL ; local\n Q\n',
      'SUM.m': 'SUM ; sums\n Q\nTOTAL(X) ; total\n Q\n',
      'OTHER.m': 'OTHER ; other\n Q\nTOTAL(X) ; another total\n Q\n',
    });
    const resolved = edges(root, home).map((edge) => edge.replace(/ [\d.]+$/, '').replace(/^.* → /, ''));
    expect(resolved).toHaveLength(2);
    expect(resolved[0]).toMatch(/^BILL\.m:.*LOCAL$/);
    expect(resolved[1]).toMatch(/^SUM\.m:.*TOTAL$/);
  });

  it('answers who calls and who is called', async () => {
    const { root, home } = await indexed({
      'a.ts': "import { low } from './b.ts';\nexport function high(): void { low(); low(); }\n",
      'b.ts': 'export function low(): void { low(); }\n',
    });
    reading(root, home, (database) => {
      const graph = openSymbolGraph(database);
      const high = graph.symbolAt('a.ts', 1);
      const low = graph.symbolAt('b.ts', 0);
      if (high === undefined || low === undefined) throw new Error('The symbols are not in the index.');
      expect(graph.callees(high).map(({ symbol }) => symbol.name)).toEqual(['low']);
      expect(graph.callers(low).map(({ symbol, line }) => [symbol.name, line])).toEqual([['high', 1]]);
      expect(graph.callees(low)).toEqual([]);
      expect(graph.symbolAt('b.ts', 99)).toBeUndefined();
    });
  });
});
