import { afterAll, describe, expect, it } from 'vitest';
import { callbackNotes, callbackOf } from '../../../server/src/repository/callbackNotes.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';

const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
afterAll(() => syntax.dispose());

/** Notes as `name type, first line to last`. */
async function notesOf(text: string, used: readonly string[] = ['a', 'b', '']): Promise<readonly string[]> {
  const doc = await syntax.open('typescript', text);
  const notes = callbackNotes(doc, new Set(used)).map(
    ({ at, name, type, endLine }) => `${name} ${type}, ${doc.positionAt(at).line} to ${endLine}`,
  );
  doc.dispose();
  return notes;
}

describe('parameters of functions that are handed to calls', () => {
  it.each([
    ['an arrow', 'take((a, b) => a.run(b));', ['a (0,0)take, 0 to 0', 'b (0,1)take, 0 to 0']],
    ['one without parentheses', 'take(async a => a.run());', ['a (0,0)take, 0 to 0']],
    ['a function', 'it.take(1, function* each(b) {\n  b.run();\n});', ['b (1,0)it.take, 0 to 2']],
    ['behind a comment', 'take(/* how many */ 1, // and what\n  (a) => a.run());', ['a (1,0)take, 1 to 1']],
    ['what makes an object', 'new pkg.Task((a) => a.run());', ['a (0,0)new pkg.Task, 0 to 0']],
    ['a type of its own', 'take((a: pkg.Text | undefined) => a?.run());', ['a pkg.Text, 0 to 0']],
    ['this, which nobody hands over', 'take(function (this: Box, a) { a.run(); });', ['a (0,0)take, 0 to 0']],
  ])('are noted: %s', async (_, text, notes) => {
    expect(await notesOf(text)).toEqual(notes);
  });

  it.each([
    ['nobody calls anything on them', 'take((other) => other);'],
    ['they are patterns', 'take(({ c }) => c.run(), ([c]) => c.run());'],
    ['they are gathered', 'take((...a) => a.run());'],
    ['the function is a value', 'const each = (a) => a.run();'],
    ['it stands in an object', 'take({ each: (a) => a.run() });'],
    ['it is a type', 'let each: (first: A, a: B) => void;'],
  ])('are not noted where %s', async (_, text) => {
    expect(await notesOf(text)).toEqual([]);
  });

  it('are read as they are written', () => {
    expect(callbackOf('(1,0)it.take')).toEqual({ argument: 1, parameter: 0, callee: 'it.take' });
    expect(callbackOf('Text')).toBeUndefined();
  });
});
