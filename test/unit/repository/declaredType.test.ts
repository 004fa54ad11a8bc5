import { describe, expect, it } from 'vitest';
import { declaredType } from '../../../server/src/repository/declaredType.ts';

describe('the declared type of a receiver', () => {
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ['doc', 'function f(doc: Tree, other?: Map<string, Tree>): void', 'Tree'],
    ['other', 'function f(doc: Tree, other?: Map<string, Tree>): void', 'Map'],
    ['store', 'def save(self, store: db.Store = None) -> None:', 'Store'],
    ['tree', 'void go(final Tree tree, int depth)', 'Tree'],
    ['list', 'public void go(List<Tree> list)', 'List'],
    ['t', 'func (s *Server) Handle(t *Tree, w io.Writer)', 'Tree'],
    ['w', 'func (s *Server) Handle(t *Tree, w io.Writer)', 'Writer'],
    ['s', 'func (s *Server) Handle(t *Tree)', 'Server'],
    ['x', 'fn run(x: &mut Tree)', 'Tree'],
    ['self.tree', 'def f(self, tree: Tree):', undefined],
    ['missing', 'function f(doc: Tree)', undefined],
    ['oc', 'function f(doc: Tree)', undefined],
  ];
  for (const [receiver, head, wanted] of cases)
    it(`of ${receiver} in ${head}`, () => expect(declaredType(receiver, [head])).toBe(wanted));

  it('is that of the innermost head', () => {
    expect(declaredType('a', ['(a: Inner) =>', 'function f(a: Outer)'])).toBe('Inner');
  });
});
