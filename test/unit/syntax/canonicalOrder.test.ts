import { expect, it } from 'vitest';
import { syntax } from './openFixture.ts';

const source = `const limit = 10;
function first(items) {
  const rest = items.slice(limit);
  return rest;
}
function second(items) {
  return first(items).map((item) => ({ limit, item }));
}
`;

it('the canonical text of a function does not depend on what the document was asked before', async () => {
  const fresh = await syntax.open('javascript', source, new AbortController().signal);
  const asked = await syntax.open('javascript', source, new AbortController().signal);
  asked.calls({ start: { line: 0, character: 0 }, end: { line: 8, character: 0 } });
  const range = fresh.outline.symbols.find(({ name }) => name === 'first')?.range;
  if (range === undefined) throw new Error('no symbol');
  expect(asked.canonical(range, { renameLocals: true })).toBe(fresh.canonical(range, { renameLocals: true }));
  // `limit` is the module's, not the function's: renaming it there would hide a change of meaning.
  expect(asked.canonical(range, { renameLocals: true })).toContain('limit');
  for (const document of [fresh, asked]) document.dispose();
});
