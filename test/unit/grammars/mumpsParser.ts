import { fileURLToPath } from 'node:url';
import { Language, type Node, Parser, type Tree } from 'web-tree-sitter';

const folder = fileURLToPath(new URL('../../../grammars/mumps/', import.meta.url));

/** A parser with the committed grammar. */
export async function mumpsParser(): Promise<{ readonly parser: Parser; readonly language: Language }> {
  await Parser.init();
  const language = await Language.load(`${folder}tree-sitter-mumps.wasm`);
  const parser = new Parser();
  parser.setLanguage(language);
  return { parser, language };
}

export const queryFile = (name: string): string => `${folder}queries/${name}.scm`;

/** Nodes that make a tree unclean: what the grammar itself gave up on and what tree-sitter did. */
export function troubles(tree: Tree): readonly Node[] {
  const unparsed = tree.rootNode.descendantsOfType('unparsed').filter((node) => node !== null);
  return tree.rootNode.hasError ? [...unparsed, tree.rootNode] : unparsed;
}

export function withTree<T>(parser: Parser, source: string, read: (tree: Tree) => T): T {
  const tree = parser.parse(source)!;
  try {
    return read(tree);
  } finally {
    tree.delete();
  }
}
