import { afterAll, describe, expect, it } from 'vitest';
import { type DriftFinding, findDrift } from '../../../server/src/drift/findDrift.ts';
import { repositoryAssets } from '../../../server/src/syntax/assets.ts';
import { createSyntax } from '../../../server/src/syntax/syntax.ts';
import type { LanguageId } from '../../../server/src/types/outline.ts';

const syntax = createSyntax({ locate: repositoryAssets(process.cwd()) });
afterAll(() => syntax.dispose());

async function drift(language: LanguageId, after: string, before?: string): Promise<readonly DriftFinding[]> {
  const document = await syntax.open(language, after);
  const earlier = before === undefined ? undefined : await syntax.open(language, before);
  try {
    return findDrift(document, earlier);
  } finally {
    document.dispose();
    earlier?.dispose();
  }
}

const shown = (found: readonly DriftFinding[]) =>
  found.map(({ kind, name, line }) => `${kind} ${name} ${line}`.replace('  ', ' '));

describe('claims that no longer hold', () => {
  it.each<readonly [string, LanguageId, string, readonly string[]]>([
    [
      'JSDoc',
      'javascript',
      '/**\n * Adds.\n * @param {number} a one\n * @param {number} b two\n */\nfunction add(a) {\n  return a;\n}\n',
      ['parameter b 3'],
    ],
    [
      'TSDoc',
      'typescript',
      '/**\n * Adds.\n * @param a - one\n * @returns the sum\n */\nfunction add(a: number): void {\n  log(a);\n}\n',
      ['return 3'],
    ],
    [
      'Javadoc',
      'java',
      'class A {\n  /**\n   * Adds.\n   * @param <T> kind\n   * @param gone one\n   * @return the sum\n   */\n  void add(int a) {\n    log(a);\n  }\n}\n',
      ['parameter gone 4', 'return 5'],
    ],
    [
      'reST',
      'python',
      'def add(a):\n    """Adds.\n\n    :param a: one\n    :param int b: two\n    :returns: the sum\n    """\n    print(a)\n',
      ['parameter b 4', 'return 5'],
    ],
    [
      'Google style',
      'python',
      'def add(a):\n    """Adds.\n\n    Args:\n        a: one\n        b (int): two,\n            wrapped: here\n\n    Returns:\n        The sum.\n    """\n    print(a)\n',
      ['parameter b 5', 'return 9'],
    ],
    [
      'NumPy style',
      'python',
      'def add(a):\n    """Adds.\n\n    Parameters\n    ----------\n    a : int\n        One.\n    b : int\n        Two.\n    """\n    return a\n',
      ['parameter b 7'],
    ],
    [
      'XML',
      'csharp',
      'class A {\n  /// <summary>Adds.</summary>\n  /// <param name="b">two</param>\n  void Add(int a) {\n    Log(a);\n  }\n}\n',
      ['parameter b 2'],
    ],
    [
      'Doxygen',
      'c',
      '/**\n * Adds.\n * \\param a one\n * \\param b two\n */\nint add(int a) {\n  return a;\n}\n',
      ['parameter b 3'],
    ],
  ])('%s', async (_, language, text, expected) => {
    expect(shown(await drift(language, text))).toEqual(expected);
  });

  it.each<readonly [string, LanguageId, string]>([
    [
      'all is well',
      'python',
      'def add(a, b):\n    """Adds.\n\n    :param a: one\n    :param b: two\n    :returns: the sum\n    """\n    return a + b\n',
    ],
    [
      'arguments are collected',
      'python',
      'def add(**kwargs):\n    """Adds.\n\n    :param a: one\n    """\n    return kwargs\n',
    ],
    [
      'arguments are destructured',
      'typescript',
      '/**\n * @param options what\n * @param options.a one\n */\nfunction add({ a }: Options) {\n  return a;\n}\n',
    ],
    [
      'a property of a parameter is documented',
      'javascript',
      '/**\n * @param {Object} options what\n * @param {number} options.a one\n */\nfunction add(options) {\n  return options.a;\n}\n',
    ],
    ['nothing is promised', 'python', 'def add(a):\n    """Adds.\n\n    :returns: None\n    """\n    print(a)\n'],
    [
      'the value is yielded',
      'python',
      'def each(a):\n    """Each.\n\n    Returns:\n        an iterator\n    """\n    yield a\n',
    ],
    ['there is no body', 'java', 'interface A {\n  /**\n   * @return the sum\n   */\n  int add(int a);\n}\n'],
    [
      'the body only refuses',
      'python',
      'def add(a):\n    """Adds.\n\n    :returns: the sum\n    """\n    raise NotImplementedError\n',
    ],
    [
      'an arrow gives its expression',
      'typescript',
      '/**\n * @returns the sum\n */\nconst add = (a: number) => a + 1;\n',
    ],
  ])('are none where %s', async (_, language, text) => {
    expect(shown(await drift(language, text))).toEqual([]);
  });

  it('names that the code had when the comment was written are missed, and others are not', async () => {
    const before =
      'def load(path):\n    """Reads with `parse_lines`, see max_rows and https_proxy."""\n    return parse_lines(path, max_rows)\n';
    const after = before.replace('parse_lines(path, max_rows)', 'read(path, max_rows)');
    expect(shown(await drift('python', after, before))).toEqual(['name parse_lines 1']);
    expect(shown(await drift('python', after))).toEqual([]);
  });
});
