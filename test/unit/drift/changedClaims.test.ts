import { afterAll, describe, expect, it } from 'vitest';
import { findDrift } from '../../../server/src/drift/findDrift.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import type { LanguageId } from '../../../server/src/types/outline.ts';

const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
afterAll(() => syntax.dispose());

async function reported(language: LanguageId, before: string, after: string): Promise<readonly string[]> {
  const [was, is] = await Promise.all([syntax.open(language, before), syntax.open(language, after)]);
  try {
    return findDrift(is, was).map(({ kind, name, line }) => `${kind} ${name} ${line}`);
  } finally {
    was.dispose();
    is.dispose();
  }
}

const python = (doc: string, body: string, rest = ''): string =>
  `def load(path, limit):\n    """${doc}"""\n${body}${rest}`;
const read = '    check(limit)\n    return open(path)\n';

describe('claims that a change took the ground from', () => {
  it.each<readonly [string, LanguageId, string, string, readonly string[]]>([
    [
      'an exception that is no longer thrown',
      'python',
      python(
        'Loads.\n\n    :raises ValueError: if too long\n    ',
        `    if limit > 9:\n        raise ValueError(limit)\n${read}`,
      ),
      python('Loads.\n\n    :raises ValueError: if too long\n    ', read),
      ['exception ValueError 3'],
    ],
    [
      'the same in a section of Google style',
      'python',
      python(
        'Loads.\n\n    Raises:\n        ValueError: if too long\n    ',
        `    if limit > 9:\n        raise ValueError(limit)\n${read}`,
      ),
      python('Loads.\n\n    Raises:\n        ValueError: if too long\n    ', read),
      ['exception ValueError 4'],
    ],
    [
      'an empty result that became another',
      'java',
      'class A {\n  /**\n   * Finds.\n   * @return the item, or null\n   */\n  Item find(int a) {\n    if (a < 0) return null;\n    return items.get(a);\n  }\n}\n',
      'class A {\n  /**\n   * Finds.\n   * @return the item, or null\n   */\n  Item find(int a) {\n    return items.get(a);\n  }\n}\n',
      ['nothing null 3'],
    ],
  ])('%s', async (_, language, before, after, expected) => {
    expect(await reported(language, before, after)).toEqual(expected);
  });

  it.each<readonly [string, string, string]>([
    [
      'an exception that what is called now may throw',
      python(
        'Loads.\n\n    :raises ValueError: if too long\n    ',
        `    if limit > 9:\n        raise ValueError(limit)\n${read}`,
      ),
      python('Loads.\n\n    :raises ValueError: if too long\n    ', `    guard(limit)\n${read}`),
    ],
    [
      'an exception that may be thrown by another name',
      python(
        'Loads.\n\n    :raises ValueError: if too long\n    ',
        `    if limit > 9:\n        raise ValueError(limit)\n${read}`,
      ),
      python(
        'Loads.\n\n    :raises ValueError: if too long\n    ',
        `    if limit > 9:\n        raise check(limit)\n${read}`,
      ),
    ],
    [
      'an empty result that was only compared with',
      python(
        'Loads.\n\n    :returns: the text, or None\n    ',
        `    if limit is None:\n        return open(path)\n    return check(path)\n`,
      ),
      python('Loads.\n\n    :returns: the text, or None\n    ', `    return open(path)\n`),
    ],
    [
      'what a reference with its owner leads to',
      python('Like :func:`~other.take_part`.', '    return take_part(path)\n'),
      python('Like :func:`~other.take_part`.', '    return open(path)\n'),
    ],
    [
      'a comment that was edited since',
      python(
        'Loads.\n\n    :raises ValueError: if long\n    ',
        `    if limit > 9:\n        raise ValueError(limit)\n${read}`,
      ),
      python('Loads.\n\n    :raises ValueError: if too long\n    ', read),
    ],
  ])('but not %s', async (_, before, after) => {
    expect(await reported('python', before, after)).toEqual([]);
  });
});
